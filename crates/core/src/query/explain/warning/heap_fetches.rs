//! An index-only scan that had to look into the table all the same: pages that vacuum has not marked as all visible.

use super::{Evidence, about};
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;
use crate::sql::SafeSql;

const MANY: f64 = 1_000.0;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let scans = evidence.scans().filter(|(node, _)| node.kind == "Index Only Scan");
    scans.filter_map(|(node, table)| one(node, table)).collect()
}

#[allow(clippy::cast_precision_loss)]
fn one(node: &ExplainNode, table: &Table) -> Option<ExplainWarning> {
    let measured = node.measured.as_ref()?;
    // Of all loops together, unlike the rows that a filter removed (explain.c).
    let fetches = node.heap?.fetches as f64;
    if fetches < MANY || fetches < measured.rows * 0.1 {
        return None;
    }
    let title = format!("{} rows had to be looked up in {}.", words::count(fetches), table.name);
    let vacuumed = if table.vacuumed { "since then its pages were changed" } else { "it was never vacuumed" };
    let text = format!(
        "An index-only scan spares that for pages that vacuum marked as visible to all: {} of {} pages are, {vacuumed}.",
        words::count(table.visible_pages as f64),
        words::count(table.pages as f64)
    );
    let sql = format!("{};", SafeSql::new("vacuum ").name(&table.qualified()));
    Some(about("heap_fetches", node, title, text).with_sql(sql))
}
