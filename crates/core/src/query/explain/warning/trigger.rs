//! Triggers that took their part: most often the check of a foreign key without an index.

use super::Evidence;
use crate::query::explain::plan::ExplainTrigger;
use crate::query::explain::report::{ExplainLevel, ExplainWarning};
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let Some(whole) = evidence.plan.execution_ms.filter(|ms| *ms > 0.0) else { return Vec::new() };
    evidence.plan.triggers.iter().filter_map(|trigger| one(trigger, whole)).collect()
}

#[allow(clippy::cast_precision_loss)]
fn one(trigger: &ExplainTrigger, whole: f64) -> Option<ExplainWarning> {
    let took = trigger.total_ms?;
    let weight = took / whole;
    if weight < 0.2 || took < 1.0 {
        return None;
    }
    let calls = words::plural(trigger.calls as f64, "call");
    let (name, why) = match &trigger.constraint {
        Some(constraint) => (
            constraint,
            "It checks a foreign key. Where rows are deleted or their keys change, the table that refers to them needs an \
             index on its column.",
        ),
        None => (&trigger.name, "Its time is no node's."),
    };
    Some(ExplainWarning {
        rule: "trigger".to_owned(),
        level: ExplainLevel::Attention,
        node: None,
        title: format!("{name} took {}, {} of the time.", words::duration(took), words::percent(weight)),
        text: format!("{calls}. {why}"),
        sql: None,
        weight,
    })
}
