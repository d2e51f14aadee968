//! Settings that a version's own statements change, and how each statement has to be sent.

use crate::migrate::PlannedMigration;

/// Whether statements may have moved where unqualified names land, or who speaks: the ledger's row must not follow.
pub(super) fn changed_by(step: &PlannedMigration) -> bool {
    mentions(step, &["search_path", "role", "authorization", "set_config", "row_security"])
}

/// Whether the file says itself how long its statements wait for locks.
pub(super) fn times_its_locks(step: &PlannedMigration) -> bool {
    mentions(step, &["lock_timeout"])
}

/// Whether a statement may take the session's prepared statements away.
pub(super) fn discards(sql: &str) -> bool {
    let text = sql.to_ascii_lowercase();
    ["discard", "deallocate"].iter().any(|word| text.contains(word))
}

/// By words: one that only looks so costs a round trip.
fn mentions(step: &PlannedMigration, words: &[&str]) -> bool {
    step.statements.iter().any(|statement| {
        let text = statement.sql.to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    })
}
