//! One run as lists show it.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use super::super::metric::{AggregateRow, Measures};
use super::super::outcome::{Evidence, Outcome};
use crate::RowId;

/// One run as lists show it. Times are ISO 8601 in UTC.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunRow {
    pub id: RowId,
    pub name: String,
    /// The stored word.
    pub status: String,
    /// What became of it, derived.
    pub outcome: Outcome,
    pub configurations: i64,
    pub measures: Measures,
    pub baseline_span_id: String,
    pub baseline_agent: Option<String>,
    pub baseline_model: Option<String>,
    pub initiated_by: Option<String>,
    /// `metadata.tags`, where it is a list of words.
    pub tags: Vec<String>,
    pub created_at: String,
    pub started_at: Option<String>,
    pub completed_at: Option<String>,
    pub duration_ms: Option<i64>,
    /// The last change of the run or of a result of it.
    pub changed_at: Option<String>,
}

/// The columns of `row_tail.sql`.
#[derive(Debug, FromRow)]
pub(super) struct StoredRow {
    #[sqlx(try_from = "i64")]
    id: RowId,
    name: String,
    status: String,
    configurations: i64,
    baseline_span_id: String,
    baseline_agent: Option<String>,
    baseline_model: Option<String>,
    initiated_by: Option<String>,
    tags: Vec<String>,
    created_at: String,
    started_at: Option<String>,
    completed_at: Option<String>,
    duration_ms: Option<i64>,
    changed_at: Option<String>,
    stale: bool,
    #[sqlx(flatten)]
    aggregate: AggregateRow,
}

impl StoredRow {
    /// The row, and whether nothing of it changed within the limit.
    pub(super) fn into_row(self) -> (RunRow, bool) {
        let stale = self.stale;
        let mut row = RunRow {
            id: self.id,
            name: self.name,
            status: self.status,
            outcome: Outcome::Unknown,
            configurations: self.configurations,
            measures: self.aggregate.into(),
            baseline_span_id: self.baseline_span_id,
            baseline_agent: self.baseline_agent,
            baseline_model: self.baseline_model,
            initiated_by: self.initiated_by,
            tags: self.tags,
            created_at: self.created_at,
            started_at: self.started_at,
            completed_at: self.completed_at,
            duration_ms: self.duration_ms,
            changed_at: self.changed_at,
        };
        row.outcome = Outcome::derive(row.evidence(stale));
        (row, stale)
    }
}

impl RunRow {
    /// What its outcome is derived from.
    pub(super) fn evidence(&self, stale: bool) -> Evidence<'_> {
        Evidence {
            status: &self.status,
            results: self.measures.results,
            completed: self.measures.results_completed,
            failed: self.measures.results_failed,
            configurations: self.configurations,
            stale,
        }
    }
}
