//! Means over the results of a run or a configuration.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use super::Verdict;

/// One result's measures as a lateral subquery over `x` (evaluation_results).
pub(in crate::eval) const MEASURE: &str = include_str!("measure.sql");

/// The aggregate columns over `x` and `m`, in the order of `AggregateRow`.
pub(in crate::eval) const AGGREGATE: &str = include_str!("aggregate.sql");

/// What the results of a run or a configuration come to. None is "no data", which is not 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Measures {
    /// Rows of evaluation_results.
    pub results: i64,
    pub results_completed: i64,
    pub results_failed: i64,
    /// Mean judge score of completed results: for each the mean of the scores that the judge gave.
    pub score_mean: Option<f64>,
    /// How many results the mean holds.
    pub score_count: i64,
    /// Judge answers that could not be parsed (0.5 throughout): not in the mean.
    pub score_set_aside: i64,
    /// Mean of score minus the baseline's, over results where both are known. Higher is better.
    pub score_delta: Option<f64>,
    pub verdict: Option<Verdict>,
    pub tokens_mean: Option<f64>,
    pub tokens_count: i64,
    /// Percent against the baseline, over results where both are known. Lower is better.
    pub tokens_delta_percent: Option<f64>,
    /// Median of the measured latencies.
    pub latency_p50_ms: Option<f64>,
    pub latency_count: i64,
    /// Results whose latency is a placeholder: not in the median.
    pub latency_not_measured: i64,
    /// Median of result minus baseline. Lower is better.
    pub latency_delta_ms: Option<f64>,
    pub latency_delta_percent: Option<f64>,
}

/// The columns of `aggregate.sql`.
#[derive(Debug, Clone, Default, FromRow)]
pub(in crate::eval) struct AggregateRow {
    results: Option<i64>,
    results_completed: Option<i64>,
    results_failed: Option<i64>,
    score_mean: Option<f64>,
    score_count: Option<i64>,
    score_set_aside: Option<i64>,
    score_delta: Option<f64>,
    tokens_mean: Option<f64>,
    tokens_count: Option<i64>,
    tokens_delta_percent: Option<f64>,
    latency_p50_ms: Option<f64>,
    latency_count: Option<i64>,
    latency_not_measured: Option<i64>,
    latency_delta_ms: Option<f64>,
    latency_delta_percent: Option<f64>,
}

/// Counts are absent where a left join found no result at all.
impl From<AggregateRow> for Measures {
    fn from(row: AggregateRow) -> Self {
        Self {
            results: row.results.unwrap_or(0),
            results_completed: row.results_completed.unwrap_or(0),
            results_failed: row.results_failed.unwrap_or(0),
            score_mean: row.score_mean,
            score_count: row.score_count.unwrap_or(0),
            score_set_aside: row.score_set_aside.unwrap_or(0),
            score_delta: row.score_delta,
            verdict: row.score_delta.map(Verdict::of_score_delta),
            tokens_mean: row.tokens_mean,
            tokens_count: row.tokens_count.unwrap_or(0),
            tokens_delta_percent: row.tokens_delta_percent,
            latency_p50_ms: row.latency_p50_ms,
            latency_count: row.latency_count.unwrap_or(0),
            latency_not_measured: row.latency_not_measured.unwrap_or(0),
            latency_delta_ms: row.latency_delta_ms,
            latency_delta_percent: row.latency_delta_percent,
        }
    }
}
