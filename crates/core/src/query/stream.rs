//! What the server sends for one statement: rows into their store as they come, and the end.

use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use sqlx::postgres::PgRow;
use sqlx::{Either, Row as _, ValueRef as _};

use super::board::{Board, milliseconds};
use super::cancel::Stop;
use super::column::{self, Described};
use super::estimate;
use super::live::Live;
use super::message::Message;
use super::run::Work;
use super::session::QuerySession;
use super::sink::Sink;
use super::state::StatementOutcome;
use super::store::RowBytes;
use super::tag;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind, Result};

/// How often whoever watches is woken while rows come.
const BETWEEN: Duration = Duration::from_millis(5);

/// A statement while it runs.
pub(super) struct Running<'a> {
    session: &'a Arc<QuerySession>,
    work: &'a Work,
    index: usize,
    begun: Instant,
    sink: Sink<'a>,
    /// When whoever watches was woken last.
    told: Option<Instant>,
    /// Rows that the newest command tag counted.
    changed: u64,
    /// Why its rows are not kept any more.
    failed: Option<Error>,
}

impl<'a> Running<'a> {
    pub(super) fn begin(session: &'a Arc<QuerySession>, work: &'a Work, index: usize) -> Self {
        let sql = &work.script.statements[index].text;
        let sink = Sink::new(session, &work.database, index, sql);
        let running =
            Self { session, work, index, begun: Instant::now(), sink, told: None, changed: 0, failed: None };
        running.change(|statement| statement.outcome = StatementOutcome::Running);
        running
    }

    /// Whether nothing of it has come.
    pub(super) fn is_untouched(&self) -> bool {
        self.sink.is_new()
    }

    /// Takes what the server sends until its end. What the disk does not take any more is read to the end all the same,
    /// for the session to be of use afterwards.
    pub(super) async fn rows(&mut self, live: &mut Live, work: &Work, message: &Message) -> Result<()> {
        let mut items = sqlx::raw_sql(message.sql.to_query()).fetch_many(&mut live.connection);
        while let Some(item) = self.next(&mut items, work).await {
            match item {
                Err(error) => {
                    // What came before it stays.
                    self.show().await;
                    return Err(self.failed.take().unwrap_or(error));
                }
                Ok(Either::Left(done)) => self.changed = done.rows_affected(),
                Ok(Either::Right(row)) => self.take(&row, || column::described(row.columns())).await,
            }
        }
        self.show().await;
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The lines that COPY sends to its client, one a row.
    pub(super) async fn copy_out(&mut self, live: &mut Live, work: &Work, message: &Message) -> Result<()> {
        let mut items = live.connection.copy_out_raw(message.sql.as_str()).await?;
        while let Some(item) = self.next(&mut items, work).await {
            match item {
                Err(error) => {
                    // What came before it stays.
                    self.show().await;
                    return Err(self.failed.take().unwrap_or(error));
                }
                Ok(line) => {
                    self.changed += 1;
                    self.take(&Line(line), column::copied).await;
                }
            }
        }
        self.show().await;
        self.failed.take().map_or(Ok(()), Err)
    }

    /// What the server sends next. While it thinks, what is here may be looked at.
    async fn next<T>(
        &mut self,
        items: &mut BoxStream<'_, Result<T, sqlx::Error>>,
        work: &Work,
    ) -> Option<Result<T>> {
        let now = std::future::poll_fn(|context| Poll::Ready(items.poll_next_unpin(context))).await;
        let item = match now {
            Poll::Ready(item) => item,
            Poll::Pending => {
                self.show().await;
                tokio::select! {
                    biased;
                    item = items.next() => item,
                    () = work.abandoned.cancelled() => return Some(Err(given_up())),
                }
            }
        };
        item.map(|item| item.map_err(Error::from))
    }

    async fn take(&mut self, row: &impl RowBytes, columns: impl FnOnce() -> Vec<Described>) {
        if self.failed.is_some() {
            return;
        }
        if self.sink.is_new() {
            let after = milliseconds(self.begun.elapsed());
            self.sink.begin(columns());
            estimate::ask_later(self.session, self.work, self.index);
            self.change(|statement| statement.first_row_ms = Some(after));
        }
        if self.sink.row(row) {
            self.show().await;
        }
    }

    /// Makes visible what has come. When that fails the server is asked to stop.
    async fn show(&mut self) {
        if self.failed.is_some() || self.sink.is_shown() {
            return;
        }
        if let Err(error) = self.sink.show().await {
            self.failed = Some(error);
            let run = self.session.board.borrow().run;
            let _ = self.session.stop(run, Stop::Cancel).await;
            return;
        }
        if self.told.is_none_or(|told| told.elapsed() >= BETWEEN) {
            self.told = Some(Instant::now());
            self.session.board.send_modify(|_| {});
        }
        // A server that is faster than we are never lets us wait: without a rest the thread would neither tell whoever
        // watches nor hear of any other connection for seconds.
        tokio::task::yield_now().await;
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

fn given_up() -> Error {
    Error::new(ErrorKind::ConnectionRefused, "the server does not answer any more")
}

/// A line of COPY without its end.
struct Line<B>(B);

impl<B: AsRef<[u8]>> RowBytes for Line<B> {
    fn cell(&self, _: usize) -> Option<&[u8]> {
        let bytes = self.0.as_ref();
        Some(bytes.strip_suffix(b"\n").unwrap_or(bytes))
    }
}

impl RowBytes for PgRow {
    fn cell(&self, index: usize) -> Option<&[u8]> {
        let value = self.try_get_raw(index).ok()?;
        if value.is_null() { None } else { value.as_bytes().ok() }
    }
}
