//! One run: its outcome with the reason, its baseline, its configurations and the first results.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::{ConfigurationRow, ResultPage};
use super::RunRow;
use crate::connection::Database;
use crate::{Result, RowId};

/// One run whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunDetail {
    pub row: RunRow,
    /// Why the outcome is what it is, in a sentence.
    pub outcome_reason: String,
    pub description: Option<String>,
    /// The stored JSON.
    pub metadata_json: Option<String>,
    pub baseline: BaselineSpan,
    pub configurations: Vec<ConfigurationRow>,
    pub results: ResultPage,
    /// Other runs about the same baseline span, newest first, at most 20.
    pub also_about_baseline: Vec<RelatedRun>,
}

/// The span that a run is about.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BaselineSpan {
    pub span_id: String,
    /// False: the run points at a span that is not there.
    pub found: bool,
    pub trace_id: Option<String>,
    pub span_type: Option<String>,
    pub source: Option<String>,
    pub agent: Option<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    pub instructions: Option<String>,
    /// The parameters' JSON.
    pub parameters_json: Option<String>,
    pub tokens: Option<f64>,
    pub latency_ms: Option<f64>,
    pub score: Option<f64>,
    pub bytes: i64,
    pub created_at: Option<String>,
}

/// Another run, to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct RelatedRun {
    #[sqlx(try_from = "i64")]
    pub id: RowId,
    pub name: String,
    pub status: String,
    pub created_at: String,
}

/// Reads one run. `now` decides whether it is stuck; `stuck_minutes` None is 60.
///
/// # Errors
/// `NotFound` when there is none of that id.
pub async fn run(
    database: &Database,
    id: RowId,
    now: DateTime<Utc>,
    stuck_minutes: Option<u32>,
) -> Result<RunDetail> {
    read::run(database, id, now, stuck_minutes).await
}

mod read;
