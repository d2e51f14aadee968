//! A result row: metrics by dialect, errors, times. The engine never sets started_at, so durations are not to be had.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::configuration::Variant;
use super::copy::CopyText;
use super::dice::Dice;
use super::metric::{Dialect, Pair};
use super::quality::{Scores, statistics};
use super::run::RunStory;
use super::usage::Usage;
use crate::Result;

/// The columns of a result; a metric of `None` is SQL NULL.
#[derive(Debug, Clone)]
pub(super) struct ResultRow {
    pub(super) run: i64,
    pub(super) configuration: i64,
    pub(super) span_id: String,
    pub(super) status: &'static str,
    pub(super) tokens: Option<Value>,
    pub(super) latency: Option<Value>,
    pub(super) accuracy: Option<Value>,
    pub(super) structure: Option<Value>,
    pub(super) judged: Option<Value>,
    pub(super) judge_status: Option<&'static str>,
    pub(super) statistics: Option<Value>,
    pub(super) custom: Option<Value>,
    pub(super) comparison: Option<Value>,
    pub(super) error: Option<&'static str>,
    pub(super) backtrace: Option<String>,
    pub(super) completed: Option<DateTime<Utc>>,
    pub(super) at: DateTime<Utc>,
}

impl ResultRow {
    /// A row without anything measured.
    pub(super) fn empty(run: i64, variant: &Variant, span_id: String, at: DateTime<Utc>) -> Self {
        let none = || Some(json!({}));
        Self {
            run,
            configuration: variant.id,
            span_id,
            status: "completed",
            tokens: none(),
            latency: none(),
            accuracy: none(),
            structure: none(),
            judged: none(),
            judge_status: None,
            statistics: none(),
            custom: none(),
            comparison: none(),
            error: None,
            backtrace: None,
            completed: None,
            at,
        }
    }

    /// Fills the metrics that the run's people had.
    pub(super) fn measure(&mut self, run: &RunStory, usage: &Usage, samples: u32, dice: &mut Dice) {
        let pair = Pair { baseline: &run.baseline, result: usage };
        let dialect = run.dialect;
        self.tokens = Some(pair.tokens(dialect));
        self.latency = Some(pair.latency(dialect));
        self.comparison = Some(pair.comparison(dialect));
        self.completed = Some(self.at + Duration::milliseconds(usage.ms.min(60_000)));
        if run.scored || run.custom {
            self.score(run, pair, samples, dice);
        }
    }

    fn score(&mut self, run: &RunStory, pair: Pair<'_>, samples: u32, dice: &mut Dice) {
        let scores = Scores::draw(pair.result.quality, dice);
        let dialect: Dialect = run.dialect;
        if run.scored {
            self.accuracy = Some(scores.accuracy(dialect, pair));
            self.structure = Some(scores.structure(dialect, pair));
        }
        if run.judged {
            self.judged = Some(scores.judged(dialect));
            self.judge_status = Some("completed");
            self.statistics = Some(statistics(dialect, pair, samples));
        }
        if run.custom {
            self.custom = Some(scores.custom(run.agent, pair));
        }
    }

    /// Makes it a failed one, with the engine's habit of inventing a span id.
    pub(super) fn fail(&mut self, error: &'static str, frames: usize) {
        self.status = "failed";
        self.error = Some(error);
        self.backtrace = Some(backtrace(frames));
        self.completed = Some(self.at + Duration::milliseconds(210));
    }

    /// Writes the row.
    pub(super) fn write(&self, copy: &mut CopyText, id: i64) -> Result<()> {
        copy.number(id).number(self.run).number(self.configuration).text(&self.span_id)?.text(self.status)?;
        copy.json(self.tokens.as_ref())?.json(self.latency.as_ref())?.json(self.accuracy.as_ref())?;
        copy.json(self.structure.as_ref())?.json(self.judged.as_ref())?.optional(self.judge_status)?;
        copy.json(self.statistics.as_ref())?.json(self.custom.as_ref())?.json(self.comparison.as_ref())?;
        copy.optional(self.error)?.optional(self.backtrace.as_deref())?.optional_moment(self.completed);
        copy.moment(self.at).moment(self.completed.unwrap_or(self.at)).end();
        Ok(())
    }
}

const ERRORS: [&str; 6] = [
    RATE_LIMIT,
    "Net::ReadTimeout with #<TCPSocket:(closed)>",
    "RAAF::Errors::ModelBehaviorError: tool call with malformed arguments: unexpected token at '{\"order_id\": NL'",
    "ContextLengthExceeded: 131072 tokens is the model's maximum, 133870 were sent",
    "OverloadedError: 529 overloaded_error",
    COMPARATOR,
];

/// Why a result failed, drawn.
pub(super) fn error(dice: &mut Dice) -> &'static str {
    dice.pick(&ERRORS)
}

/// What fails one configuration throughout.
pub(super) const RATE_LIMIT: &str = "RateLimitError: 429 Too Many Requests, retry after 20 s";
/// What fails every result of a run.
pub(super) const NO_KEY: &str = "AuthenticationError: 401 Incorrect API key provided: sk-...redacted";
/// How the engine's comparator fails after the row exists.
pub(super) const COMPARATOR: &str = "undefined method '>' for nil (NoMethodError)";

fn backtrace(frames: usize) -> String {
    const FILES: [&str; 6] = [
        "lib/raaf/eval/evaluation_engine.rb",
        "lib/raaf/eval/comparators/baseline_comparator.rb",
        "lib/raaf/runner.rb",
        "lib/raaf/models/responses_provider.rb",
        "lib/raaf/step_processor.rb",
        "vendor/bundle/gems/faraday-2.9.0/lib/faraday/connection.rb",
    ];
    const METHODS: [&str; 5] = ["execute_configuration", "block in run", "call", "compare", "each"];
    let lines: Vec<String> = (0..frames)
        .map(|at| format!("{}:{}:in `{}'", FILES[at * 5 % 6], 20 + at * 17 % 311, METHODS[at * 3 % 5]))
        .collect();
    lines.join("\n")
}
