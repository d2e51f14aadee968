//! One entry: one version, one way, one run (or one decision about it).

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{LogOutcome, LogPlace};
use crate::migrate::{Direction, ScriptRole, Version};

/// The name of an entry; it begins with its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[ts(type = "string")]
pub struct EntryId(pub(super) Uuid);

impl EntryId {
    pub(super) fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A file as it was when the entry was begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LoggedScript {
    pub role: ScriptRole,
    pub file: String,
    /// Of its bytes, in hex.
    pub sha384: String,
    /// The text without a byte order mark; `None` where it was too large to be kept, or was not asked for.
    pub sql: Option<String>,
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    pub id: EntryId,
    pub version: Version,
    pub name: String,
    pub direction: Direction,
    /// In one transaction, or statement by statement.
    pub transactional: bool,
    pub scripts: Vec<LoggedScript>,
    pub statements_total: u32,
    pub statements_done: u32,
    /// A statement, counted from 0, that was sent and whose end is not written down: only the catalog knows.
    pub statement_open: Option<u32>,
    /// What was measured of the locks, as it was measured.
    #[ts(type = "unknown")]
    pub lock_trace: Option<serde_json::Value>,
    pub fingerprint_before: Option<String>,
    pub fingerprint_after: Option<String>,
    /// UTC, ISO 8601, by the server's clock.
    pub started_at: String,
    pub finished_at: Option<String>,
    #[ts(type = "number | null")]
    pub elapsed_ms: Option<u64>,
    pub outcome: LogOutcome,
    pub error: Option<String>,
    /// Why, in the words of who decided; what could not be kept.
    pub note: Option<String>,
    /// The entry that this one goes on with: it broke off.
    pub continues: Option<EntryId>,
    pub app_version: String,
    pub db_user: String,
    pub os_user: String,
    pub host: Option<String>,
    /// The server process that ran it.
    pub backend_pid: Option<i32>,
    /// It has no end, and who ran it is gone.
    pub interrupted: bool,
    pub kept_in: LogPlace,
}

impl LogEntry {
    /// The file of a role.
    pub fn script(&self, role: ScriptRole) -> Option<&LoggedScript> {
        self.scripts.iter().find(|script| script.role == role)
    }

    /// Whether it is under way right now.
    pub fn is_running(&self) -> bool {
        self.outcome == LogOutcome::Running && !self.interrupted
    }

    /// Whether it left a part of its statements behind, or may have.
    pub fn is_partial(&self) -> bool {
        let ended_badly =
            self.outcome == LogOutcome::Failed || (self.outcome == LogOutcome::Running && self.interrupted);
        ended_badly && !self.transactional && (self.statements_done > 0 || self.statement_open.is_some())
    }
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct LogFilter {
    pub version: Option<Version>,
    pub id: Option<EntryId>,
    /// So many of the newest; all without it.
    pub limit: Option<u32>,
    /// With the text of the files.
    pub with_text: bool,
}

/// How an entry ends.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    pub outcome: LogOutcome,
    pub error: Option<String>,
    pub fingerprint_after: Option<String>,
    pub lock_trace: Option<serde_json::Value>,
}

impl Finish {
    /// All of it ran.
    pub fn done() -> Self {
        Self::of(LogOutcome::Done)
    }

    /// It broke off.
    pub fn failed(error: impl Into<String>) -> Self {
        Self { error: Some(error.into()), ..Self::of(LogOutcome::Failed) }
    }

    /// With an outcome and nothing else.
    pub fn of(outcome: LogOutcome) -> Self {
        Self { outcome, ..Self::default() }
    }
}
