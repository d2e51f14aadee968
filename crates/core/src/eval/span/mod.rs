//! Spans: one with its conversation, and the tree of a trace.

mod conversation;
mod detail;
mod facts;
mod message;
mod tree;

pub use detail::{SpanDetail, span};
pub(super) use facts::Facts;
pub use message::{Handoff, Message, ToolCall};
pub use tree::{SpanNode, SpanTree, span_tree};
