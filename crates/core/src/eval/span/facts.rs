//! What span_data says outside the conversation, wherever a dialect keeps it.
//!
//! A (the engine) keeps model at the top and figures under metadata; C (the documentation) keeps everything under
//! metadata; the demo of RAAF's console writes tokens and cost as objects.

use serde_json::Value;

use super::super::json::{display, first, number, text};

/// The figures and names of a span.
#[derive(Debug, Clone, Default)]
pub(in crate::eval) struct Facts {
    pub(in crate::eval) agent: Option<String>,
    pub(in crate::eval) model: Option<String>,
    pub(in crate::eval) provider: Option<String>,
    pub(in crate::eval) instructions: Option<String>,
    pub(in crate::eval) parameters_json: Option<String>,
    pub(in crate::eval) tokens_total: Option<f64>,
    pub(in crate::eval) tokens_input: Option<f64>,
    pub(in crate::eval) tokens_output: Option<f64>,
    pub(in crate::eval) tokens_reasoning: Option<f64>,
    pub(in crate::eval) latency_ms: Option<f64>,
    pub(in crate::eval) cost: Option<f64>,
    pub(in crate::eval) score: Option<f64>,
    pub(in crate::eval) error: Option<String>,
}

impl Facts {
    /// Reads them; anything but an object says nothing.
    pub(in crate::eval) fn read(data: &Value) -> Self {
        Self {
            agent: text(data, &["agent_name", "metadata.agent_name", "agent"]),
            model: text(data, &["model", "metadata.model", "parameters.model"]),
            provider: text(data, &["provider_details.provider", "provider", "metadata.provider"]),
            instructions: text(data, &["instructions", "metadata.instructions"]),
            parameters_json: first(data, &["parameters", "metadata.parameters"]).map(ToString::to_string),
            tokens_total: total(data).filter(|total| *total > 0.0),
            tokens_input: number(
                data,
                &[
                    "metadata.input_tokens",
                    "metadata.tokens.input",
                    "metadata.usage.input_tokens",
                    "usage.input_tokens",
                    "metadata.usage.prompt_tokens",
                    "usage.prompt_tokens",
                ],
            ),
            tokens_output: number(
                data,
                &[
                    "metadata.output_tokens",
                    "metadata.tokens.output",
                    "metadata.usage.output_tokens",
                    "usage.output_tokens",
                    "metadata.usage.completion_tokens",
                    "usage.completion_tokens",
                ],
            ),
            tokens_reasoning: number(
                data,
                &[
                    "metadata.reasoning_tokens",
                    "metadata.tokens.reasoning",
                    "metadata.usage.reasoning_tokens",
                    "usage.reasoning_tokens",
                ],
            ),
            latency_ms: number(
                data,
                &["metadata.latency_ms", "latency_ms", "metadata.duration_ms", "duration_ms"],
            )
            .filter(|latency| *latency > 0.0),
            cost: number(data, &["metadata.cost", "metadata.cost.total", "cost", "cost.total"]),
            score: number(data, &["metadata.score", "metadata.judge_score", "score"]),
            error: error(data),
        }
    }
}

fn total(data: &Value) -> Option<f64> {
    number(
        data,
        &[
            "metadata.tokens",
            "metadata.tokens.total",
            "metadata.total_tokens",
            "metadata.usage.total_tokens",
            "usage.total_tokens",
            "tokens",
        ],
    )
}

fn error(data: &Value) -> Option<String> {
    let found = first(data, &["error_info", "error", "metadata.error"])?;
    let kind = text(found, &["type"]);
    match (text(found, &["message"]), kind) {
        (Some(message), Some(kind)) => Some(format!("{kind}: {message}")),
        (Some(message), None) => Some(message),
        _ => Some(display(found)).filter(|text| !text.is_empty() && text != "{}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn three_dialects_say_the_same() {
        let engine = json!({"model": "m", "metadata": {"tokens": 310, "latency_ms": 1450, "cost": 0.002}});
        let docs = json!({"metadata": {"model": "m", "usage": {"total_tokens": 310}, "latency_ms": 1450, "cost": 0.002}});
        let console = json!({"model": "m", "metadata": {"tokens": {"total": 310}, "cost": {"total": 0.002}, "latency_ms": 1450}});
        for data in [engine, docs, console] {
            let facts = Facts::read(&data);
            assert_eq!(facts.model.as_deref(), Some("m"));
            assert_eq!(
                (facts.tokens_total, facts.latency_ms, facts.cost),
                (Some(310.0), Some(1450.0), Some(0.002))
            );
        }
    }

    #[test]
    fn what_is_not_an_object_says_nothing() {
        assert!(Facts::read(&json!(null)).model.is_none());
        assert!(Facts::read(&json!([1, 2])).tokens_total.is_none());
    }

    #[test]
    fn an_error_is_a_sentence() {
        let facts = Facts::read(&json!({"error_info": {"message": "429", "type": "RateLimitError"}}));
        assert_eq!(facts.error.as_deref(), Some("RateLimitError: 429"));
    }
}
