//! A run while it is written: its head, then one result after the other, configuration by configuration.

use chrono::{DateTime, Duration, Utc};
use serde_json::{Value, json};

use super::configuration::Variant;
use super::conversation::Conversation;
use super::dice::Dice;
use super::dirt::Dirt;
use super::history::Pen;
use super::metric::Pair;
use super::result::{self, ResultRow};
use super::run::{self, RunStory};
use super::span::{self, Answer, SpanRow};
use super::spoil::spoil;
use super::usage::Usage;
use super::{trace, words};
use crate::Result;

/// In a lean history so many repetitions share one result span.
const SHARING: u64 = 20;

/// A run with its configurations and how far it is.
#[derive(Debug)]
pub(super) struct RunningRun {
    story: RunStory,
    variants: Vec<Variant>,
    quota: u64,
    done: u64,
    /// From one result to the next.
    step: Duration,
    /// The span that a lean history shares: its configuration and id.
    shared: Option<(i64, String)>,
    dice: Dice,
}

impl RunningRun {
    /// Plans when the results come: at the pace of the agent, but never after the end of the history.
    pub(super) fn new(
        story: RunStory,
        variants: Vec<Variant>,
        quota: u64,
        until: DateTime<Utc>,
        dice: Dice,
    ) -> Self {
        let quota = if variants.is_empty() { 0 } else { quota };
        let pace = Duration::milliseconds(story.baseline.ms + 700);
        let room = (until - story.at).num_microseconds().unwrap_or(0) / (quota as i64 + 60);
        let step = pace.min(Duration::microseconds(room.max(1)));
        Self { story, variants, quota, done: 0, step, shared: None, dice }
    }

    /// Writes the run, its baseline with the trace below it, and its configurations.
    pub(super) fn write_head(&mut self, pen: &mut Pen) -> Result<()> {
        if let Some(dirt) = self.story.dirt {
            pen.tally.add(dirt);
        }
        let ended = self.time_of(self.quota) + Duration::seconds(1).min(self.step);
        self.story.write(&mut pen.batch.runs, self.focus(), ended, &mut self.dice)?;
        pen.next.runs += 1;
        if self.story.dirt != Some(Dirt::RunBaselineShared) {
            self.write_baseline(pen)?;
        }
        for variant in &self.variants {
            variant.write(
                &mut pen.batch.configurations,
                self.story.id,
                self.story.at + Duration::milliseconds(12),
            )?;
            if let Some(dirt) = variant.dirt {
                pen.tally.add(dirt);
            }
        }
        Ok(())
    }

    /// The first other model that is tried.
    fn focus(&self) -> Option<&'static str> {
        let names = self.variants.iter().map(|variant| variant.model.name);
        names.into_iter().find(|name| *name != self.story.model.name)
    }

    fn write_baseline(&mut self, pen: &mut Pen) -> Result<()> {
        let story = &self.story;
        if story.dirt == Some(Dirt::RunBaselineDangling) {
            return Ok(());
        }
        let deep = trace::is_deep(story.index, story.lean);
        let answer = Answer { text: &story.answer, usage: &story.baseline, at: story.baseline_at };
        let data = span::baseline(story, &story.talk, answer);
        let source = match story.index % 8 {
            _ if deep => "production_trace",
            3 => "manual_upload",
            6 => "production_trace",
            _ => "evaluation_run",
        };
        pen.span(&SpanRow {
            span_id: &story.baseline_span_id,
            trace_id: &story.trace_id,
            parent: None,
            kind: "agent",
            data: &data,
            source,
            run: None,
            at: story.at,
        })?;
        if deep { pen.trace(story, &trace::draw(story, &mut self.dice)) } else { Ok(()) }
    }

    /// Writes the next result; false when there is none.
    pub(super) fn write_result(&mut self, pen: &mut Pen) -> Result<bool> {
        if self.done == self.quota {
            return Ok(false);
        }
        let number = (pen.next.results - pen.first.results) as u64;
        let at = self.time_of(self.done);
        let place = (self.done * self.variants.len() as u64 / self.quota) as usize;
        self.write_next(number, place, at, pen)?;
        self.done += 1;
        Ok(true)
    }

    fn write_next(&mut self, number: u64, place: usize, at: DateTime<Utc>, pen: &mut Pen) -> Result<()> {
        let last = self.done + 1 == self.quota;
        match self.story.dirt {
            Some(Dirt::RunAllFailed) => return self.write_failed(place, at, result::NO_KEY, pen),
            Some(Dirt::RunPartlyFailed) if place == 1 => {
                return self.write_failed(place, at, result::RATE_LIMIT, pen);
            }
            Some(Dirt::RunStuckRunning) if last => return self.write_stuck(place, at, pen),
            Some(Dirt::RunStuckRunning | Dirt::RunCancelled | Dirt::RunPartlyFailed) => {
                return self.write_sound(place, at, None, pen);
            }
            _ => {}
        }
        match Dirt::of_result(number) {
            Some(Dirt::ResultStuckRunning) if last => self.write_sound(place, at, None, pen),
            Some(Dirt::ResultStuckRunning) => self.write_pair(place, at, pen),
            None if self.dice.chance(0.004) => {
                let error = result::error(&mut self.dice);
                self.write_failed(place, at, error, pen)
            }
            dirt => self.write_sound(place, at, dirt, pen),
        }
    }

    fn time_of(&self, number: u64) -> DateTime<Utc> {
        self.story.at
            + Duration::milliseconds(900).min(self.step)
            + self.step * i32::try_from(number).unwrap_or(i32::MAX)
    }

    fn usage(&mut self, place: usize) -> Usage {
        let (story, variant) = (&self.story, &self.variants[place]);
        Usage::of(story.agent, variant.model, story.days, story.case, variant.effect, &mut self.dice)
    }

    fn write_sound(
        &mut self,
        place: usize,
        at: DateTime<Utc>,
        dirt: Option<Dirt>,
        pen: &mut Pen,
    ) -> Result<()> {
        let usage = self.usage(place);
        let span_id = match dirt {
            Some(Dirt::ResultSpanDangling) => run::span_id(&mut self.dice),
            _ => self.write_span(place, &usage, at, pen)?,
        };
        let samples = (self.quota / self.variants.len() as u64) as u32;
        let mut row = ResultRow::empty(self.story.id, &self.variants[place], span_id, at);
        row.measure(&self.story, &usage, samples, &mut self.dice);
        if let Some(dirt) = dirt.filter(|dirt| *dirt != Dirt::ResultOfAnotherRun || self.story.index > 0) {
            pen.tally.add(dirt);
            spoil(&mut row, dirt, Pair { baseline: &self.story.baseline, result: &usage });
            if dirt == Dirt::ResultOfAnotherRun {
                // The first run is always a sound one, so a stranger in it spoils nothing else.
                row.run = pen.first.runs;
            }
        }
        pen.result(&row)
    }

    fn write_failed(
        &mut self,
        place: usize,
        at: DateTime<Utc>,
        error: &'static str,
        pen: &mut Pen,
    ) -> Result<()> {
        let invented = run::span_id(&mut self.dice);
        let mut row = ResultRow::empty(self.story.id, &self.variants[place], invented, at);
        row.fail(error, 9);
        pen.result(&row)
    }

    /// The row that never ended: it has its tokens and nothing after them.
    fn write_stuck(&mut self, place: usize, at: DateTime<Utc>, pen: &mut Pen) -> Result<()> {
        let usage = self.usage(place);
        let span_id = self.write_span(place, &usage, at, pen)?;
        let mut row = ResultRow::empty(self.story.id, &self.variants[place], span_id, at);
        row.status = "running";
        row.tokens = Some(Pair { baseline: &self.story.baseline, result: &usage }.tokens(self.story.dialect));
        pen.tally.add(Dirt::ResultStuckRunning);
        pen.result(&row)
    }

    /// What the engine leaves when its comparator throws: a row stuck in `running` and a failed one beside it.
    fn write_pair(&mut self, place: usize, at: DateTime<Utc>, pen: &mut Pen) -> Result<()> {
        self.write_stuck(place, at, pen)?;
        self.done += 1;
        pen.tally.add(Dirt::ResultDuplicateFailed);
        self.write_failed(place, at + self.step / 2, result::COMPARATOR, pen)
    }

    /// Writes the result's span and says its id; in a lean history most results share the one before.
    fn write_span(
        &mut self,
        place: usize,
        usage: &Usage,
        at: DateTime<Utc>,
        pen: &mut Pen,
    ) -> Result<String> {
        let variant = &self.variants[place];
        if let Some((configuration, id)) = &self.shared
            && *configuration == variant.id
            && !self.done.is_multiple_of(SHARING)
        {
            return Ok(id.clone());
        }
        let sentences = if usage.output < self.story.agent.tokens.1 as i64 { 2 } else { 4 };
        let text = words::answer(self.story.agent, sentences, &mut self.dice);
        let answer = Answer { text: &text, usage, at };
        let write = if self.story.lean { span::short_result } else { span::result };
        let data = write(&self.story, variant, self.talk(), answer);
        let span_id = run::span_id(&mut self.dice);
        let trace_id = run::trace_id(&mut self.dice);
        let row =
            SpanRow { trace_id: &trace_id, run: Some(self.story.id), ..SpanRow::agent(&span_id, &data, at) };
        pen.span(&row)?;
        if self.story.lean {
            self.shared = Some((self.variants[place].id, span_id.clone()));
        }
        Ok(span_id)
    }

    /// The heaviest conversations are in the baseline alone, and in the first result.
    fn talk(&self) -> &Conversation {
        static NONE: Conversation = Conversation::EMPTY;
        if self.story.is_heavy() && self.done > 0 { &NONE } else { &self.story.talk }
    }

    /// Writes a span that something is wrong with.
    pub(super) fn write_stray(&mut self, dirt: Dirt, pen: &mut Pen) -> Result<()> {
        pen.tally.add(dirt);
        let answer = Answer { text: &self.story.answer, usage: &self.story.baseline, at: self.story.at };
        let sound = span::engine_baseline(&self.story, &Conversation::EMPTY, answer);
        let array = json!([{"role": "assistant", "content": self.story.answer}]);
        let data: &Value = if dirt == Dirt::SpanDataNotObject { &array } else { &sound };
        let (span_id, trace_id) = (run::span_id(&mut self.dice), run::trace_id(&mut self.dice));
        let row = SpanRow { trace_id: &trace_id, ..SpanRow::agent(&span_id, data, self.story.at) };
        let run = (dirt != Dirt::SpanOrphan).then_some(self.story.id);
        let source = if dirt == Dirt::SpanUnknownSource { "production" } else { row.source };
        let kind = if dirt == Dirt::SpanUnknownType { "generation" } else { row.kind };
        pen.span(&SpanRow { run, source, kind, ..row })
    }
}

impl Pen {
    fn result(&mut self, row: &ResultRow) -> Result<()> {
        row.write(&mut self.batch.results, self.next.results)?;
        self.next.results += 1;
        Ok(())
    }
}
