//! A function in the filter of a large scan: computed for every row, and no index on the column serves it.

use super::{Evidence, about};
use crate::query::explain::condition;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let scans = evidence.large_scans().filter(|(node, _)| !evidence.is_rewritten(node));
    scans.filter_map(|(node, _)| one(node)).collect()
}

fn one(node: &ExplainNode) -> Option<ExplainWarning> {
    let filter = node.condition("Filter")?;
    let call = condition::call(filter)?;
    let rows = node
        .measured
        .as_ref()
        .map_or(node.guess, |measured| measured.rows + measured.removed.unwrap_or_default());
    let title = format!("{call} is computed for every row.");
    let text = format!(
        "{} rows were read for it. An index on the column does not serve an expression over it; one on the expression does.",
        words::count(rows)
    );
    Some(about("function", node, title, text))
}
