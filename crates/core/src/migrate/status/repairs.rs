//! Which verbs mend a state.

use super::super::assess::{Assessed, Assessment};
use super::super::ledger::LedgerRow;
use super::super::log::LogEntry;
use super::super::repair::RepairVerb;
use super::super::{LedgerPlace, MigrationState, ScriptRole};

/// What mends a version, the likeliest first.
pub(super) fn of(assessment: &Assessment<'_>, assessed: &Assessed<'_>) -> Vec<RepairVerb> {
    if assessed.history.running().is_some() {
        return Vec::new();
    }
    let mut verbs = match assessed.state() {
        // Ruby has no statements to go on at: its note says what rake can do.
        MigrationState::Partial if assessed.migration.ruby.is_some() => Vec::new(),
        MigrationState::Partial => vec![RepairVerb::Resume, RepairVerb::Undo],
        MigrationState::Conflict => vec![RepairVerb::Strike],
        MigrationState::Changed => vec![RepairVerb::AcceptChange],
        MigrationState::OutOfOrder => vec![RepairVerb::AcceptOrder],
        _ => Vec::new(),
    };
    verbs.extend(assessed.in_place().then_some(RepairVerb::Record));
    verbs.extend(may_be_anothers(assessment, assessed).then_some(RepairVerb::Release));
    verbs
}

/// Another tool keeps the table, and the row of this number may stand for a migration of its own.
fn may_be_anothers(assessment: &Assessment<'_>, assessed: &Assessed<'_>) -> bool {
    let shared = assessed.row.as_ref().is_some_and(|row| row.place == LedgerPlace::Shared);
    shared && (assessment.ledger.place == LedgerPlace::Own || assessed.conflicts())
}

/// What mends a recorded version without a file. A row in another tool's ledger is that tool's to take out.
pub(super) fn without_file(
    assessment: &Assessment<'_>,
    row: &LedgerRow,
    entry: Option<&LogEntry>,
) -> Vec<RepairVerb> {
    let restorable = entry.is_some_and(|entry| entry.script(ScriptRole::Up).is_some());
    let ours = row.place == assessment.ledger.place;
    let mut verbs = Vec::new();
    verbs.extend(restorable.then_some(RepairVerb::RestoreFile));
    verbs.extend(ours.then_some(RepairVerb::Forget));
    verbs
}
