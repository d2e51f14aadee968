//! A page of runs.
//!
//! First the ids by keyset on an index, then everything else for those ids only: so a page costs the same with a
//! thousand runs and with a million results.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{RunQuery, RunRow, Total};
use crate::Result;
use crate::connection::Database;

/// A page of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunPage {
    pub runs: Vec<RunRow>,
    /// The cursor for the next page along the order; None at its end.
    pub older: Option<String>,
    /// The cursor for the page before; None at the beginning.
    pub newer: Option<String>,
    /// All runs that the filter keeps.
    pub total: Total,
}

/// Reads a page of runs. `now` decides what is stuck.
///
/// # Errors
/// `Precondition` when the database holds no evaluation tables.
pub async fn runs(database: &Database, query: &RunQuery, now: DateTime<Utc>) -> Result<RunPage> {
    super::cursor::page(database, query, now).await
}
