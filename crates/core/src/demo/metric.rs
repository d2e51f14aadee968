//! The measured columns in the three dialects: tokens, latency, and what the engine makes of their difference.
//!
//! `Engine` is what the code writes (A), `Schema` the comments of the schema (B), `Docs` the documentation (C). The
//! figures are the same in each, so a reader that knows all three must come to one trend.

use serde_json::{Value, json};

use super::usage::{Usage, rounded};

/// Who wrote the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Engine,
    Schema,
    Docs,
}

impl Dialect {
    /// By the place of the run: seven in ten are the engine's.
    pub(super) fn of_run(index: u32) -> Self {
        match index % 20 {
            5 | 12 | 17 => Self::Schema,
            3 | 8 | 13 => Self::Docs,
            _ => Self::Engine,
        }
    }
}

/// A result beside its baseline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) baseline: &'a Usage,
    pub(super) result: &'a Usage,
}

impl Pair<'_> {
    /// token_metrics.
    pub(super) fn tokens(self, dialect: Dialect) -> Value {
        let (base, result) = (self.baseline, self.result);
        match dialect {
            Dialect::Engine => json!({
                "baseline": sums(base), "result": sums(result),
                "delta": {
                    "total": result.total() - base.total(), "input": result.input - base.input,
                    "output": result.output - base.output,
                },
                "percentage_change": self.token_percent(),
            }),
            Dialect::Schema => json!({
                "total_tokens": result.total(), "input_tokens": result.input, "output_tokens": result.output,
                "reasoning_tokens": result.reasoning, "cost": rounded(result.cost, 6),
            }),
            Dialect::Docs => json!({
                "baseline_total_tokens": base.total(), "baseline_input_tokens": base.input,
                "baseline_output_tokens": base.output, "baseline_reasoning_tokens": base.reasoning,
                "baseline_cost": rounded(base.cost, 6),
                "result_total_tokens": result.total(), "result_input_tokens": result.input,
                "result_output_tokens": result.output, "result_reasoning_tokens": result.reasoning,
                "result_cost": rounded(result.cost, 6),
                "token_delta": result.total() - base.total(), "token_delta_percentage": self.token_percent(),
                "cost_delta": rounded(result.cost - base.cost, 6),
                "cost_delta_percentage": percent(base.cost, result.cost),
            }),
        }
    }

    /// latency_metrics.
    pub(super) fn latency(self, dialect: Dialect) -> Value {
        let (base, result) = (self.baseline, self.result);
        match dialect {
            Dialect::Engine => json!({
                "baseline_ms": base.ms, "result_ms": result.ms, "delta_ms": result.ms - base.ms,
                "percentage_change": self.latency_percent(),
            }),
            Dialect::Schema => json!({
                "total_time_ms": result.ms, "time_to_first_token_ms": result.first_token_ms,
                "time_per_token_ms": per_token(result), "api_latency_ms": result.ms - 35.min(result.ms),
            }),
            Dialect::Docs => json!({
                "baseline_latency_ms": base.ms, "baseline_ttft_ms": base.first_token_ms,
                "baseline_time_per_token_ms": per_token(base),
                "result_latency_ms": result.ms, "result_ttft_ms": result.first_token_ms,
                "result_time_per_token_ms": per_token(result),
                "latency_delta_ms": result.ms - base.ms, "latency_delta_percentage": self.latency_percent(),
                "ttft_delta_ms": result.first_token_ms - base.first_token_ms, "improvement": result.ms < base.ms,
            }),
        }
    }

    /// baseline_comparison: the engine's rule is about cost and speed, not about quality.
    pub(super) fn comparison(self, dialect: Dialect) -> Value {
        let (tokens, latency) = (self.token_percent(), self.latency_percent());
        if dialect == Dialect::Docs {
            return self.docs_comparison(tokens, latency);
        }
        let change = if tokens < -10.0 && latency < -10.0 {
            "improved"
        } else if tokens > 20.0 || latency > 30.0 {
            "degraded"
        } else {
            "unchanged"
        };
        json!({
            "token_delta": {"absolute": self.result.total() - self.baseline.total(), "percentage": tokens},
            "latency_delta": {"absolute_ms": self.result.ms - self.baseline.ms, "percentage": latency},
            "quality_change": change, "regression_detected": tokens > 50.0 || latency > 50.0,
        })
    }

    fn docs_comparison(self, tokens: f64, latency: f64) -> Value {
        let quality = rounded(self.result.quality - self.baseline.quality, 4);
        let (slow, dear, worse) = (latency > 30.0, tokens > 20.0, quality < -0.1);
        let types: Vec<&str> = [(dear, "token"), (slow, "latency"), (worse, "quality")]
            .into_iter()
            .filter_map(|(is, name)| is.then_some(name))
            .collect();
        let severity = ["none", "minor", "major", "critical"][types.len()];
        json!({
            "token_regression": dear, "latency_regression": slow, "quality_regression": worse,
            "token_threshold_exceeded": dear, "latency_threshold_exceeded": slow,
            "quality_score_delta": quality, "token_delta": self.result.total() - self.baseline.total(),
            "latency_delta_ms": self.result.ms - self.baseline.ms,
            "cost_delta": rounded(self.result.cost - self.baseline.cost, 6),
            "regression_detected": !types.is_empty(), "regression_types": types, "regression_severity": severity,
            "recommendation": if types.is_empty() { "deploy" } else { "review" }, "safe_to_deploy": types.is_empty(),
        })
    }

    fn token_percent(self) -> f64 {
        percent(self.baseline.total() as f64, self.result.total() as f64)
    }

    fn latency_percent(self) -> f64 {
        percent(self.baseline.ms as f64, self.result.ms as f64)
    }
}

fn sums(usage: &Usage) -> Value {
    json!({"total": usage.total(), "input": usage.input, "output": usage.output, "reasoning": usage.reasoning})
}

fn per_token(usage: &Usage) -> f64 {
    rounded(usage.ms as f64 / usage.output.max(1) as f64, 2)
}

/// The engine's percentage: 0 where there is nothing to compare with.
pub(super) fn percent(from: f64, to: f64) -> f64 {
    if from == 0.0 { 0.0 } else { rounded((to - from) / from * 100.0, 2) }
}
