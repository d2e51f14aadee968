//! The first screen of a database, in one read.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Attention, Check, EvaluationCounts, OtherTables, TableSize};
use crate::Result;
use crate::connection::Database;

/// How a database is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Overview {
    pub database: String,
    /// As the server writes it: "15.20 (Debian 15.20-0+deb12u1)".
    pub server_version: String,
    pub role: String,
    pub superuser: bool,
    /// Whether this session may only read.
    pub read_only: bool,
    /// None where this role may not ask.
    pub size_bytes: Option<i64>,
    pub activity: Activity,
    /// Those of the four evaluation tables that are there.
    pub tables: Vec<TableSize>,
    pub missing_tables: Vec<String>,
    pub other_tables: OtherTables,
    pub counts: EvaluationCounts,
    /// The worst first.
    pub attention: Vec<Attention>,
    /// Every check that ran, and every one that could not.
    pub checks: Vec<Check>,
    /// When this was read.
    pub checked_at: String,
}

/// Connections and cache.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct Activity {
    /// Client sessions of the whole server.
    pub connections: i64,
    pub max_connections: i64,
    /// None where this role does not see the state of others' sessions.
    pub idle_in_transaction: Option<i64>,
    /// Share of block reads that the buffer cache served, 0 to 1; None before the first read.
    pub cache_hit_ratio: Option<f64>,
    /// Since when hits are counted.
    pub statistics_since: Option<String>,
    pub server_started_at: Option<String>,
}

/// Reads the overview. `now` decides what is stuck or old.
pub async fn overview(database: &Database, now: DateTime<Utc>) -> Result<Overview> {
    read::overview(database, now).await
}

mod read;
