//! What one answer cost and how good it was: expected by agent, model and date, then sampled.
//!
//! The trends of the history live here, one line each.

use super::dice::Dice;
use super::story::{Agent, Model, Trend};

/// How hard the case of a run is, the same for its baseline and every configuration: runs are paired.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) weight: f64,
    pub(super) difficulty: f64,
}

/// What a configuration changes beyond the model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effect {
    pub(super) input: f64,
    pub(super) output: f64,
    pub(super) pace: f64,
    pub(super) quality: f64,
    pub(super) noise: f64,
}

impl Effect {
    pub(super) const NONE: Self = Self { input: 1.0, output: 1.0, pace: 1.0, quality: 0.0, noise: 1.0 };
}

/// One answer, measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) input: i64,
    pub(super) output: i64,
    pub(super) reasoning: i64,
    pub(super) ms: i64,
    pub(super) first_token_ms: i64,
    pub(super) cost: f64,
    /// 0 to 1; every score column is drawn from it.
    pub(super) quality: f64,
}

impl Usage {
    /// Input and output; reasoning is part of the output.
    pub(super) fn total(&self) -> i64 {
        self.input + self.output
    }

    /// Samples an answer of `agent` on `model`, so many days before the end of the history.
    pub(super) fn of(
        agent: &Agent,
        model: &Model,
        days: f64,
        case: Case,
        effect: Effect,
        dice: &mut Dice,
    ) -> Self {
        let rewrite = agent.prompt_at(days) == 1;
        let bloat = agent.name == "BillingAgent" && Trend::BillingCostJump.on(days);
        let flash = model.name == "gemini-2.5-flash" && Trend::FlashRegression.on(days);
        let drift =
            if model.name == "claude-3-5-sonnet-20241022" { (1.0 - days / 60.0).max(0.0) * 0.6 } else { 0.0 };

        let noise = effect.noise;
        let input = agent.tokens.0 * case.weight * effect.input * if bloat { 1.9 } else { 1.0 };
        let spoken =
            agent.tokens.1 * case.weight * model.verbosity * effect.output * if rewrite { 0.84 } else { 1.0 };
        let thought = spoken * model.reasoning;
        let pace = model.pace * effect.pace * (1.0 + drift);
        let quality = agent.quality + model.quality + effect.quality - case.difficulty
            + if rewrite { 0.1 } else { 0.0 }
            - if flash { 0.19 } else { 0.0 };
        let sample = Sample { input, spoken, thought, ms: agent.latency_ms * case.weight * pace, quality };
        sample.draw(model, noise, dice)
    }
}

struct Sample {
    input: f64,
    spoken: f64,
    thought: f64,
    ms: f64,
    quality: f64,
}

impl Sample {
    fn draw(&self, model: &Model, noise: f64, dice: &mut Dice) -> Usage {
        let input = positive(self.input * dice.around(1.0, 0.04));
        let reasoning = (self.thought * dice.around(1.0, 0.25 * noise)).max(0.0) as i64;
        let output = positive(self.spoken * dice.around(1.0, 0.13 * noise)) + reasoning;
        // A long tail: one call in forty waits for the provider.
        let tail = if dice.chance(0.025) { 1.8 + dice.unit() * 2.5 } else { 1.0 };
        let ms = positive(self.ms * dice.around(1.0, 0.12) * tail);
        Usage {
            input,
            output,
            reasoning,
            ms,
            first_token_ms: positive(ms as f64 * (0.16 + dice.unit() * 0.12)),
            cost: (input as f64 * model.price.0 + output as f64 * model.price.1) / 1e6,
            quality: dice.around(self.quality, 0.045 * noise).clamp(0.03, 0.995),
        }
    }
}

fn positive(value: f64) -> i64 {
    (value as i64).max(1)
}

/// A number with so many decimals, as a JSON writer would round it.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}
