//! The parts of a conversation, whichever dialect wrote them. Long texts are cut, with their size.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One message.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// "system", "user", "assistant", "tool", and whatever else stands there.
    pub role: String,
    pub content: String,
    /// The bytes of the whole content.
    pub content_bytes: i64,
    pub content_cut: bool,
    pub name: Option<String>,
    /// The call that a tool's message answers.
    pub tool_call_id: Option<String>,
    pub tool_calls: Vec<ToolCall>,
}

/// One call of a tool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ToolCall {
    pub id: Option<String>,
    pub name: String,
    /// JSON text, cut at 20,000 characters.
    pub arguments: Option<String>,
    pub result: Option<String>,
    pub error: Option<String>,
    pub duration_ms: Option<f64>,
}

/// One handoff to another agent.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Handoff {
    pub target: String,
    pub reason: Option<String>,
    /// JSON text, cut at 20,000 characters.
    pub context: Option<String>,
}
