//! What a rehearsal is asked for and what it found, as it travels.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Version;
use crate::sql::LockMode;

/// Where a plan is rehearsed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RehearsalPlace {
    /// In the database itself, in a transaction that is rolled back. Its locks are really taken.
    #[default]
    Here,
    /// In a copy of its schema without rows, made for this and dropped afterwards.
    Schema,
    /// In a copy with everything, made for this and dropped afterwards.
    Clone,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct RehearsalRequest {
    pub place: RehearsalPlace,
    /// How long a statement waits for a lock, in milliseconds. Whoever comes after it waits just as long.
    pub lock_timeout_ms: u32,
    /// How long a statement may run, in milliseconds; 0 sets no limit.
    pub statement_timeout_ms: u32,
}

impl Default for RehearsalRequest {
    fn default() -> Self {
        Self { place: RehearsalPlace::Here, lock_timeout_ms: 2_000, statement_timeout_ms: 60_000 }
    }
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RehearsedOutcome {
    Ran,
    /// It cannot run in a transaction, or reaches beyond its database.
    Skipped,
    /// It needs what a skipped one makes, or a commit in between.
    Depends,
    Failed,
    /// An earlier one failed.
    NotReached,
}

/// How what was measured stands to what was planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    Agreed,
    /// It did less to others than was planned.
    Milder,
    /// It did more.
    Differs,
    /// The plan could not know.
    Unplanned,
    /// It did not run.
    NotMeasured,
}

/// A lock that was really taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RehearsedLock {
    pub relation: String,
    /// The strongest that is held on it after this statement.
    pub mode: LockMode,
    /// An earlier statement of the same transaction had it already.
    pub held_before: bool,
}

/// One statement, measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RehearsedStatement {
    pub version: Version,
    /// From 1, within its version.
    pub statement: u32,
    pub sql: String,
    pub line: u32,
    pub outcome: RehearsedOutcome,
    /// Why it did not run, or what it came to.
    pub note: Option<String>,
    pub locks: Vec<RehearsedLock>,
    /// Tables that got new files.
    pub rewrites: Vec<String>,
    /// Tables that were read through; `None` where the server does not count (`track_counts`).
    pub scans: Option<Vec<String>>,
    /// Milliseconds, waiting for locks included.
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    #[ts(type = "number | null")]
    pub planned_ms: Option<i64>,
    /// What it changed in the schema, in words.
    pub changes: Vec<String>,
    pub agreement: Agreement,
    /// Where it was otherwise than planned, in words.
    pub differences: Vec<String>,
}

/// A plan, rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Rehearsal {
    pub summary: RehearsalSummary,
    pub statements: Vec<RehearsedStatement>,
    /// What verify files found, and what a commit would have come to.
    pub problems: Vec<String>,
    /// What a person should know about how it was measured.
    pub notes: Vec<String>,
}

/// What is kept of a rehearsal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RehearsalSummary {
    /// Of the plan: another plan was not rehearsed by this.
    pub plan_hash: String,
    pub database: String,
    pub place: RehearsalPlace,
    /// UTC, by the server's clock.
    pub at: String,
    pub versions: Vec<Version>,
    pub total: u32,
    pub ran: u32,
    pub skipped: u32,
    /// Whether nothing failed and nobody found a problem.
    pub passed: bool,
    /// How many did more than planned.
    pub differing: u32,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// From the first lock to the rollback.
    #[ts(type = "number")]
    pub locks_held_ms: u64,
    pub longest: Option<LongestStatement>,
    /// "all 7 ran, locks as planned"
    pub words: String,
}

/// The statement that took longest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LongestStatement {
    pub version: Version,
    pub statement: u32,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}
