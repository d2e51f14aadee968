//! Words that several of these tables share: a state, a moment, how many.

use evaldesk_api::core::migrate::{MigrationState, MigrationStatusRow, PartialRun};

use crate::print::count;

/// What stands in the first column of a status: Rails' word where it has one.
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

/// Whether somebody has to decide: what is up may be released too, but nobody has to.
pub(super) fn needs_a_decision(row: &MigrationStatusRow) -> bool {
    let settled =
        matches!(row.state, MigrationState::Up | MigrationState::Baselined | MigrationState::Irreversible);
    !settled && !row.repairs.is_empty()
}

/// "1 statement", "24 statements".
pub(super) fn many(number: u64, one: &str, more: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { more })
}

/// A moment of UTC to the second. What is written otherwise is shown as it is.
pub(super) fn moment(text: &str) -> String {
    let to_the_second = text.get(..19).filter(|head| head.as_bytes().get(10) == Some(&b'T'));
    match to_the_second {
        Some(head) if text.ends_with('Z') || text.ends_with("+00:00") => {
            format!("{} UTC", head.replace('T', " "))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_to_the_second_and_nothing_is_guessed_at() {
        assert_eq!(moment("2026-11-26T05:00:51.389354248+00:00"), "2026-11-26 05:00:51 UTC");
        assert_eq!(moment("2026-11-26T05:00:51Z"), "2026-11-26 05:00:51 UTC");
        assert_eq!(moment("2026-11-26T05:00:51+02:00"), "2026-11-26T05:00:51+02:00");
        assert_eq!(moment("yesterday"), "yesterday");
    }

    #[test]
    fn one_is_no_plural() {
        assert_eq!(many(1, "statement", "statements"), "1 statement");
        assert_eq!(many(1_200, "statement", "statements"), "1,200 statements");
    }
}
