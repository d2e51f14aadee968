//! One run's story: who started it, over which baseline, and how it ended.
//!
//! Two streams of chance: the *cast* (baseline, agent, case, conversation) and the run's own. A run that shares its
//! neighbour's baseline takes its neighbour's cast, so both really replay one conversation.

use chrono::{DateTime, Duration, Timelike, Utc};
use serde_json::json;

use super::agents::AGENTS;
use super::calendar::Calendar;
use super::conversation::{Conversation, Length};
use super::copy::CopyText;
use super::dice::{Dice, Key};
use super::dirt::Dirt;
use super::metric::Dialect;
use super::options::DemoOptions;
use super::story::{Agent, Model};
use super::usage::{Case, Effect, Usage};
use super::{naming, words};
use crate::Result;

/// What is known of a run before its results.
#[derive(Debug)]
pub(super) struct RunStory {
    pub(super) index: u32,
    pub(super) id: i64,
    pub(super) agent: &'static Agent,
    pub(super) model: &'static Model,
    pub(super) instructions: &'static str,
    pub(super) scenario: &'static str,
    pub(super) language: &'static str,
    pub(super) case: Case,
    /// Days from its start to the end of the history.
    pub(super) days: f64,
    pub(super) at: DateTime<Utc>,
    pub(super) baseline_at: DateTime<Utc>,
    pub(super) baseline_span_id: String,
    pub(super) trace_id: String,
    pub(super) baseline: Usage,
    pub(super) answer: String,
    pub(super) talk: Conversation,
    pub(super) dialect: Dialect,
    pub(super) dirt: Option<Dirt>,
    /// Whether somebody ran the AI judge, the text metrics and the team's own metric over it.
    pub(super) judged: bool,
    pub(super) scored: bool,
    pub(super) custom: bool,
    pub(super) lean: bool,
}

/// What every run of a load has in common.
#[derive(Debug)]
pub(super) struct Setting {
    pub(super) options: DemoOptions,
    pub(super) calendar: Calendar,
    pub(super) key: Key,
    pub(super) first_run: i64,
}

impl RunStory {
    /// Draws the run at this place; the second value is the run's own stream.
    pub(super) fn draw(setting: &Setting, index: u32) -> (Self, Dice) {
        let runs = setting.options.runs;
        let dirt = Dirt::of_run(index, runs);
        let cast = if dirt == Some(Dirt::RunBaselineShared) { index - 1 } else { index };
        let at = setting.calendar.at((f64::from(index) + 0.5) / f64::from(runs));
        let days = setting.calendar.days_before_end(at);
        let mut own = setting.key.stream(u64::from(index) * 2 + 1);
        let lean = setting.options.lean();
        let judged = own.chance(if lean { 0.2 } else { 0.55 });
        let story = Self {
            index,
            id: setting.first_run + i64::from(index),
            at,
            days,
            dirt,
            lean,
            judged,
            scored: judged || own.chance(if lean { 0.1 } else { 0.45 }),
            custom: own.chance(if lean { 0.08 } else { 0.25 }),
            dialect: Dialect::of_run(index),
            ..Self::cast(setting.key.stream(u64::from(cast) * 2), cast, days, at, lean)
        };
        (story, own)
    }

    fn cast(mut dice: Dice, cast: u32, days: f64, at: DateTime<Utc>, lean: bool) -> Self {
        let agent =
            dice.pick(&[&AGENTS[0], &AGENTS[0], &AGENTS[1], &AGENTS[2], &AGENTS[3], &AGENTS[3], &AGENTS[4]]);
        let model = agent.model_at(days);
        let case = Case { weight: dice.around(1.0, 0.22).max(0.4), difficulty: dice.around(0.0, 0.05) };
        let baseline_span_id = span_id(&mut dice);
        let baseline = Usage::of(agent, model, days, case, Effect::NONE, &mut dice);
        Self {
            index: cast,
            id: 0,
            agent,
            model,
            instructions: agent.prompts[agent.prompt_at(days)],
            scenario: dice.pick(agent.scenarios),
            language: dice.pick(&["nl", "de", "en", "fr", "en", "nl"]),
            case,
            days,
            at,
            baseline_at: at - Duration::seconds(dice.between(90, 7_000)),
            baseline_span_id,
            trace_id: trace_id(&mut dice),
            baseline,
            answer: words::answer(agent, 3, &mut dice),
            talk: Conversation::draw(agent, Length::of_run(cast, lean), &mut dice),
            dialect: Dialect::Engine,
            dirt: None,
            judged: false,
            scored: false,
            custom: false,
            lean,
        }
    }

    /// Whether the run stopped before its first configuration or its first result.
    pub(super) fn has_configurations(&self) -> bool {
        self.dirt != Some(Dirt::RunPendingEmpty)
    }

    /// Whether results exist.
    pub(super) fn has_results(&self) -> bool {
        !matches!(self.dirt, Some(Dirt::RunPendingEmpty | Dirt::RunFailedWithoutReason))
    }

    /// Whether its conversation is too heavy to be repeated in every result.
    pub(super) fn is_heavy(&self) -> bool {
        let cast = if self.dirt == Some(Dirt::RunBaselineShared) { self.index - 1 } else { self.index };
        Length::of_run(cast, self.lean).is_heavy()
    }

    /// Whether it stopped halfway.
    pub(super) fn is_cut_short(&self) -> bool {
        matches!(self.dirt, Some(Dirt::RunStuckRunning | Dirt::RunCancelled))
    }

    fn status(&self) -> &'static str {
        match self.dirt {
            Some(Dirt::RunStuckRunning) => "running",
            Some(Dirt::RunPendingEmpty) => "pending",
            Some(Dirt::RunFailedWithoutReason) => "failed",
            Some(Dirt::RunCancelled) => "cancelled",
            Some(Dirt::RunUnknownStatus) => "error",
            _ => "completed",
        }
    }

    /// Writes the row; `focus` is the candidate model that it may be named after. A run ends when its last result has ended.
    pub(super) fn write(
        &self,
        copy: &mut CopyText,
        focus: Option<&str>,
        ended: DateTime<Utc>,
        dice: &mut Dice,
    ) -> Result<()> {
        let status = self.status();
        let started = (status != "pending").then(|| self.at + Duration::milliseconds(40));
        let completed = (!matches!(status, "pending" | "running")).then_some(ended);
        let initiated_by = self.initiated_by(dice);
        let tags = if initiated_by == "nightly-ci" {
            json!(["nightly", self.agent.topic])
        } else {
            json!([self.agent.topic])
        };
        let mut metadata = json!({"tags": tags, "version": format!("1.{}", (150.0 - self.days) as i64 / 12)});
        if self.index % 7 == 3 {
            metadata["annotations"] =
                json!([{"by": "rosa", "text": "compare with last week before the rollout"}]);
        }
        let metadata = (self.dirt != Some(Dirt::RunMetadataNull)).then_some(&metadata);
        copy.number(self.id).text(&naming::name(self, focus))?.optional(naming::description(self))?;
        copy.text(status)?.text(&self.dangling_or_real(dice))?.text(initiated_by)?.json(metadata)?;
        copy.optional_moment(started).optional_moment(completed).moment(self.at);
        copy.moment(completed.or(started).unwrap_or(self.at)).end();
        Ok(())
    }

    fn dangling_or_real(&self, dice: &mut Dice) -> String {
        if self.dirt == Some(Dirt::RunBaselineDangling) {
            span_id(dice)
        } else {
            self.baseline_span_id.clone()
        }
    }

    fn initiated_by(&self, dice: &mut Dice) -> &'static str {
        if self.at.hour() < 4 {
            return "nightly-ci";
        }
        dice.pick(&["rosa", "jonas", "m.okafor", "lin", "test_user", "anna@shop.example", "rosa"])
    }
}

/// A span id as the tracer makes it.
pub(super) fn span_id(dice: &mut Dice) -> String {
    format!("span_{}", dice.hex(24))
}

/// A trace id as the tracer makes it.
pub(super) fn trace_id(dice: &mut Dice) -> String {
    format!("trace_{}", dice.hex(32))
}
