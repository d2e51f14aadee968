//! Who evaluates what with which models, and what changed over the months.
//!
//! Five things are there to be found, and `Trend::ALL` says which and when; each is one line in `Usage::of`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A model with what it costs and how it behaves beside gpt-4o.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) provider: &'static str,
    /// USD per million tokens in and out.
    pub(super) price: (f64, f64),
    /// Latency, length of the answer and quality, relative to the agent's usual.
    pub(super) pace: f64,
    pub(super) verbosity: f64,
    pub(super) quality: f64,
    /// Reasoning tokens for each output token.
    pub(super) reasoning: f64,
}

const fn model(
    name: &'static str,
    provider: &'static str,
    price: (f64, f64),
    traits: (f64, f64, f64, f64),
) -> Model {
    let (pace, verbosity, quality, reasoning) = traits;
    Model { name, provider, price, pace, verbosity, quality, reasoning }
}

pub(super) static GPT_4O: Model = model("gpt-4o", "openai", (2.5, 10.0), (1.0, 1.0, 0.0, 0.0));
pub(super) static GPT_4O_MINI: Model = model("gpt-4o-mini", "openai", (0.15, 0.6), (0.62, 0.94, -0.06, 0.0));
pub(super) static GPT_41_MINI: Model = model("gpt-4.1-mini", "openai", (0.4, 1.6), (0.7, 0.9, -0.02, 0.0));
pub(super) static O4_MINI: Model = model("o4-mini", "openai", (1.1, 4.4), (2.3, 1.05, 0.05, 2.6));
pub(super) static SONNET: Model =
    model("claude-3-5-sonnet-20241022", "anthropic", (3.0, 15.0), (1.2, 1.18, 0.04, 0.0));
pub(super) static HAIKU: Model =
    model("claude-3-5-haiku-20241022", "anthropic", (0.8, 4.0), (0.66, 1.02, -0.05, 0.0));
pub(super) static FLASH: Model = model("gemini-2.5-flash", "google", (0.3, 2.5), (0.55, 1.1, -0.01, 0.4));
pub(super) static LLAMA: Model =
    model("llama-3.3-70b-versatile", "groq", (0.59, 0.79), (0.34, 0.86, -0.1, 0.0));

/// The models that a baseline is compared with.
pub(super) static CANDIDATES: [&Model; 8] =
    [&GPT_4O, &GPT_4O_MINI, &GPT_41_MINI, &O4_MINI, &SONNET, &HAIKU, &FLASH, &LLAMA];

/// An agent under evaluation.
#[derive(Debug)]
pub(super) struct Agent {
    pub(super) name: &'static str,
    pub(super) topic: &'static str,
    pub(super) model: &'static Model,
    /// The prompt before and after its rewrite.
    pub(super) prompts: [&'static str; 2],
    pub(super) scenarios: &'static [&'static str],
    pub(super) tools: &'static [&'static str],
    pub(super) hands_to: &'static str,
    pub(super) openings: &'static [&'static str],
    pub(super) answers: &'static [&'static str],
    /// Usual tokens in and out, milliseconds and quality.
    pub(super) tokens: (f64, f64),
    pub(super) latency_ms: f64,
    pub(super) quality: f64,
    /// A metric of this team's own, by its registered name.
    pub(super) metric: &'static str,
}

/// What happened over the months, for whoever looks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Trend {
    /// gemini-2.5-flash answers worse, for every agent, since 45 days before the end.
    FlashRegression,
    /// RefundAgent has a rewritten prompt since 80 days before the end: better and shorter.
    RefundPromptRewrite,
    /// claude-3-5-sonnet-20241022 has become slower every day of the last 60, by 60 % in all.
    SonnetLatencyDrift,
    /// BillingAgent reads nearly twice the tokens since 30 days before the end: its context has bloated.
    BillingCostJump,
    /// SearchAgent went from gpt-4o to gpt-4.1-mini 60 days before the end: cheaper, nearly as good.
    SearchModelSwitch,
}

impl Trend {
    /// Every trend.
    pub const ALL: [Self; 5] = [
        Self::FlashRegression,
        Self::RefundPromptRewrite,
        Self::SonnetLatencyDrift,
        Self::BillingCostJump,
        Self::SearchModelSwitch,
    ];

    /// How many days before the end of the history it began.
    pub fn began_days_before_end(self) -> u32 {
        match self {
            Self::FlashRegression => 45,
            Self::RefundPromptRewrite => 80,
            Self::SonnetLatencyDrift | Self::SearchModelSwitch => 60,
            Self::BillingCostJump => 30,
        }
    }

    /// Whether it is on, so many days before the end.
    pub(super) fn on(self, days_before_end: f64) -> bool {
        days_before_end < f64::from(self.began_days_before_end())
    }
}

impl Agent {
    /// The model that it runs on at that time.
    pub(super) fn model_at(&self, days_before_end: f64) -> &'static Model {
        match self.name {
            "SearchAgent" if Trend::SearchModelSwitch.on(days_before_end) => &GPT_41_MINI,
            _ => self.model,
        }
    }

    /// Which of its prompts is live at that time.
    pub(super) fn prompt_at(&self, days_before_end: f64) -> usize {
        usize::from(self.name == "RefundAgent" && Trend::RefundPromptRewrite.on(days_before_end))
    }
}
