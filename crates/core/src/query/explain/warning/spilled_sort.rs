//! A sort that went to disk: what it had, and what it would need.

use super::{Evidence, about};
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

/// What a row takes in memory besides its values: a pointer, a header and what alignment adds (`SortTuple`,
/// `MinimalTupleData`).
const A_ROW: u64 = 48;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    evidence.plan.nodes.iter().filter_map(|node| one(evidence, node)).collect()
}

fn one(evidence: &Evidence<'_>, node: &ExplainNode) -> Option<ExplainWarning> {
    let sort = node.sort.as_ref().filter(|sort| sort.on_disk)?;
    let needed = words::rounded_up(needed(node).max(sort.most_bytes));
    let title = format!("The sort spilled {} to disk.", words::bytes(sort.bytes));
    let text = format!(
        "work_mem is {}; this sort alone would need about {}. Every sort and hash of every session may take as much.",
        words::bytes(evidence.settings.work_mem.unsigned_abs()),
        words::bytes(needed)
    );
    let sql = format!("set work_mem = '{}MB';", (needed >> 20).max(1));
    Some(about("spilled_sort", node, title, text).with_sql(sql))
}

/// The bytes of one process' rows in memory.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn needed(node: &ExplainNode) -> u64 {
    let rows = node.measured.as_ref().map_or(node.guess_per_loop, |measured| measured.rows_per_loop);
    rows as u64 * (node.width + A_ROW)
}
