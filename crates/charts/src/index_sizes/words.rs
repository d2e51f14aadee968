//! What the chart says in words.

use super::IndexSizeBar;
use crate::format::{bytes, count};

pub(super) const TITLE: &str = "Index sizes";

/// The chart in a sentence or two, for who does not see it.
pub(super) fn description(bars: &[IndexSizeBar]) -> String {
    let Some(largest) = bars.iter().max_by_key(|bar| bar.bytes) else {
        return "There are no indexes.".to_owned();
    };
    let total = bars.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.bytes));
    let unread = bars.iter().filter(|bar| bar.scans == Some(0)).count();
    let mut told = match bars.len() {
        1 => format!("1 index, {}.", bytes(total)),
        several => format!("{several} indexes, {} together.", bytes(total)),
    };
    told.push_str(&format!(
        " The largest is {} on {} with {}.",
        largest.index,
        largest.table,
        bytes(largest.bytes)
    ));
    if unread > 0 {
        told.push_str(&format!(" {unread} had no scans."));
    }
    told
}

/// Everything about one bar.
pub(super) fn hint(bar: &IndexSizeBar) -> String {
    let scans = match bar.scans {
        None => "scans not known".to_owned(),
        Some(0) => "no scans".to_owned(),
        Some(1) => "1 scan".to_owned(),
        Some(scans) => format!("{} scans", count(scans)),
    };
    let valid = if bar.valid { "" } else { ", not valid" };
    format!("{} on {}: {}, {}, {scans}{valid}", bar.index, bar.table, bar.method, bytes(bar.bytes))
}

/// What stands after the bar.
pub(super) fn figure(bar: &IndexSizeBar) -> String {
    let size = bytes(bar.bytes);
    match (bar.valid, bar.scans) {
        (false, _) => format!("{size} · not valid"),
        (true, Some(0)) => format!("{size} · no scans"),
        _ => size,
    }
}

/// The line for what does not fit.
pub(super) fn rest(bars: &[&IndexSizeBar]) -> String {
    let total = bars.iter().fold(0_u64, |sum, bar| sum.saturating_add(bar.bytes));
    format!("{} more, {} together", bars.len(), bytes(total))
}
