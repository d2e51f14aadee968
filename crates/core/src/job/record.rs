//! What is known of a job: the wire type and the journal's line are the same.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::ErrorKind;
use crate::error::ErrorReport;

/// How far a job is, in the server's own unit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Progress {
    /// What is being done, in words.
    pub phase: String,
    pub done: Option<u64>,
    /// Absent when nobody can know.
    pub total: Option<u64>,
    /// "rows", "blocks", "bytes".
    pub unit: Option<String>,
    /// One more line: the table, who is in the way.
    pub detail: Option<String>,
}

impl Progress {
    /// A phase without figures.
    pub fn phase(phase: impl Into<String>) -> Self {
        Self { phase: phase.into(), ..Self::default() }
    }

    /// Adds how far of how much.
    #[must_use]
    pub fn of(mut self, done: u64, total: u64, unit: impl Into<String>) -> Self {
        self.done = Some(done);
        self.total = Some(total);
        self.unit = Some(unit.into());
        self
    }

    /// Adds a line of detail.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Running,
    /// Cancel was asked for and is on its way to the server.
    Cancelling,
    Done,
    Failed,
    Cancelled,
    /// Its process died: look at the database before trusting or repeating it.
    Orphaned,
}

impl JobState {
    /// Whether it will not change any more.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Running | Self::Cancelling)
    }
}

/// Why a job failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobFailure {
    pub kind: ErrorKind,
    pub message: String,
    pub hint: Option<String>,
    /// The server's five characters. Absent in journals of earlier versions too.
    #[serde(default)]
    pub sqlstate: Option<String>,
    /// Whether the same job may well succeed when it is started again.
    #[serde(default)]
    pub retryable: bool,
}

/// The server's detail stays out: it may hold values of rows, and a journal holds none.
impl From<ErrorReport> for JobFailure {
    fn from(error: ErrorReport) -> Self {
        let ErrorReport { code, message, hint, sqlstate, retryable, .. } = error;
        Self { kind: code, message, hint, sqlstate, retryable }
    }
}

impl From<JobFailure> for ErrorReport {
    fn from(failure: JobFailure) -> Self {
        let JobFailure { kind, message, hint, sqlstate, retryable } = failure;
        Self { hint, sqlstate, retryable, ..Self::new(kind, message) }
    }
}

/// A job as it is shown and journalled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobRecord {
    pub id: String,
    /// The command that started it: "maintenance_apply".
    pub kind: String,
    /// Names the object: "Vacuum 4 tables".
    pub title: String,
    pub connection_id: Option<String>,
    pub state: JobState,
    pub progress: Progress,
    /// UTC, ISO 8601.
    pub started_at: String,
    pub ended_at: Option<String>,
    /// What came of it, as the command's outcome type.
    #[ts(type = "unknown")]
    pub outcome: Option<serde_json::Value>,
    pub failure: Option<JobFailure>,
}
