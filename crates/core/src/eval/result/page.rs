//! The results of a run, without their large JSON.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::Database;
use crate::{Result, RowId};

/// Which results of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultQuery {
    pub run: RowId,
    #[serde(default)]
    pub configuration: Option<RowId>,
    /// Any of these stored words; empty: all.
    #[serde(default)]
    pub statuses: Vec<String>,
    /// `next` of the page before.
    #[serde(default)]
    pub after: Option<RowId>,
    /// 1 to 500; None is 500.
    #[serde(default)]
    pub limit: Option<u32>,
}

impl ResultQuery {
    /// The first page of a run's results.
    pub fn of(run: RowId) -> Self {
        Self { run, configuration: None, statuses: Vec::new(), after: None, limit: None }
    }
}

/// Results in order of their id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultPage {
    pub results: Vec<ResultRow>,
    /// Pass as `after` for the next page; None at the end.
    pub next: Option<RowId>,
}

/// One result as lists show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultRow {
    pub id: RowId,
    pub run_id: RowId,
    pub configuration_id: RowId,
    /// Which result of its configuration this is, from 1, in order of id.
    pub repetition: i64,
    pub status: String,
    pub result_span_id: String,
    pub score: Option<f64>,
    pub score_delta: Option<f64>,
    pub tokens: Option<f64>,
    pub tokens_delta_percent: Option<f64>,
    /// None where it was not measured.
    pub latency_ms: Option<f64>,
    pub latency_delta_ms: Option<f64>,
    /// The first line of the error, at most 300 characters.
    pub error_line: Option<String>,
    /// The beginning of the last answer, at most 200 characters.
    pub output_excerpt: Option<String>,
    pub ai_comparison_status: Option<String>,
    /// RAAF's own flag, "improved", "degraded" or "unchanged": a rule of cost and speed, not of quality.
    pub quality_change: Option<String>,
    pub flags: Vec<ResultFlag>,
    pub created_at: String,
    pub completed_at: Option<String>,
}

/// What a reader should know before believing a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ResultFlag {
    /// The latency is a placeholder.
    LatencyNotMeasured,
    /// The judge's answer could not be parsed (0.5 throughout).
    JudgeUnparsed,
    JudgeFailed,
    JudgeSkipped,
    /// The result span is not there.
    SpanMissing,
    /// It says running, and another result of the configuration ended after it.
    LeftRunning,
    /// Its configuration belongs to another run.
    OtherRunsConfiguration,
    /// RAAF's flag: tokens or latency grew by more than half.
    RegressionDetected,
    /// The status is not one of RAAF's.
    UnknownStatus,
    /// A metric column holds something other than an object.
    MalformedMetrics,
}

/// Reads a page of results.
pub async fn results(database: &Database, query: &ResultQuery) -> Result<ResultPage> {
    read::results(database, query).await
}

pub(super) mod read;
