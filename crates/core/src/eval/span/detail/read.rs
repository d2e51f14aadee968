//! Reading one span.

use serde_json::Value;
use sqlx::FromRow;

use super::super::conversation::{conversation, handoffs, tool_calls};
use super::super::facts::Facts;
use super::SpanDetail;
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result, RowId};

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "i64")]
    id: RowId,
    span_id: String,
    trace_id: String,
    parent_span_id: Option<String>,
    span_type: String,
    source: String,
    evaluation_run_id: Option<i64>,
    created_at: String,
    data: String,
    json_type: String,
}

pub(super) async fn span(database: &Database, span_id: &str) -> Result<SpanDetail> {
    let row: Option<Row> = sqlx::query_as(include_str!("span.sql"))
        .bind(span_id)
        .fetch_optional(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read the span {span_id}")))?;
    let row = row.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no span {span_id}"))
            .hint("Spans are found by span_id; a result may name a span that was never written.")
    })?;
    Ok(row.into_detail())
}

impl Row {
    fn into_detail(self) -> SpanDetail {
        let parsed = serde_json::from_str::<Value>(&self.data);
        let unreadable = parsed.as_ref().err().map(ToString::to_string);
        let data = parsed.unwrap_or_default();
        let facts = Facts::read(&data);
        let (messages, inputs) = conversation(&data);
        SpanDetail {
            id: self.id,
            span_id: self.span_id,
            trace_id: self.trace_id,
            parent_span_id: self.parent_span_id,
            span_type: self.span_type,
            source: self.source,
            evaluation_run_id: self.evaluation_run_id.map(RowId),
            created_at: self.created_at,
            agent: facts.agent,
            model: facts.model,
            provider: facts.provider,
            instructions: facts.instructions,
            parameters_json: facts.parameters_json,
            tokens_total: facts.tokens_total,
            tokens_input: facts.tokens_input,
            tokens_output: facts.tokens_output,
            tokens_reasoning: facts.tokens_reasoning,
            latency_ms: facts.latency_ms,
            cost: facts.cost,
            error: facts.error,
            messages,
            input_messages: i64::try_from(inputs).unwrap_or(i64::MAX),
            tool_calls: tool_calls(&data),
            handoffs: handoffs(&data),
            bytes: i64::try_from(self.data.len()).unwrap_or(i64::MAX),
            unreadable,
            json_type: self.json_type,
        }
    }
}
