//! One statement on its way: sent, its rows stored as they come, its end told.

use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;
use sqlx::postgres::{PgQueryResult, PgRow};
use sqlx::{Either, Row as _, ValueRef as _};

use super::board::{Board, milliseconds};
use super::cancel::Stop;
use super::live::Live;
use super::message::Message;
use super::run::Work;
use super::session::QuerySession;
use super::sink::Sink;
use super::state::StatementOutcome;
use super::store::RowBytes;
use super::tag;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind};

/// How often whoever watches is woken while rows come.
const BETWEEN: Duration = Duration::from_millis(5);

/// How a statement ended.
pub(super) struct Ran {
    pub(super) verb: String,
    pub(super) done: bool,
    /// The session is gone.
    pub(super) lost: bool,
}

/// Runs a statement of the script.
pub(super) async fn run(session: &Arc<QuerySession>, live: &mut Live, work: &Work, index: usize) -> Ran {
    let source = &work.script.statements[index];
    let verb = tag::verb(&source.text);
    let message = Message::of(&source.text, &work.parameters, &work.sort, live);
    session.runs(&live.backend, message.sql.as_str());
    session.board.send_modify(|board| {
        if let Some(statement) = board.statement(index) {
            statement.outcome = StatementOutcome::Running;
        }
    });
    let mut running = Running {
        session,
        index,
        begun: Instant::now(),
        sink: Sink::new(session, &work.database, index),
        told: None,
        changed: 0,
    };
    let ended = running.stream(live, &message).await;
    let lost = ended.as_ref().is_err_and(is_lost);
    let ended = match ended {
        Ok(()) => running.complete(live, &message, &verb).await,
        Err(error) => Err(error),
    };
    let done = ended.is_ok();
    let cancelled = work.cancelled.is_cancelled();
    running.over(ended, &verb, |error| report(work, index, &message, cancelled, error)).await;
    Ran { verb, done, lost }
}

struct Running<'a> {
    session: &'a Arc<QuerySession>,
    index: usize,
    begun: Instant,
    sink: Sink<'a>,
    /// When whoever watches was woken last.
    told: Option<Instant>,
    /// Rows that the newest command tag counted.
    changed: u64,
}

impl Running<'_> {
    /// Takes what the server sends until its end. What the disk does not take any more is read to the end all the same,
    /// for the session to be of use afterwards.
    async fn stream(&mut self, live: &mut Live, message: &Message) -> Result<(), Error> {
        let mut failed = None;
        let mut items = sqlx::raw_sql(message.sql.to_query()).fetch_many(&mut live.connection);
        loop {
            let now = std::future::poll_fn(|context| Poll::Ready(items.poll_next_unpin(context))).await;
            let item = match now {
                Poll::Ready(item) => item,
                Poll::Pending => {
                    // What is here may be looked at while the server thinks.
                    self.show(&mut failed).await;
                    items.next().await
                }
            };
            match item {
                None => break,
                Some(Err(error)) => return Err(failed.unwrap_or_else(|| error.into())),
                Some(Ok(item)) => self.take(&item, &mut failed).await,
            }
        }
        self.show(&mut failed).await;
        failed.map_or(Ok(()), Err)
    }

    async fn take(&mut self, item: &Either<PgQueryResult, PgRow>, failed: &mut Option<Error>) {
        match item {
            Either::Left(done) => self.changed = done.rows_affected(),
            Either::Right(_) if failed.is_some() => {}
            Either::Right(row) => {
                if self.sink.is_new() {
                    self.first_row();
                }
                if self.sink.row(row) {
                    self.show(failed).await;
                }
            }
        }
    }

    fn first_row(&self) {
        let after = milliseconds(self.begun.elapsed());
        self.change(|board, index| {
            if let Some(statement) = board.statement(index) {
                statement.first_row_ms.get_or_insert(after);
            }
        });
    }

    /// Makes visible what has come. When that fails the server is asked to stop.
    async fn show(&mut self, failed: &mut Option<Error>) {
        if failed.is_some() || self.sink.is_shown() {
            return;
        }
        if let Err(error) = self.sink.show().await {
            *failed = Some(error);
            let _ = self.session.stop(Stop::Cancel).await;
            return;
        }
        if self.told.is_none_or(|told| told.elapsed() >= BETWEEN) {
            self.told = Some(Instant::now());
            self.session.board.send_modify(|_| {});
        }
    }

    /// All rows are here: they stay where they are, and an empty result gets its columns.
    async fn complete(&mut self, live: &mut Live, message: &Message, verb: &str) -> Result<(), Error> {
        if self.sink.is_new() && message.may_have_rows(verb) {
            self.sink.empty(live, message).await;
        }
        self.sink.finish(live).await
    }

    async fn over(
        &mut self,
        ended: Result<(), Error>,
        verb: &str,
        report: impl FnOnce(Error) -> (StatementOutcome, ErrorReport),
    ) {
        let took = milliseconds(self.begun.elapsed());
        let stored = self.sink.rows();
        let changed = self.changed;
        let ended = ended.map_err(report);
        if let Err((_, error)) = &ended {
            self.sink.stop(&error.message).await;
        }
        self.change(|board, index| {
            let Some(statement) = board.statement(index) else { return };
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

    fn change(&self, change: impl FnOnce(&mut Board, usize)) {
        self.session.board.send_modify(|board| change(board, self.index));
    }
}

/// What a failure was, with its place in the whole text.
fn report(
    work: &Work,
    index: usize,
    message: &Message,
    cancelled: bool,
    error: Error,
) -> (StatementOutcome, ErrorReport) {
    let source = &work.script.statements[index];
    let position = error.server().and_then(|server| server.position);
    let byte = position.and_then(|position| message.source_byte(position));
    let limit = work.database.profile().timeouts.statement_ms;
    let error =
        if cancelled || error.kind() != ErrorKind::Cancelled { error } else { timed_out(error, limit) };
    let outcome = match error.kind() {
        ErrorKind::Cancelled if cancelled => StatementOutcome::Cancelled,
        _ => StatementOutcome::Failed,
    };
    let mut report = ErrorReport::from(error);
    report.position = byte.map(|byte| super::offset::units_before(&work.script.text, source.start + byte));
    (outcome, report)
}

/// A cancel that nobody here asked for.
fn timed_out(error: Error, limit: u32) -> Error {
    let hint = match limit {
        0 => "Somebody else cancelled it, or a timeout of the server's own did.".to_owned(),
        limit => format!(
            "The connection's statement timeout is {} s: raise it in the connection, or set statement_timeout here.",
            f64::from(limit) / 1000.0
        ),
    };
    error.hint(hint)
}

/// Whether the session is gone with the statement.
fn is_lost(error: &Error) -> bool {
    match error.server() {
        Some(server) => {
            server.sqlstate.starts_with("08")
                || matches!(
                    server.sqlstate.as_str(),
                    "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04"
                )
        }
        None => matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::Timeout | ErrorKind::Tls),
    }
}

impl RowBytes for PgRow {
    fn cell(&self, index: usize) -> Option<&[u8]> {
        let value = self.try_get_raw(index).ok()?;
        if value.is_null() { None } else { value.as_bytes().ok() }
    }
}
