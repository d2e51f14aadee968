//! One statement while it runs: its rows into their store as they come, and what is told of it until its end.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::board::{Board, milliseconds};
use super::cancel::Stop;
use super::column::Described;
use super::estimate;
use super::live::Live;
use super::message::{Message, Sent};
use super::run::Work;
use super::session::QuerySession;
use super::sink::{Sink, Taken};
use super::state::StatementOutcome;
use super::store::RowBytes;
use super::tag;
use crate::error::ErrorReport;
use crate::{Error, Result};

/// How often whoever watches is woken while rows come.
const BETWEEN: Duration = Duration::from_millis(5);

/// A result of so many bytes is longer than what is on screen first.
const LONG: u64 = 1024 * 1024;

/// How long a long result rests then: the server goes on until its line to us is full, and what paints the first rows has
/// a processor meanwhile.
const HEAD_START: Duration = Duration::from_millis(80);

/// A statement while it runs.
pub(super) struct Running<'a> {
    session: &'a Arc<QuerySession>,
    work: &'a Work,
    index: usize,
    begun: Instant,
    sink: Sink<'a>,
    /// What was sent for it last.
    sent: Option<Sent>,
    /// When whoever watches was woken last.
    told: Option<Instant>,
    /// What paints the first rows had its time.
    rested: bool,
    /// Rows that the newest command tag counted.
    changed: u64,
    /// Why its rows are not kept any more.
    failed: Option<Error>,
}

impl<'a> Running<'a> {
    pub(super) fn begin(session: &'a Arc<QuerySession>, work: &'a Work, index: usize) -> Self {
        let sql = &work.script.statements[index].text;
        let sink = Sink::new(session, &work.database, index, sql);
        let (begun, changed) = (Instant::now(), 0);
        let running = Self {
            session,
            work,
            index,
            begun,
            sink,
            sent: None,
            told: None,
            rested: false,
            changed,
            failed: None,
        };
        running.change(|statement| statement.outcome = StatementOutcome::Running);
        running
    }

    /// Whether nothing of it has come.
    pub(super) fn is_untouched(&self) -> bool {
        self.sink.is_new()
    }

    /// The byte of the statement that a position of the server's stands for, in what was sent last.
    pub(super) fn source_byte(&self, position: u32) -> Option<usize> {
        self.sent.as_ref()?.source_byte(position)
    }

    /// Remembers what a cancel has to find, and what the places in an error refer to.
    pub(super) fn sends(&mut self, live: &Live, sent: Sent) {
        self.session.runs(&live.backend, sent.sql.as_str());
        self.sent = Some(sent);
    }

    /// Notices that came aside.
    pub(super) fn tell(&self, said: Vec<(&'static str, String)>) {
        self.session.board.send_modify(|board| {
            said.into_iter().for_each(|(level, message)| board.notice(level, message));
        });
    }

    /// A line of COPY, which counts its rows nowhere else.
    pub(super) fn line(&mut self, row: &impl RowBytes, columns: impl FnOnce() -> Vec<Described>) -> Taken {
        self.changed += 1;
        self.take(row, columns)
    }

    /// A row, and its columns where it is the first.
    pub(super) fn take(&mut self, row: &impl RowBytes, columns: impl FnOnce() -> Vec<Described>) -> Taken {
        if self.failed.is_some() {
            return Taken::More;
        }
        if self.sink.is_new() {
            let after = milliseconds(self.begun.elapsed());
            self.sink.begin(columns());
            estimate::ask_later(self.session, self.work, self.index);
            self.change(|statement| statement.first_row_ms = Some(after));
        }
        self.sink.row(row)
    }

    /// Whether something has come that cannot be looked at yet.
    pub(super) fn has_unseen(&self) -> bool {
        self.failed.is_none() && !self.sink.is_shown()
    }

    /// How it ended, with why its rows were not kept to the end.
    pub(super) fn ended(&mut self, ended: Result<()>) -> Result<()> {
        self.failed.take().map_or(ended, Err)
    }

    /// What a command tag counted.
    pub(super) fn counted(&mut self, rows: u64) {
        self.changed = rows;
    }

    /// Makes visible what has come.
    pub(super) async fn show(&mut self) {
        if !self.has_unseen() {
            return;
        }
        if let Err(error) = self.sink.show().await {
            return self.fail(error).await;
        }
        if self.told.is_none_or(|told| told.elapsed() >= BETWEEN) {
            self.told = Some(Instant::now());
            self.session.board.send_modify(|_| {});
        }
        if !self.rested && self.sink.bytes() > LONG {
            self.rested = true;
            tokio::time::sleep(HEAD_START).await;
        }
    }

    /// Nothing more is kept: the server is asked to stop.
    pub(super) async fn fail(&mut self, error: Error) {
        self.failed = Some(error);
        let run = self.session.board.borrow().run;
        let _ = self.session.stop(run, Stop::Cancel).await;
    }

    /// A query without rows has columns all the same.
    pub(super) fn begin_empty(&mut self, columns: Vec<Described>) {
        if self.sink.is_new() {
            self.sink.begin(columns);
        }
    }

    /// All rows are here: they stay where they are, and an empty result gets its columns.
    pub(super) async fn complete(
        &mut self,
        live: &mut Live,
        message: &Message<'_>,
        verb: &str,
    ) -> Result<()> {
        if self.sink.is_new() && message.may_have_rows(verb) {
            self.sink.empty(live, message).await;
        }
        self.sink.finish(live).await
    }

    /// Says whether its rows can be edited, when its transaction holds nothing any more.
    pub(super) async fn say_what_is_edited(&self) {
        self.sink.say_what_is_edited().await;
    }

    /// Tells how it ended.
    pub(super) async fn over(&mut self, ended: Result<(), (StatementOutcome, ErrorReport)>, verb: &str) {
        let took = milliseconds(self.begun.elapsed());
        if let Err((_, error)) = &ended {
            self.sink.stop(&error.message).await;
        }
        let (stored, changed) = (self.sink.rows(), self.changed);
        self.change(|statement| {
            statement.duration_ms = Some(took);
            match ended {
                Ok(()) => {
                    statement.outcome = StatementOutcome::Done;
                    statement.rows = stored.or(Some(changed));
                    statement.tag = Some(tag::tag(verb, changed));
                }
                Err((outcome, error)) => {
                    statement.outcome = outcome;
                    statement.rows = stored;
                    statement.error = Some(error);
                }
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut super::state::QueryStatement)) {
        self.session.board.send_modify(|board: &mut Board| {
            if let Some(statement) = board.statement(self.index) {
                change(statement);
            }
        });
    }
}
