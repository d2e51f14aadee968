//! One span with its conversation.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Handoff, Message, ToolCall};
use crate::connection::Database;
use crate::{Result, RowId};

/// One span. The whole stored JSON is a cell (`catalog::cell`) away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpanDetail {
    pub id: RowId,
    pub span_id: String,
    pub trace_id: String,
    pub parent_span_id: Option<String>,
    pub span_type: String,
    pub source: String,
    pub evaluation_run_id: Option<RowId>,
    pub created_at: String,
    pub agent: Option<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    pub instructions: Option<String>,
    /// The parameters' JSON.
    pub parameters_json: Option<String>,
    pub tokens_total: Option<f64>,
    pub tokens_input: Option<f64>,
    pub tokens_output: Option<f64>,
    pub tokens_reasoning: Option<f64>,
    pub latency_ms: Option<f64>,
    pub cost: Option<f64>,
    pub error: Option<String>,
    pub messages: Vec<Message>,
    /// How many of the messages, from the first, were the input.
    pub input_messages: i64,
    /// Calls that stand beside the conversation.
    pub tool_calls: Vec<ToolCall>,
    pub handoffs: Vec<Handoff>,
    /// The bytes of the stored JSON as text.
    pub bytes: i64,
    /// Why the JSON could not be read into the fields above; the raw text is a cell away.
    pub unreadable: Option<String>,
    /// "object", or what else stands where an object is expected.
    pub json_type: String,
}

/// Reads one span by its `span_id`.
///
/// # Errors
/// `NotFound` when there is none of that id.
pub async fn span(database: &Database, span_id: &str) -> Result<SpanDetail> {
    read::span(database, span_id).await
}

mod read;
