//! A limit far into the rows: all before it are computed and thrown away.

use super::{Evidence, about};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

const MANY: f64 = 10_000.0;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let limits = evidence.plan.nodes.iter().filter(|node| node.kind == "Limit");
    limits.filter_map(|limit| one(evidence, limit)).collect()
}

fn one(evidence: &Evidence<'_>, limit: &ExplainNode) -> Option<ExplainWarning> {
    let given = limit.measured.as_ref()?.rows;
    let fed = evidence.plan.children(limit).find(|node| node.relationship.as_deref() == Some("Outer"))?;
    let read = fed.measured.as_ref()?.rows;
    if read < MANY || read < given * 10.0 {
        return None;
    }
    let title = format!("{} rows were computed to show {}.", words::count(read), words::count(given));
    let text = "OFFSET computes every row before it. To page on, ask for rows after the last one that was shown, by an \
                index on the order.";
    let mut warning = about("offset", limit, title, text.to_owned());
    warning.weight = fed.measured.as_ref()?.total_ms? / evidence.plan.execution_ms.filter(|ms| *ms > 0.0)?;
    Some(warning)
}
