//! How an entry of the log ended.

use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// How it ended, or that it has not yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogOutcome {
    /// Begun, and no end is written down.
    #[default]
    Running,
    /// All of it ran, and the ledger says so.
    Done,
    /// It broke off; `statements_done` says how far it came.
    Failed,
    /// Recorded without running anything: the objects were there.
    Baselined,
    /// The file differs from what ran, and that is right.
    AcceptedChange,
    /// The version is older than others that are up, and that is right.
    AcceptedOrder,
    /// The row of a version without a file was taken out.
    Forgotten,
    /// A lost file was written again from this log.
    FileRestored,
    /// The row of a version whose objects are not there was taken out.
    Struck,
    /// The row of that number is another migration's; ours has a row of its own from then on.
    Released,
    /// The version was recorded, since its objects are there.
    Recorded,
    /// Written by a newer Evaldesk.
    Unknown,
}

const SPELLINGS: [(LogOutcome, &str); 11] = [
    (LogOutcome::Running, "running"),
    (LogOutcome::Done, "done"),
    (LogOutcome::Failed, "failed"),
    (LogOutcome::Baselined, "baselined"),
    (LogOutcome::AcceptedChange, "accepted_change"),
    (LogOutcome::AcceptedOrder, "accepted_order"),
    (LogOutcome::Forgotten, "forgotten"),
    (LogOutcome::FileRestored, "file_restored"),
    (LogOutcome::Struck, "struck"),
    (LogOutcome::Released, "released"),
    (LogOutcome::Recorded, "recorded"),
];

impl<'de> Deserialize<'de> for LogOutcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::from_text(&text))
    }
}

impl LogOutcome {
    /// As it is written down.
    pub(super) fn as_text(self) -> &'static str {
        SPELLINGS.iter().find(|(outcome, _)| *outcome == self).map_or("unknown", |(_, text)| text)
    }

    /// From what is written down, by a newer Evaldesk perhaps.
    pub(super) fn from_text(text: &str) -> Self {
        SPELLINGS.iter().find(|(_, known)| *known == text).map_or(Self::Unknown, |(outcome, _)| *outcome)
    }

    /// Whether after it the version's files are those of this entry.
    pub fn binds_files(self) -> bool {
        matches!(self, Self::Done | Self::Baselined | Self::AcceptedChange | Self::Recorded | Self::Released)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_travels_and_what_nobody_knows_stays_readable() {
        for (outcome, text) in SPELLINGS {
            assert_eq!(serde_json::to_string(&outcome).unwrap(), format!("\"{text}\""));
        }
        assert_eq!(serde_json::from_str::<LogOutcome>("\"levitated\"").unwrap(), LogOutcome::Unknown);
    }
}
