//! Stopping an explanation: a cancel that reaches the server, and what comes when it does not help.
//!
//! An explanation sends several statements: the plan, the measured plan, the same without sequential scans, both sides of a
//! rewrite. Once it is cancelled none of them begins, and the one that runs is cancelled on the server, from a second
//! session. What heeds no cancel is said to go on, and can be terminated.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::report::ExplainStopped;
use crate::connection::Database;
use crate::query::cancel::{self, Backend, Stop};
use crate::{Error, ErrorKind, Result};

/// How long a statement may go on after the server was asked to cancel it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long until it is asked again: a statement that was on its way when the server was asked is hit the next time.
const AGAIN: Duration = Duration::from_secs(1);

/// An explanation, as it is seen from outside.
#[derive(Debug, Default)]
pub(super) struct ExplainRun {
    /// Nothing more is to be sent.
    cancelled: CancellationToken,
    /// Nobody waits for the server any more.
    abandoned: CancellationToken,
    over: CancellationToken,
    reached: Mutex<Option<Reached>>,
}

/// What a cancel has to find.
#[derive(Clone)]
struct Reached {
    database: Database,
    backend: Backend,
    running: String,
}

impl std::fmt::Debug for Reached {
    /// By its process alone: a database does not show itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reached").field("pid", &self.backend.pid).finish_non_exhaustive()
    }
}

impl ExplainRun {
    /// Waits for work on the server, but no longer than until it is abandoned; what a cancelled one failed with is not told.
    ///
    /// # Errors
    /// `Cancelled` where it was stopped; else what the work says.
    pub(super) async fn lead<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let done = self.abandoned.run_until_cancelled(work).await;
        match done {
            Some(Err(_)) if self.was_cancelled() => Err(cancelled()),
            Some(done) => done,
            None => Err(cancelled()),
        }
    }

    /// Waits for what can be dropped at any time, since nothing of ours runs on the server yet.
    pub(super) async fn until_cancelled<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        self.cancelled.run_until_cancelled(work).await.unwrap_or_else(|| Err(cancelled()))
    }

    pub(super) fn was_cancelled(&self) -> bool {
        self.cancelled.is_cancelled()
    }

    /// Says what is sent next, unless nothing more is to be sent.
    pub(super) fn sends(&self, statement: &str) -> Result<()> {
        if let Some(reached) = &mut *self.reached() {
            reached.running = statement.chars().take(200).collect();
        }
        if self.was_cancelled() { Err(cancelled()) } else { Ok(()) }
    }

    /// It has ended.
    pub(super) fn ended(&self) {
        self.over.cancel();
    }

    pub(super) fn reaches(&self, database: &Database, backend: Backend) {
        let reached = Reached { database: database.clone(), backend, running: String::new() };
        *self.reached() = Some(reached);
    }

    /// Asks the server to stop it, again each second, and says after five whether it is over.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub(super) async fn stop(&self, terminate: bool) -> Result<ExplainStopped> {
        let how = if terminate { Stop::Terminate } else { Stop::Cancel };
        self.cancelled.cancel();
        for _ in 0..PATIENCE.as_secs() / AGAIN.as_secs() {
            if self.over.is_cancelled() {
                break;
            }
            self.ask(how).await?;
            self.is_over_within(AGAIN).await;
        }
        if terminate {
            // The server had its time: a wire that is cut tells nothing.
            self.abandoned.cancel();
            self.is_over_within(AGAIN).await;
        }
        let pid = self.reached().as_ref().map(|reached| reached.backend.pid);
        Ok(ExplainStopped { over: self.over.is_cancelled(), pid })
    }

    /// Stops it, whatever it takes.
    pub(super) async fn end(&self) {
        let stopped = self.stop(false).await;
        if !stopped.is_ok_and(|stopped| stopped.over) {
            let _ = self.stop(true).await;
        }
    }

    /// Stops on the server what is left of one that nobody waits for any more.
    pub(super) async fn chase(&self) {
        for how in [Stop::Cancel, Stop::Cancel, Stop::Cancel, Stop::Terminate] {
            if matches!(self.ask(how).await, Ok(false)) {
                return;
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    /// Says whether the server has such a session.
    async fn ask(&self, how: Stop) -> Result<bool> {
        let Some(reached) = self.reached().clone() else { return Ok(false) };
        let asked = cancel::stop(&reached.database, &reached.backend, &reached.running, how);
        // A server that lets nobody in keeps nobody waiting: it is asked again.
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or(Ok(true))
    }

    async fn is_over_within(&self, patience: Duration) -> bool {
        tokio::time::timeout(patience, self.over.cancelled()).await.is_ok()
    }

    fn reached(&self) -> MutexGuard<'_, Option<Reached>> {
        self.reached.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cancelled() -> Error {
    Error::new(ErrorKind::Cancelled, "the explanation was cancelled").hint("Nothing of it was kept.")
}
