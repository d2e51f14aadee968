//! The judged columns: accuracy, structure, the AI judge, statistics, a team's own metric. All from one quality.
//!
//! The engine fills none of these, so most rows hold `{}`; the runs of people who ran the judges hold them all.

use serde_json::{Value, json};

use super::dice::Dice;
use super::metric::{Dialect, Pair, percent};
use super::story::Agent;
use super::usage::rounded;

/// The scores of one result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scores {
    similarity: f64,
    coherence: f64,
    tone: f64,
    factuality: f64,
    fuzzy: f64,
    hallucinated: bool,
}

impl Scores {
    /// Draws them around the quality of the answer.
    pub(super) fn draw(quality: f64, dice: &mut Dice) -> Self {
        let mut near =
            |shift: f64, spread: f64| rounded(dice.around(quality + shift, spread).clamp(0.0, 1.0), 4);
        let (similarity, coherence, tone) = (near(0.04, 0.03), near(0.09, 0.03), near(0.06, 0.04));
        let (factuality, fuzzy) = (near(0.03, 0.05), near(-0.08, 0.05));
        let hallucinated = factuality < 0.5 || dice.chance((0.75 - factuality).max(0.01) * 0.4);
        Self { similarity, coherence, tone, factuality, fuzzy, hallucinated }
    }

    /// accuracy_metrics.
    pub(super) fn accuracy(&self, dialect: Dialect, pair: Pair<'_>) -> Value {
        let exact = self.fuzzy > 0.985;
        let ratio = pair.result.output.min(pair.baseline.output) as f64
            / pair.result.output.max(pair.baseline.output) as f64;
        match dialect {
            Dialect::Engine => {
                json!({"exact_match": exact, "fuzzy_match": self.fuzzy, "length_ratio": rounded(ratio, 4)})
            }
            Dialect::Schema => json!({
                "exact_match": exact, "fuzzy_match": self.fuzzy,
                "bleu_score": rounded(self.fuzzy * 0.71, 4), "f1_score": rounded(self.fuzzy * 0.93, 4),
            }),
            Dialect::Docs => json!({
                "exact_match": exact, "fuzzy_match_score": self.fuzzy,
                "edit_distance": ((1.0 - self.fuzzy) * pair.result.output as f64 * 4.1) as i64,
                "word_overlap": rounded(self.fuzzy * 0.88, 4), "bleu_score": rounded(self.fuzzy * 0.71, 4),
                "character_accuracy": rounded(self.fuzzy * 0.97, 4),
            }),
        }
    }

    /// structural_metrics. A token is about four characters.
    pub(super) fn structure(&self, dialect: Dialect, pair: Pair<'_>) -> Value {
        let (base, result) = (pair.baseline.output * 4, pair.result.output * 4);
        let valid = self.coherence > 0.55;
        match dialect {
            Dialect::Engine => json!({"output_length": result, "format_valid": valid, "has_content": true}),
            Dialect::Schema => json!({"output_length": result, "format_valid": valid, "schema_valid": valid}),
            Dialect::Docs => json!({
                "baseline_length": base, "result_length": result, "length_delta": result - base,
                "length_delta_percentage": percent(base as f64, result as f64), "format_valid": valid,
                "has_code_blocks": false, "code_block_count": 0, "has_lists": result > 700, "has_links": false,
                "schema_valid": valid, "schema_errors": if valid { json!([]) } else { json!(["answer: too short"]) },
            }),
        }
    }

    /// ai_comparison.
    pub(super) fn judged(&self, dialect: Dialect) -> Value {
        let mut judged = json!({
            "semantic_similarity_score": self.similarity, "coherence_score": self.coherence,
            "hallucination_detected": self.hallucinated,
            "bias_detected": {"gender": false, "race": false, "region": false},
            "tone_consistency": self.tone, "factuality_score": self.factuality,
            "comparison_reasoning": self.reasoning(),
        });
        if dialect == Dialect::Docs {
            self.add_docs(&mut judged);
        }
        judged
    }

    fn add_docs(&self, judged: &mut Value) {
        judged["relevance_score"] = json!(rounded((self.similarity + self.coherence) / 2.0, 4));
        judged["hallucination_details"] =
            if self.hallucinated { json!(["an order date that no tool returned"]) } else { json!([]) };
        judged["toxicity_detected"] = json!(false);
        judged["pii_detected"] = json!(false);
        judged["policy_compliant"] = json!(self.factuality > 0.6);
        judged["evaluation_model"] = json!("gpt-4o");
        judged["evaluation_cost"] = json!(0.0043);
        judged["evaluation_latency_ms"] = json!(2310);
    }

    fn reasoning(&self) -> &'static str {
        match (self.hallucinated, self.similarity) {
            (true, _) => {
                "It names a date that is in none of the tool results. Everything else agrees with the baseline."
            }
            (_, s) if s > 0.9 => "Same facts in the same order, and a little shorter.",
            (_, s) if s > 0.75 => {
                "Same decision. It leaves out when the money arrives, which the baseline says."
            }
            (_, s) if s > 0.6 => "The main fact is there, but the customer's second question stays open.",
            _ => "It answers another question than the one that was asked.",
        }
    }

    /// custom_metrics: one of the team's own, in a shape of the team's own.
    pub(super) fn custom(&self, agent: &Agent, pair: Pair<'_>) -> Value {
        let (before, after) = (rounded(pair.baseline.quality * 5.0, 2), rounded(self.tone * 5.0, 2));
        let interpretation = if after >= before { "better than before" } else { "worse than before" };
        let mut custom = json!({});
        custom[agent.metric] = json!({
            "baseline_score": before, "result_score": after, "change": percent(before, after),
            "interpretation": interpretation,
        });
        custom["response_length"] = json!({"result_word_count": pair.result.output * 3 / 4, "meets_requirement": pair.result.output < 260});
        custom
    }
}

/// statistical_analysis of a configuration's repetitions.
pub(super) fn statistics(dialect: Dialect, pair: Pair<'_>, samples: u32) -> Value {
    let (base, result) = (pair.baseline.total() as f64, pair.result.total() as f64);
    let (spread, difference) = (base * 0.08, result - base);
    let d = rounded(difference / spread, 3);
    let significant = d.abs() > 0.6;
    let p = rounded((0.5 / (1.0 + d * d * f64::from(samples))).min(0.99), 4);
    let size = ["negligible", "small", "medium", "large"][((d.abs() / 0.3) as usize).min(3)];
    let interval = [rounded(difference - 1.96 * spread, 2), rounded(difference + 1.96 * spread, 2)];
    match dialect {
        Dialect::Engine => json!({
            "confidence_interval": {"min": interval[0], "max": interval[1], "confidence": 0.95, "mean": difference},
            "t_test": {
                "significant": significant, "p_value": p, "t_statistic": rounded(d * 1.6, 3),
                "baseline_mean": base, "result_mean": result,
            },
            "effect_size": {"cohens_d": d, "interpretation": size},
        }),
        Dialect::Schema => json!({
            "confidence_intervals": {"token_diff": interval},
            "significance_test": {"p_value": p, "significant": significant},
            "variance": {"token_usage": rounded(spread * spread, 2)}, "effect_size": {"cohens_d": d},
        }),
        Dialect::Docs => json!({
            "baseline_mean": base, "result_mean": result, "baseline_std_dev": rounded(spread, 2),
            "result_std_dev": rounded(spread * 1.1, 2),
            "result_ci": [rounded(result - 1.96 * spread, 2), rounded(result + 1.96 * spread, 2)],
            "ci_overlap": !significant, "t_statistic": rounded(d * 1.6, 3), "p_value": p,
            "significant": significant, "alpha": 0.05, "cohens_d": d, "effect_size_interpretation": size,
            "baseline_sample_size": samples, "result_sample_size": samples, "sufficient_samples": samples >= 10,
        }),
    }
}
