//! One run as it is kept and shown.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::message::without_values;
use super::redact::{without_secrets, words_without_secrets};
use crate::connection::{ConnectionProfile, Environment};

/// A longer statement is kept up to here.
const LONGEST: usize = 100_000;

/// One run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryHistoryEntry {
    /// Grows with time: of two entries the later has the greater.
    pub id: String,
    /// When it began: UTC, ISO 8601.
    pub at: String,
    /// The text that was run, its secrets blanked.
    pub sql: String,
    /// The text was longer than 100,000 bytes; this is how it began.
    #[serde(default)]
    pub cut: bool,
    /// The connection's id.
    pub connection: String,
    /// What the connection was called then.
    pub connection_name: String,
    pub environment: Environment,
    pub database: String,
    pub duration_ms: u64,
    /// Rows returned or changed by all its statements; absent where none did either.
    pub rows: Option<u64>,
    pub outcome: QueryOutcome,
    pub error: Option<QueryHistoryError>,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QueryOutcome {
    Done,
    Failed,
    Cancelled,
}

/// Why a run failed; values of the server's message are blanked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryHistoryError {
    pub sqlstate: Option<String>,
    pub message: String,
}

impl QueryHistoryError {
    /// As it may be written down: without the values that a server quotes, and without secrets.
    #[must_use]
    pub fn kept(&self) -> Self {
        let message = words_without_secrets(&without_values(&self.message, self.sqlstate.as_deref()));
        Self { sqlstate: self.sqlstate.clone(), message }
    }
}

/// A run that has ended, as whoever ran it knows it.
#[derive(Debug)]
pub struct FinishedRun<'a> {
    pub sql: &'a str,
    pub profile: &'a ConnectionProfile,
    /// When it began.
    pub at: DateTime<Utc>,
    pub duration_ms: u64,
    pub rows: Option<u64>,
    pub outcome: QueryOutcome,
    /// As the server said it: its values are blanked here.
    pub error: Option<QueryHistoryError>,
}

impl FinishedRun<'_> {
    /// What is kept of it.
    pub(super) fn entry(&self) -> QueryHistoryEntry {
        let (sql, cut) = shortened(without_secrets(self.sql));
        QueryHistoryEntry {
            id: uuid::Uuid::now_v7().to_string(),
            at: self.at.to_rfc3339(),
            sql,
            cut,
            connection: self.profile.id.clone(),
            connection_name: self.profile.name.clone(),
            environment: self.profile.environment,
            database: self.profile.database.clone(),
            duration_ms: self.duration_ms,
            rows: self.rows,
            outcome: self.outcome,
            error: self.error.as_ref().map(QueryHistoryError::kept),
        }
    }
}

fn shortened(mut sql: String) -> (String, bool) {
    if sql.len() <= LONGEST {
        return (sql, false);
    }
    let end = (0..=LONGEST).rev().find(|at| sql.is_char_boundary(*at)).unwrap_or(0);
    sql.truncate(end);
    (sql, true)
}
