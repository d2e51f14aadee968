//! Writes the history as a stream of batches, a few megabytes at a time, so that a million results need little memory.
//!
//! A run is opened (its row, baseline, trace and configurations), then its results come one by one over as many
//! batches as they need, then it is closed with a stray span or none.

use super::calendar::Calendar;
use super::copy::CopyText;
use super::dice::Key;
use super::dirt::{Dirt, Tally};
use super::options::DemoOptions;
use super::run::{RunStory, Setting};
use super::running::RunningRun;
use super::{configuration, span, trace};
use crate::Result;

/// A batch is sent when it has grown to this.
const BATCH_BYTES: usize = 4 << 20;

/// The first free id of each table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FirstIds {
    pub(super) runs: i64,
    pub(super) spans: i64,
    pub(super) configurations: i64,
    pub(super) results: i64,
}

/// Rows of the four tables, to be copied in the order of the fields: each refers only to those before it.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) runs: CopyText,
    pub(super) spans: CopyText,
    pub(super) configurations: CopyText,
    pub(super) results: CopyText,
}

impl Batch {
    fn bytes(&self) -> usize {
        self.runs.len() + self.spans.len() + self.configurations.len() + self.results.len()
    }
}

/// The next id of each table.
pub(super) type NextIds = FirstIds;

/// What all the writing goes through: ids, counts and the batch being filled.
#[derive(Debug)]
pub(super) struct Pen {
    pub(super) next: NextIds,
    pub(super) first: FirstIds,
    pub(super) batch: Batch,
    pub(super) tally: Tally,
}

/// The whole history, to be drawn batch by batch.
#[derive(Debug)]
pub(super) struct History {
    setting: Setting,
    pen: Pen,
    index: u32,
    given: u64,
    running: Option<RunningRun>,
}

impl History {
    /// Begins a history whose rows get ids from `first` on.
    pub(super) fn new(options: DemoOptions, first: FirstIds) -> Self {
        let key = Key::new(options.seed, first.runs, first.spans);
        let calendar = Calendar::new(options.until);
        let pen = Pen { next: first, first, batch: Batch::default(), tally: Tally::default() };
        let setting = Setting { options, calendar, key, first_run: first.runs };
        Self { setting, pen, index: 0, given: 0, running: None }
    }

    /// The next few megabytes, or nothing when all is told.
    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>> {
        while self.pen.batch.bytes() < BATCH_BYTES && self.step()? {}
        let batch = std::mem::take(&mut self.pen.batch);
        Ok((batch.bytes() > 0).then_some(batch))
    }

    /// How often each dirty state was written so far.
    pub(super) fn tally(&self) -> &Tally {
        &self.pen.tally
    }

    /// The ids after the last ones written.
    pub(super) fn next_ids(&self) -> NextIds {
        self.pen.next
    }

    fn step(&mut self) -> Result<bool> {
        if let Some(running) = &mut self.running {
            if !running.write_result(&mut self.pen)? {
                self.close_run()?;
            }
            return Ok(true);
        }
        if self.index == self.setting.options.runs {
            return Ok(false);
        }
        self.running = Some(self.open_run()?);
        self.index += 1;
        Ok(true)
    }

    fn open_run(&mut self) -> Result<RunningRun> {
        let (mut story, mut dice) = RunStory::draw(&self.setting, self.index);
        let baseline = configuration::Baseline {
            agent: story.agent,
            model: story.model,
            instructions: story.instructions,
        };
        let count = if story.has_configurations() { configuration::count(&mut dice) } else { 0 };
        let mut variants = configuration::draw(&baseline, count, &mut dice);
        let quota = self.quota(&story, &mut dice);
        if quota < variants.len() as u64
            && matches!(story.dirt, Some(Dirt::RunAllFailed | Dirt::RunPartlyFailed))
        {
            story.dirt = None;
        }
        let until = self.setting.calendar.until();
        for (order, variant) in variants.iter_mut().enumerate() {
            variant.id = self.pen.next.configurations;
            self.pen.next.configurations += 1;
            variant.order = if story.dirt == Some(Dirt::RunOrderTies) { 0 } else { order as i64 };
            variant.dirt = Dirt::of_configuration((variant.id - self.pen.first.configurations) as u64);
        }
        let mut running = RunningRun::new(story, variants, quota, until, dice);
        running.write_head(&mut self.pen)?;
        Ok(running)
    }

    /// The results of this run: its share of what is due, sometimes less, and the last run takes the rest.
    fn quota(&mut self, story: &RunStory, dice: &mut super::dice::Dice) -> u64 {
        let options = &self.setting.options;
        let (runs, results) = (u64::from(options.runs), u64::from(options.results));
        let due = results * (u64::from(self.index) + 1) / runs - self.given;
        let part = if story.is_cut_short() { 0.5 } else { 0.7 + dice.unit() * 0.3 };
        let quota = match story.has_results() {
            _ if self.index + 1 == options.runs => due,
            true => (due as f64 * part).round() as u64,
            false => 0,
        };
        self.given += quota;
        quota
    }

    fn close_run(&mut self) -> Result<()> {
        let Some(mut run) = self.running.take() else { return Ok(()) };
        if let Some(dirt) = Dirt::of_stray_span(self.index - 1) {
            run.write_stray(dirt, &mut self.pen)?;
        }
        Ok(())
    }
}

impl Pen {
    /// Writes a span row with the next id.
    pub(super) fn span(&mut self, row: &span::SpanRow<'_>) -> Result<()> {
        row.write(&mut self.batch.spans, self.next.spans)?;
        self.next.spans += 1;
        Ok(())
    }

    /// Writes the spans below a baseline.
    pub(super) fn trace(&mut self, story: &RunStory, spans: &[trace::TraceSpan]) -> Result<()> {
        for below in spans {
            self.span(&span::SpanRow {
                span_id: &below.span_id,
                trace_id: &story.trace_id,
                parent: Some(&below.parent),
                kind: below.kind,
                data: &below.data,
                source: "production_trace",
                run: Some(story.id),
                at: below.at,
            })?;
        }
        Ok(())
    }
}
