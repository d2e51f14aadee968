//! What became of a run, derived from its status and its results.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// After how many minutes without a change a running run counts as stuck, unless the caller says otherwise.
pub const STUCK_AFTER_MINUTES: u32 = 60;

/// The words that RAAF stores.
pub(super) const STORED: [&str; 5] = ["pending", "running", "completed", "failed", "cancelled"];

/// What became of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It ended, and nothing failed.
    Completed,
    /// It ended, some results failed.
    PartlyFailed,
    /// It ended, every result failed.
    AllFailed,
    /// It is under way.
    Running,
    /// It says running, and nothing has changed for long.
    Stuck,
    /// It has not begun.
    Pending,
    /// The run itself broke.
    Failed,
    /// Somebody set it to cancelled.
    Cancelled,
    /// A status outside RAAF's list: show the stored word.
    Unknown,
}

/// What the outcome is derived from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub(super) status: &'a str,
    pub(super) results: i64,
    pub(super) completed: i64,
    pub(super) failed: i64,
    pub(super) configurations: i64,
    /// Whether anything changed within the limit.
    pub(super) stale: bool,
}

impl Outcome {
    /// The same rule as `run/outcome.sql`, which filters by it; a test holds them together.
    pub(super) fn derive(evidence: Evidence<'_>) -> Self {
        match evidence.status {
            "completed" if evidence.failed > 0 && evidence.completed == 0 => Self::AllFailed,
            "completed" if evidence.failed > 0 => Self::PartlyFailed,
            "completed" => Self::Completed,
            "running" if evidence.stale => Self::Stuck,
            "running" => Self::Running,
            "pending" => Self::Pending,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            _ => Self::Unknown,
        }
    }

    /// The stored status it is derived from; None where that may be anything.
    pub(super) fn stored(self) -> Option<&'static str> {
        match self {
            Self::Completed | Self::PartlyFailed | Self::AllFailed => Some("completed"),
            Self::Running | Self::Stuck => Some("running"),
            Self::Pending => Some("pending"),
            Self::Failed => Some("failed"),
            Self::Cancelled => Some("cancelled"),
            Self::Unknown => None,
        }
    }

    /// The word that SQL and the wire know it by.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::PartlyFailed => "partly_failed",
            Self::AllFailed => "all_failed",
            Self::Running => "running",
            Self::Stuck => "stuck",
            Self::Pending => "pending",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }

    /// The sentence that says why, from the same evidence.
    pub(super) fn reason(self, evidence: Evidence<'_>, stuck_minutes: u32) -> String {
        let Evidence { results, completed, failed, configurations, status, .. } = evidence;
        match self {
            Self::Completed if results == 0 => format!(
                "The row says completed, and there are no results of its {configurations} configurations."
            ),
            Self::Completed if completed < results => {
                format!("Completed. {completed} of {results} results ended; {} never did.", results - completed)
            }
            Self::Completed => format!("Completed. All {results} results ended without an error."),
            Self::PartlyFailed => format!(
                "The row says completed. {failed} of {results} results failed; RAAF calls a run completed even when \
                 configurations fail. Means hold the {completed} that ended."
            ),
            Self::AllFailed => format!(
                "The row says completed. All {failed} results that ended failed; RAAF calls a run completed even then."
            ),
            Self::Running => format!("Under way: {completed} results ended, {failed} failed."),
            Self::Stuck => format!(
                "The row says running, and nothing of it changed for over {stuck_minutes} minutes. RAAF leaves a run \
                 running after a crash."
            ),
            Self::Pending if configurations == 0 => {
                "Not begun, and it has no configurations. RAAF before the rename of the changes column stopped here."
                    .to_owned()
            }
            Self::Pending => "Not begun.".to_owned(),
            Self::Failed => "The run itself broke. A run keeps no error text: look in its results.".to_owned(),
            Self::Cancelled => "Somebody set it to cancelled; RAAF itself never does.".to_owned(),
            Self::Unknown => format!("The status \"{status}\" is not one of RAAF's; it is shown as it is."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(status: &str, completed: i64, failed: i64, stale: bool) -> Evidence<'_> {
        Evidence { status, results: completed + failed, completed, failed, configurations: 2, stale }
    }

    #[test]
    fn completed_is_not_believed() {
        assert_eq!(Outcome::derive(evidence("completed", 0, 8, false)), Outcome::AllFailed);
        assert_eq!(Outcome::derive(evidence("completed", 11, 4, false)), Outcome::PartlyFailed);
        assert_eq!(Outcome::derive(evidence("completed", 0, 0, false)), Outcome::Completed);
    }

    #[test]
    fn running_without_a_change_is_stuck() {
        assert_eq!(Outcome::derive(evidence("running", 1, 0, true)), Outcome::Stuck);
        assert_eq!(Outcome::derive(evidence("running", 1, 0, false)), Outcome::Running);
    }

    #[test]
    fn a_status_nobody_knows_is_unknown_and_named() {
        let odd = evidence("archived", 0, 0, false);
        assert_eq!(Outcome::derive(odd), Outcome::Unknown);
        assert!(Outcome::Unknown.reason(odd, 60).contains("archived"));
    }
}
