//! A sequential scan of a small table is right. Guides say that an index scan "should show": here is why it does not.
//!
//! Small is what `min_parallel_table_scan_size` calls so (8 MB by default): too small even to be shared out among workers.
//! And the planner is asked: its cost without sequential scans stands beside the one that it chose.

use super::{Evidence, about};
use crate::query::explain::facts::Table;
use crate::query::explain::plan::ExplainNode;
use crate::query::explain::report::ExplainWarning;
use crate::query::explain::words;

pub(super) fn look(evidence: &Evidence<'_>) -> Vec<ExplainWarning> {
    let scans = evidence.scans().filter(|(node, table)| {
        node.kind == "Seq Scan" && node.condition("Filter").is_some() && table.is_small(evidence.settings)
    });
    let mut told: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for (node, table) in scans {
        if !told.contains(&table.name.as_str()) {
            told.push(&table.name);
            found.push(about("small_table", node, title(table), text(evidence, node, table)).note());
        }
    }
    found
}

fn title(table: &Table) -> String {
    format!("{} is small, and reading all of it is right.", table.name)
}

fn text(evidence: &Evidence<'_>, node: &ExplainNode, table: &Table) -> String {
    #[allow(clippy::cast_precision_loss)]
    let pages = words::plural(table.pages.max(1) as f64, "page");
    let size = format!(
        "It has {pages}, {}; below {} (min_parallel_table_scan_size) a table is small.",
        words::bytes(table.size()),
        words::bytes(evidence.settings.parallel_scan_bytes.unsigned_abs())
    );
    let otherwise = evidence.otherwise(node).filter(|other| other.kind != "Seq Scan");
    match (otherwise, evidence.alternative) {
        (Some(other), Some(alternative)) if alternative.cost >= alternative.cost_now => format!(
            "{size} With sequential scans off the planner would take {} and expects it to cost {} instead of {}.",
            other.index.as_deref().map_or("an index".to_owned(), |index| format!("the index {index}")),
            words::cost(alternative.cost),
            words::cost(alternative.cost_now)
        ),
        (None, Some(_)) => {
            format!("{size} With sequential scans off it is read whole all the same: no index serves this.")
        }
        _ => size,
    }
}
