//! A scan whose filter throws most of what it read away.

use super::{Evidence, about};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

/// Fewer rows than this are no waste.
const MANY: f64 = 10_000.0;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let scans = evidence.scans().filter(|(_, table)| !table.is_small(evidence.settings));
    scans.filter(|(node, _)| !evidence.is_rewritten(node)).filter_map(|(node, _)| one(node)).collect()
}

fn one(node: &ExplainNode) -> Option<ExplainWarning> {
    let measured = node.measured.as_ref()?;
    let removed = measured.removed.filter(|removed| *removed >= MANY && *removed >= measured.rows * 9.0)?;
    let read = removed + measured.rows;
    let title = format!("{} of {} rows were read for nothing.", words::count(removed), words::count(read));
    let text = match &node.index {
        Some(index) => {
            format!("{index} finds too many rows: the filter ({}) has no part in it.", filter_of(node))
        }
        None => format!("No index took part in the filter: {}.", filter_of(node)),
    };
    Some(about("filter", node, title, text).weighed())
}

fn filter_of(node: &ExplainNode) -> String {
    words::cut(node.condition("Filter").unwrap_or_default(), 120)
}
