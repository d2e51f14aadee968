//! Checks of the tables' statistics and dead rows, from the counters that the server keeps.

use super::{Answer, Attention, AttentionAction, Severity};
use crate::catalog::TableSummary;

/// Below this nothing is worth a word.
const FEW_ROWS: i64 = 1_000;
/// A share of dead or changed rows above which a table is named.
const SHARE: f64 = 0.2;

/// The planner's statistics are about the rows that are there now.
pub(super) fn statistics(tables: &[TableSummary]) -> Answer {
    found(tables, "The statistics of every table are about its rows of today.", stale)
}

/// Vacuum keeps up.
pub(super) fn dead_rows(tables: &[TableSummary]) -> Answer {
    found(tables, "Vacuum keeps up: no table holds many dead rows.", dead)
}

fn found(tables: &[TableSummary], well: &str, look: fn(&TableSummary) -> Option<Attention>) -> Answer {
    let counted: Vec<_> = tables.iter().filter(|table| table.live_rows.is_some()).collect();
    if counted.is_empty() {
        return Answer::Skipped("The server keeps no counters of these tables.".to_owned());
    }
    let found: Vec<Attention> = counted.iter().filter_map(|table| look(table)).collect();
    if found.is_empty() {
        return Answer::Ok(well.to_owned());
    }
    Answer::Found(found)
}

fn stale(table: &TableSummary) -> Option<Attention> {
    let (live, changed) = (table.live_rows?, table.modified_since_analyze?);
    let never =
        table.last_analyze.is_none() && table.last_autoanalyze.is_none() && table.row_estimate.is_none();
    let title = match () {
        () if never && live.max(changed) >= FEW_ROWS => format!("{} was never analyzed", table.name),
        () if changed >= FEW_ROWS && share(changed, live) > SHARE => {
            format!("Statistics of {} are old", table.name)
        }
        () => return None,
    };
    let detail = format!("{:.0} % of its rows changed since", (share(changed, live) * 100.0).min(100.0));
    Some(of(table, title, detail, AttentionAction::Analyze))
}

fn dead(table: &TableSummary) -> Option<Attention> {
    let (live, dead) = (table.live_rows?, table.dead_rows?);
    if dead < FEW_ROWS || share(dead, live + dead) < SHARE {
        return None;
    }
    let title = format!("{} holds many dead rows", table.name);
    let detail = format!("{dead} dead beside {live} live");
    Some(of(table, title, detail, AttentionAction::Vacuum))
}

fn of(table: &TableSummary, title: String, detail: String, action: AttentionAction) -> Attention {
    Attention::new(Severity::Attention, title, detail).action(action).object(
        "table",
        Some(&table.schema),
        &table.name,
    )
}

fn share(part: i64, whole: i64) -> f64 {
    // Counters are far below 2^53.
    part as f64 / whole.max(1) as f64
}
