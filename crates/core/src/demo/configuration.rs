//! The configurations of a run: three to five variants of the baseline, of all five types.
//!
//! The type follows the engine's rule: one recognised key gives its type, several or none give `combined`,
//! so a model of another provider is combined, and so is a change of the tools alone.

use serde_json::{Value, json};

use super::copy::CopyText;
use super::dice::Dice;
use super::dirt::Dirt;
use super::story::{Agent, CANDIDATES, Model};
use super::usage::Effect;
use crate::Result;
use chrono::{DateTime, Utc};

/// One variant of the baseline.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) kind: &'static str,
    pub(super) changes: Value,
    pub(super) hypothesis: &'static str,
    pub(super) model: &'static Model,
    pub(super) temperature: f64,
    pub(super) max_tokens: i64,
    pub(super) instructions: String,
    pub(super) effect: Effect,
    pub(super) order: i64,
    pub(super) dirt: Option<Dirt>,
}

/// The baseline that variants start from.
#[derive(Debug, Clone)]
pub(super) struct Baseline {
    pub(super) agent: &'static Agent,
    pub(super) model: &'static Model,
    pub(super) instructions: &'static str,
}

/// How many configurations the run has. Its own draw, since the ids of later runs depend on it.
pub(super) fn count(dice: &mut Dice) -> usize {
    dice.between(3, 5) as usize
}

/// Draws so many variants, no two alike.
pub(super) fn draw(baseline: &Baseline, count: usize, dice: &mut Dice) -> Vec<Variant> {
    let mut recipes: Vec<usize> = (0..RECIPES.len()).collect();
    let mut drawn: Vec<Variant> = Vec::with_capacity(count);
    while drawn.len() < count && !recipes.is_empty() {
        let at = dice.between(0, recipes.len() as i64 - 1) as usize;
        let variant = RECIPES[recipes[at]](baseline, dice);
        // Models are what most people compare: that recipe may come again with another model.
        if recipes[at] != 0 || drawn.len() > 2 {
            recipes.swap_remove(at);
        }
        if drawn.iter().all(|other| other.name != variant.name) {
            drawn.push(variant);
        }
    }
    drawn
}

type Recipe = fn(&Baseline, &mut Dice) -> Variant;

static RECIPES: [Recipe; 8] = [model, model, temperature, max_tokens, brief, examples, provider, tools];

fn base(baseline: &Baseline) -> Variant {
    Variant {
        id: 0,
        name: String::new(),
        kind: "combined",
        changes: json!({}),
        hypothesis: "",
        model: baseline.model,
        temperature: 0.7,
        max_tokens: 800,
        instructions: baseline.instructions.to_owned(),
        effect: Effect::NONE,
        order: 0,
        dirt: None,
    }
}

fn model(baseline: &Baseline, dice: &mut Dice) -> Variant {
    let mut model = dice.pick(&CANDIDATES);
    while model.name == baseline.model.name {
        model = dice.pick(&CANDIDATES);
    }
    let same = model.provider == baseline.model.provider;
    let (kind, changes) = if same {
        ("model_change", json!({"model": model.name}))
    } else {
        ("combined", json!({"model": model.name, "provider": model.provider}))
    };
    let hypothesis =
        if model.price.1 < baseline.model.price.1 { "as good for less money" } else { "better answers" };
    Variant { name: model.name.to_owned(), kind, changes, hypothesis, model, ..base(baseline) }
}

fn temperature(baseline: &Baseline, dice: &mut Dice) -> Variant {
    let value = *dice.pick(&[&0.0, &0.2, &1.0, &1.3]);
    let effect =
        Effect { noise: 0.6 + value, quality: if value > 0.9 { -0.05 } else { 0.01 }, ..Effect::NONE };
    // Older callers write the override flat, newer ones under parameters.
    let flat = dice.chance(0.25);
    let (kind, changes) = if flat {
        ("combined", json!({"temperature": value}))
    } else {
        ("parameter_change", json!({"parameters": {"temperature": value, "top_p": 0.95}}))
    };
    let name = format!("temperature {value:.1}");
    let hypothesis = "steadier answers without losing warmth";
    Variant { name, kind, changes, hypothesis, temperature: value, effect, ..base(baseline) }
}

fn max_tokens(baseline: &Baseline, dice: &mut Dice) -> Variant {
    let value = *dice.pick(&[&150_i64, &300, &2000]);
    let cut = if value < 200 { 0.62 } else { 0.95 };
    let effect = Effect {
        output: if value > 1000 { 1.12 } else { cut },
        pace: if value > 1000 { 1.06 } else { cut },
        quality: if value < 200 { -0.08 } else { 0.0 },
        ..Effect::NONE
    };
    let changes = json!({"parameters": {"max_tokens": value}});
    let hypothesis = "shorter is cheaper and read to the end";
    let name = format!("max_tokens {value}");
    Variant {
        name,
        kind: "parameter_change",
        changes,
        hypothesis,
        max_tokens: value,
        effect,
        ..base(baseline)
    }
}

fn brief(baseline: &Baseline, _: &mut Dice) -> Variant {
    let instructions =
        format!("{}\nAnswer in at most three sentences. No greeting, no summary.", baseline.instructions);
    let effect = Effect { input: 1.02, output: 0.6, pace: 0.72, quality: 0.015, ..Effect::NONE };
    prompt(baseline, "brief prompt", instructions, effect)
}

fn examples(baseline: &Baseline, _: &mut Dice) -> Variant {
    let agent = baseline.agent;
    let instructions = format!(
        "{}\n\nExample 1\nCustomer: {}\nYou: {}\n\nExample 2\nCustomer: {}\nYou: {}",
        baseline.instructions, agent.openings[0], agent.answers[0], agent.openings[1], agent.answers[1]
    );
    let effect = Effect { input: 1.35, output: 1.05, pace: 1.08, quality: 0.06, noise: 0.8 };
    prompt(baseline, "prompt with two examples", instructions, effect)
}

fn prompt(baseline: &Baseline, name: &str, instructions: String, effect: Effect) -> Variant {
    let changes = json!({"instructions": instructions});
    let hypothesis = "clearer instructions beat a bigger model";
    Variant {
        name: name.to_owned(),
        kind: "prompt_change",
        changes,
        hypothesis,
        instructions,
        effect,
        ..base(baseline)
    }
}

fn provider(baseline: &Baseline, dice: &mut Dice) -> Variant {
    let name = dice.pick(&["azure_openai", "openrouter", "litellm"]);
    let effect = Effect { pace: 0.9 + dice.unit() * 0.5, ..Effect::NONE };
    let changes = json!({"provider": name});
    let hypothesis = "same answers from a closer region";
    Variant {
        name: format!("via {name}"),
        kind: "provider_change",
        changes,
        hypothesis,
        effect,
        ..base(baseline)
    }
}

fn tools(baseline: &Baseline, _: &mut Dice) -> Variant {
    let effect = Effect { input: 0.86, quality: -0.04, pace: 0.93, ..Effect::NONE };
    let changes = json!({"tools": &baseline.agent.tools[..2]});
    let hypothesis = "fewer tools, fewer wrong calls";
    Variant { name: "two tools only".to_owned(), changes, hypothesis, effect, ..base(baseline) }
}

impl Variant {
    /// Writes the row, spoiled as its dirt says.
    pub(super) fn write(&self, copy: &mut CopyText, run: i64, at: DateTime<Utc>) -> Result<()> {
        let kind = if self.dirt == Some(Dirt::ConfigurationUnknownType) { "tool_change" } else { self.kind };
        let array = json!([self.changes]);
        let not_object = self.dirt == Some(Dirt::ConfigurationChangesNotObject);
        let changes = if not_object { &array } else { &self.changes };
        let metadata = json!({"hypothesis": self.hypothesis, "expected_outcome": self.expectation()});
        let metadata = (self.dirt != Some(Dirt::ConfigurationMetadataNull)).then_some(&metadata);
        copy.number(self.id).number(run).text(&self.name)?.text(kind)?.json(Some(changes))?;
        copy.number(self.order).json(metadata)?.moment(at).moment(at).end();
        Ok(())
    }

    fn expectation(&self) -> &'static str {
        if self.effect.quality > 0.0 {
            "quality up, cost about the same"
        } else {
            "cost down, quality within 0.05"
        }
    }
}
