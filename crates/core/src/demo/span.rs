//! `span_data` in the dialects that writers use, and the span rows.
//!
//! The engine's result span is a subset of a baseline: no provider, latency, cost or tool_calls, and its
//! output_messages is the whole conversation. That is why a result's latency is not in its span.

use chrono::{DateTime, Duration, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::configuration::Variant;
use super::conversation::Conversation;
use super::copy::CopyText;
use super::metric::Dialect;
use super::run::RunStory;
use super::usage::{Usage, rounded};
use crate::Result;

/// The columns of a span row but its id.
#[derive(Debug)]
pub(super) struct SpanRow<'a> {
    pub(super) span_id: &'a str,
    pub(super) trace_id: &'a str,
    pub(super) parent: Option<&'a str>,
    pub(super) kind: &'a str,
    pub(super) data: &'a Value,
    pub(super) source: &'a str,
    pub(super) run: Option<i64>,
    pub(super) at: DateTime<Utc>,
}

impl<'a> SpanRow<'a> {
    /// An agent's span of an evaluation run, without a parent; the rest is filled in.
    pub(super) fn agent(span_id: &'a str, data: &'a Value, at: DateTime<Utc>) -> Self {
        Self {
            span_id,
            trace_id: "",
            parent: None,
            kind: "agent",
            data,
            source: "evaluation_run",
            run: None,
            at,
        }
    }

    /// Writes the row.
    pub(super) fn write(&self, copy: &mut CopyText, id: i64) -> Result<()> {
        let run = self.run.map(|run| run.to_string());
        copy.number(id).text(self.span_id)?.text(self.trace_id)?.optional(self.parent)?.text(self.kind)?;
        copy.json(Some(self.data))?.text(self.source)?.optional(run.as_deref())?;
        copy.moment(self.at).moment(self.at).end();
        Ok(())
    }
}

/// What was answered, by whom, at what price.
#[derive(Debug, Clone, Copy)]
pub(super) struct Answer<'a> {
    pub(super) text: &'a str,
    pub(super) usage: &'a Usage,
    pub(super) at: DateTime<Utc>,
}

/// The baseline span in the run's dialect.
pub(super) fn baseline(run: &RunStory, talk: &Conversation, answer: Answer<'_>) -> Value {
    match run.dialect {
        Dialect::Engine => engine_baseline(run, talk, answer),
        Dialect::Schema => shop_baseline(run, talk, answer),
        Dialect::Docs => docs_baseline(run, talk, answer),
    }
}

/// As the engine's serializer writes it.
pub(super) fn engine_baseline(run: &RunStory, talk: &Conversation, answer: Answer<'_>) -> Value {
    let usage = answer.usage;
    json!({
        "span_id": run.baseline_span_id, "trace_id": run.trace_id, "parent_span_id": null, "span_type": "agent",
        "agent_name": run.agent.name, "model": run.model.name, "instructions": run.instructions,
        "parameters": {"temperature": 0.7, "max_tokens": 800, "top_p": 0.9},
        "input_messages": with_system(run.instructions, talk),
        "output_messages": [{"role": "assistant", "content": answer.text, "tool_calls": []}],
        "tool_calls": talk.tool_calls, "handoffs": talk.handoffs,
        "context_variables": {"locale": run.language, "channel": "chat"},
        "provider_details": {"provider": run.model.provider},
        "metadata": {
            "tokens": usage.total(), "input_tokens": usage.input, "output_tokens": usage.output,
            "reasoning_tokens": usage.reasoning, "latency_ms": usage.ms, "cost": rounded(usage.cost, 6),
        },
        "timestamps": {"start_time": iso(answer.at), "end_time": iso(answer.at + Duration::milliseconds(usage.ms))},
    })
}

/// As demo seeds and the console write it: tokens and cost are objects, other keys for tools and handoffs.
fn shop_baseline(run: &RunStory, talk: &Conversation, answer: Answer<'_>) -> Value {
    let usage = answer.usage;
    let output = rounded(usage.output as f64 * run.model.price.1 / 1e6, 6);
    let total = rounded(usage.cost, 6);
    json!({
        "agent_name": run.agent.name, "model": run.model.name, "status": "completed",
        "instructions": run.instructions,
        "input": talk.messages.first().and_then(|first| first["content"].as_str()).unwrap_or_default(),
        "output": answer.text,
        "input_messages": with_system(run.instructions, talk),
        "output_messages": [{"role": "assistant", "content": [{"type": "output_text", "text": answer.text}]}],
        "tool_calls": rename(&talk.tool_calls, &[("tool_name", "name")]),
        "handoffs": rename(&talk.handoffs, &[("target_agent", "to_agent"), ("context_passed", "context")]),
        "metadata": {
            "tokens": {"input": usage.input, "output": usage.output, "total": usage.total()},
            "cost": {"input": rounded(total - output, 6), "output": output, "total": total},
            "latency_ms": usage.ms, "ttft_ms": usage.first_token_ms, "temperature": 0.7, "max_tokens": 800,
        },
    })
}

/// As the documentation shows it: everything under metadata.
fn docs_baseline(run: &RunStory, talk: &Conversation, answer: Answer<'_>) -> Value {
    let usage = answer.usage;
    json!({
        "agent_name": run.agent.name,
        "metadata": {
            "model": run.model.name, "instructions": run.instructions,
            "messages": with_system(run.instructions, talk), "output": answer.text,
            "usage": {
                "total_tokens": usage.total(), "input_tokens": usage.input,
                "output_tokens": usage.output, "reasoning_tokens": usage.reasoning,
            },
            "timestamps": {"start": iso(answer.at), "end": iso(answer.at + Duration::milliseconds(usage.ms))},
            "tool_calls": talk.tool_calls, "handoffs": talk.handoffs,
            "cost": rounded(usage.cost, 6), "latency_ms": usage.ms,
        },
    })
}

/// The engine's result span.
pub(super) fn result(run: &RunStory, variant: &Variant, talk: &Conversation, answer: Answer<'_>) -> Value {
    let mut input = with_system(&variant.instructions, talk);
    let parameters =
        json!({"temperature": variant.temperature, "max_tokens": variant.max_tokens, "top_p": 0.9});
    let output = {
        let mut whole = input.clone();
        whole.push(json!({"role": "assistant", "content": answer.text}));
        whole
    };
    if run.lean {
        input.truncate(2);
    }
    json!({
        "agent_name": run.agent.name, "model": variant.model.name, "instructions": variant.instructions,
        "parameters": parameters, "input_messages": input, "output_messages": output,
        "metadata": {
            "tokens": answer.usage.total(), "input_tokens": answer.usage.input, "output_tokens": answer.usage.output,
        },
    })
}

/// The result span of a lean history: the question and the answer.
pub(super) fn short_result(
    run: &RunStory,
    variant: &Variant,
    talk: &Conversation,
    answer: Answer<'_>,
) -> Value {
    json!({
        "agent_name": run.agent.name, "model": variant.model.name,
        "input_messages": talk.messages.get(..1).unwrap_or_default(),
        "output_messages": [{"role": "assistant", "content": answer.text}],
        "metadata": {"tokens": answer.usage.total(), "input_tokens": answer.usage.input, "output_tokens": answer.usage.output},
    })
}

fn with_system(instructions: &str, talk: &Conversation) -> Vec<Value> {
    let mut messages = Vec::with_capacity(talk.messages.len() + 1);
    messages.push(json!({"role": "system", "content": instructions}));
    messages.extend(talk.messages.iter().cloned());
    messages
}

fn rename(items: &[Value], names: &[(&str, &str)]) -> Vec<Value> {
    let mut renamed = items.to_vec();
    for object in renamed.iter_mut().filter_map(Value::as_object_mut) {
        for (old, new) in names {
            if let Some(value) = object.shift_remove(*old) {
                object.insert((*new).to_owned(), value);
            }
        }
    }
    renamed
}

/// Time inside JSON.
pub(super) fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
