//! One word for each state, as Rails spells those that it knows.

use evaldesk_api::core::migrate::{MigrationState, MigrationStatusRow, PartialRun};

/// What stands in the first column of a status.
pub(super) fn of(row: &MigrationStatusRow) -> String {
    let running = if row.running { ", running" } else { "" };
    format!("{}{running}", state(row.state, row.partial.as_ref()))
}

/// The word, and how far one came that broke off. Capitals need a decision.
pub(super) fn state(state: MigrationState, partial: Option<&PartialRun>) -> String {
    let far = partial.map_or_else(String::new, |run| format!(" {}/{}", run.done, run.total));
    let word = match state {
        MigrationState::Up => "up",
        MigrationState::Down => "down",
        MigrationState::OptIn => "opt-in",
        MigrationState::NoFile => "NO FILE",
        MigrationState::Conflict => "CONFLICT",
        MigrationState::Changed => "CHANGED",
        MigrationState::OutOfOrder => "OUT OF ORDER",
        MigrationState::Partial => "PARTIAL",
        MigrationState::Irreversible => "IRREVERSIBLE",
        MigrationState::Baselined => "BASELINED",
    };
    format!("{word}{far}")
}
