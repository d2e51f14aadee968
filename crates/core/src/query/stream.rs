//! What the server sends for one statement: rows into their store as they come, and the end.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::postgres::PgRow;
use sqlx::{Either, Row as _, ValueRef as _};
use sqlx_core::bytes::Bytes;

use super::board::{Board, milliseconds};
use super::cancel::Stop;
use super::column::{self, Described};
use super::copied::read_on;
use super::estimate;
use super::live::Live;
use super::message::{Message, Sent};
use super::run::Work;
use super::session::QuerySession;
use super::sink::{Sink, Taken};
use super::state::StatementOutcome;
use super::statement::is_lost;
use super::store::{RowBytes, push_cell};
use super::tag;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind, Result};

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

/// What there was to be had from the server at once.
enum Came {
    /// Something is there that is not visible yet.
    Some,
    /// A row that is none of this result's.
    Odd,
    End,
    Error(Error),
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

    /// Takes what the server sends until its end.
    pub(super) async fn rows(&mut self, live: &mut Live, work: &Work, message: &Message) -> Result<()> {
        self.sends(live, message.whole.clone());
        let mut items = sqlx::raw_sql(message.whole.sql.to_query()).fetch_many(&mut live.connection);
        self.drain(&mut items, work, |running, item| match item {
            Either::Left(done) => {
                running.changed = done.rows_affected();
                Taken::More
            }
            Either::Right(row) => running.take(&row, || column::described(row.columns())),
        })
        .await
    }

    /// The lines that COPY sends to its client, one a row.
    pub(super) async fn copy_out(&mut self, live: &mut Live, work: &Work, message: &Message) -> Result<()> {
        let take = |running: &mut Self, line| running.line(&Line(line), column::copied);
        self.copy(live, work, message.whole.clone(), take).await.and_then(|ended| ended)
    }

    /// Sends a COPY to us and takes its lines. How they ended is in what it returns.
    ///
    /// # Errors
    /// Why the COPY did not begin.
    pub(super) async fn copy(
        &mut self,
        live: &mut Live,
        work: &Work,
        sent: Sent,
        take: impl FnMut(&mut Self, Bytes) -> Taken,
    ) -> Result<Result<()>> {
        let sql = sent.sql.clone();
        self.sends(live, sent);
        let refused = {
            let begun = tokio::select! {
                biased;
                begun = live.connection.copy_out_raw(sql.as_str()) => begun,
                () = work.abandoned.cancelled() => return Err(given_up()),
            };
            match begun {
                Ok(mut items) => return Ok(self.drain(&mut items, work, take).await),
                Err(error) => Error::from(error),
            }
        };
        if !is_lost(&refused) {
            read_on(&mut live.connection).await;
        }
        Err(refused)
    }

    /// Takes what comes until its end. What the disk does not take any more is read to the end all the same, for the
    /// session to be of use afterwards.
    async fn drain<T>(
        &mut self,
        items: &mut BoxStream<'_, Result<T, sqlx::Error>>,
        work: &Work,
        mut take: impl FnMut(&mut Self, T) -> Taken,
    ) -> Result<()> {
        let mut abandoned = std::pin::pin!(work.abandoned.cancelled());
        loop {
            let poll = |context: &mut Context<'_>| self.poll(items, &mut take, abandoned.as_mut(), context);
            match std::future::poll_fn(poll).await {
                Came::Some => self.show().await,
                Came::Odd => self.fail(other_columns()).await,
                Came::End => {
                    self.show().await;
                    return self.failed.take().map_or(Ok(()), Err);
                }
                Came::Error(error) => {
                    // What came before it stays.
                    self.show().await;
                    return Err(self.failed.take().unwrap_or(error));
                }
            }
        }
    }

    /// Takes what is here. While the server thinks, that may be looked at.
    fn poll<T>(
        &mut self,
        items: &mut BoxStream<'_, Result<T, sqlx::Error>>,
        take: &mut impl FnMut(&mut Self, T) -> Taken,
        abandoned: Pin<&mut impl Future<Output = ()>>,
        context: &mut Context<'_>,
    ) -> Poll<Came> {
        loop {
            match items.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(item))) => match take(self, item) {
                    Taken::More => {}
                    Taken::Full => return Poll::Ready(Came::Some),
                    Taken::Odd => return Poll::Ready(Came::Odd),
                },
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Came::Error(error.into())),
                Poll::Ready(None) => return Poll::Ready(Came::End),
                Poll::Pending if self.failed.is_none() && !self.sink.is_shown() => {
                    return Poll::Ready(Came::Some);
                }
                Poll::Pending => return abandoned.poll(context).map(|()| Came::Error(given_up())),
            }
        }
    }

    /// A line of COPY, which counts its rows nowhere else.
    pub(super) fn line(&mut self, row: &impl RowBytes, columns: impl FnOnce() -> Vec<Described>) -> Taken {
        self.changed += 1;
        self.take(row, columns)
    }

    fn take(&mut self, row: &impl RowBytes, columns: impl FnOnce() -> Vec<Described>) -> Taken {
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

    /// Makes visible what has come.
    async fn show(&mut self) {
        if self.failed.is_some() || self.sink.is_shown() {
            return;
        }
        if let Err(error) = self.sink.show().await {
            return self.fail(error).await;
        }
        if self.told.is_none_or(|told| told.elapsed() >= BETWEEN) {
            self.told = Some(Instant::now());
            self.session.board.send_modify(|_| {});
        }
        // A server that is faster than we are never lets us wait: without a rest the thread would neither tell whoever
        // watches nor hear of any other connection for seconds.
        tokio::task::yield_now().await;
        if !self.rested && self.sink.bytes() > LONG {
            self.rested = true;
            tokio::time::sleep(HEAD_START).await;
        }
    }

    /// Nothing more is kept: the server is asked to stop.
    async fn fail(&mut self, error: Error) {
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
    pub(super) async fn complete(&mut self, live: &mut Live, message: &Message, verb: &str) -> Result<()> {
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

pub(super) fn given_up() -> Error {
    Error::new(ErrorKind::ConnectionRefused, "the server does not answer any more")
}

fn other_columns() -> Error {
    let message = "somebody changed the columns of what the statement reads while it began";
    Error::new(ErrorKind::Precondition, message).hint("Run it again.")
}

/// A line of COPY without its end.
struct Line(Bytes);

impl RowBytes for Line {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        push_cell(Some(self.0.strip_suffix(b"\n").unwrap_or(&self.0)), rows);
        columns == 1
    }
}

impl RowBytes for PgRow {
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool {
        (0..columns).for_each(|index| push_cell(cell(self, index), rows));
        true
    }
}

/// The bytes of a cell; `None` is NULL.
pub(super) fn cell(row: &PgRow, index: usize) -> Option<&[u8]> {
    let value = row.try_get_raw(index).ok()?;
    if value.is_null() { None } else { value.as_bytes().ok() }
}
