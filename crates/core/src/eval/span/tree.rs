//! The spans of a trace, as a flat list in tree order.
//!
//! A parent that is not there makes its child a root, marked; a cycle is cut where it closes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::Database;
use crate::{Result, RowId};

/// The spans of a trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpanTree {
    pub trace_id: String,
    /// Depth first; children in order of creation.
    pub nodes: Vec<SpanNode>,
    /// True when the trace holds more than the 5,000 spans that are listed.
    pub cut: bool,
}

/// One span of a trace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpanNode {
    pub id: RowId,
    pub span_id: String,
    pub parent_span_id: Option<String>,
    pub depth: i64,
    /// It names a parent that this trace does not hold.
    pub parent_missing: bool,
    /// Its parents lead back to it.
    pub in_cycle: bool,
    pub span_type: String,
    pub agent: Option<String>,
    pub model: Option<String>,
    pub tokens: Option<f64>,
    pub latency_ms: Option<f64>,
    pub failed: bool,
    pub created_at: String,
}

/// Reads the spans of a trace.
pub async fn span_tree(database: &Database, trace_id: &str) -> Result<SpanTree> {
    read::span_tree(database, trace_id).await
}

mod read;
