//! What each dirty state does to a result row that was sound.

use serde_json::{Map, Value, json};

use super::dirt::Dirt;
use super::metric::{Dialect, Pair};
use super::result::{COMPARATOR, ResultRow};
use super::usage::Usage;

/// Spoils the row. States of pairs, spans and runs are not of one row and are made where those are.
pub(super) fn spoil(row: &mut ResultRow, dirt: Dirt, pair: Pair<'_>) {
    match dirt {
        Dirt::ResultUnknownStatus => row.status = "error",
        Dirt::LatencyPlaceholder => row.latency = Some(json!({"total_ms": 1000})),
        Dirt::LatencyNotMeasured => not_measured(row, pair),
        Dirt::BaselineTokensZero => without_baseline(row, pair),
        Dirt::ResultUnknownAiStatus | Dirt::JudgeUnparsed | Dirt::JudgeFailed | Dirt::JudgeSkipped => {
            judge(row, dirt);
        }
        Dirt::MetricSqlNull => {
            (row.accuracy, row.structure, row.statistics) = (None, None, None);
            (row.custom, row.judged, row.judge_status) = (None, None, None);
            row.latency = None;
        }
        Dirt::MetricJsonNull => {
            row.latency = Some(Value::Null);
            row.comparison = Some(Value::Null);
        }
        Dirt::MetricArray => row.accuracy = Some(json!([0.71, 0.94])),
        Dirt::MetricString => row.custom = Some(json!("not computed")),
        Dirt::MetricNumbersAsText => numbers_to_text(row),
        Dirt::StatisticsNotANumber => {
            row.statistics = Some(json!({
                "t_test": {"significant": false, "p_value": null, "t_statistic": "NaN"},
                "effect_size": {"cohens_d": "NaN", "interpretation": "none"},
                "confidence_interval": {"min": null, "max": null, "confidence": 0.95, "mean": null},
            }));
        }
        Dirt::ResultLongBacktrace => row.fail(COMPARATOR, 420),
        _ => {}
    }
}

/// As the engine writes it when the result span carries no latency.
fn not_measured(row: &mut ResultRow, pair: Pair<'_>) {
    let result = Usage { ms: 0, ..*pair.result };
    let pair = Pair { result: &result, ..pair };
    row.latency = Some(pair.latency(Dialect::Engine));
    row.comparison = Some(pair.comparison(Dialect::Engine));
}

/// As the engine writes it when the baseline span has no tokens.
fn without_baseline(row: &mut ResultRow, pair: Pair<'_>) {
    let baseline = Usage { input: 0, output: 0, reasoning: 0, ..*pair.baseline };
    let pair = Pair { baseline: &baseline, ..pair };
    row.tokens = Some(pair.tokens(Dialect::Engine));
    row.comparison = Some(pair.comparison(Dialect::Engine));
}

fn judge(row: &mut ResultRow, dirt: Dirt) {
    let (value, status) = match dirt {
        Dirt::JudgeUnparsed => (unparsed(), "completed"),
        Dirt::JudgeFailed => (
            json!({
                "status": "failed", "error": "judge model did not answer within 30 s", "semantic_similarity_score": null,
                "coherence_score": null, "comparison_reasoning": "AI comparison failed: judge model did not answer within 30 s",
            }),
            "failed",
        ),
        Dirt::JudgeSkipped => {
            (json!({"status": "skipped", "reason": "no baseline output to compare with"}), "skipped")
        }
        _ => (json!({"semantic_similarity_score": 0.81, "coherence_score": 0.84}), "timeout"),
    };
    row.judged = Some(value);
    row.judge_status = Some(status);
}

fn unparsed() -> Value {
    json!({
        "semantic_similarity_score": 0.5, "coherence_score": 0.5, "hallucination_detected": false,
        "bias_detected": {"gender": false, "race": false, "region": false},
        "tone_consistency": 0.5, "factuality_score": 0.5,
        "comparison_reasoning": "Sure! Here is my evaluation:\n\n**Similarity**: quite high, I'd say 8/10.\n**Facts**: both agree",
    })
}

fn numbers_to_text(row: &mut ResultRow) {
    for column in
        [&mut row.tokens, &mut row.latency, &mut row.accuracy, &mut row.comparison].into_iter().flatten()
    {
        to_text(column);
    }
}

fn to_text(value: &mut Value) {
    match value {
        Value::Number(number) => *value = Value::String(number.to_string()),
        Value::Array(items) => items.iter_mut().for_each(to_text),
        Value::Object(fields) => Map::values_mut(fields).for_each(to_text),
        _ => {}
    }
}
