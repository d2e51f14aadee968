//! One word for each state, as Rails spells those that it knows.

use evaldesk_api::core::migrate::MigrationState;

/// What stands in the first column. Capitals need a decision.
pub(super) fn state(state: &MigrationState) -> String {
    match state {
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
    }
    .to_owned()
}
