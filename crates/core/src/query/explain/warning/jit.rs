//! Compiling expressions that took longer than it can have saved.

use super::Evidence;
use crate::query::explain::report::{ExplainLevel, ExplainWarning};
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    one(evidence).into_iter().collect()
}

fn one(evidence: &Evidence<'_>) -> Option<ExplainWarning> {
    let jit = evidence.plan.jit.as_ref()?;
    let (took, whole) = (jit.total_ms?, evidence.plan.execution_ms?);
    let weight = took / whole;
    (took >= 50.0 && weight >= 0.2).then(|| ExplainWarning {
        rule: "jit".to_owned(),
        level: ExplainLevel::Attention,
        node: None,
        title: format!("Compiling took {}, {} of the time.", words::duration(took), words::percent(weight)),
        text: "It is done for plans that cost more than jit_above_cost. For statements like this one it does not pay."
            .to_owned(),
        sql: Some("set jit = off;".to_owned()),
        weight,
    })
}
