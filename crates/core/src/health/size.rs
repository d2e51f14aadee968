//! What the tables weigh and how much is in them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What one table weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableSize {
    pub schema: String,
    pub name: String,
    pub rows: Count,
    pub heap_bytes: i64,
    pub toast_bytes: i64,
    pub index_bytes: i64,
    pub total_bytes: i64,
}

/// A number of rows that says whether it was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Count {
    /// None when it took too long, or is not known.
    pub rows: Option<i64>,
    /// False: the planner's estimate.
    pub exact: bool,
}

/// The tables that are not RAAF Eval's, together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OtherTables {
    pub count: i64,
    pub bytes: i64,
}

/// How much evaluation there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationCounts {
    pub runs: Count,
    pub results: Count,
    pub spans: Count,
    pub runs_this_week: Count,
    /// 0 to 100; None without results, or when counting took too long.
    pub results_completed_percent: Option<f64>,
}
