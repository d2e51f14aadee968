//! A run: the statements of a script one after the other, until one fails or somebody cancels.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::instrument::WithSubscriber as _;

use super::arranged::Arranged;
use super::board::Board;
use super::live::Live;
use super::notice;
use super::script::{QueryParameter, Script};
use super::session::QuerySession;
use super::state::{QueryPhase, QueryState, StatementOutcome, TransactionState};
use super::statement::{self, Ran};
use super::transaction;
use crate::connection::Database;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind, Result};

/// What a run needs.
pub(super) struct Work {
    pub(super) database: Database,
    pub(super) script: Script,
    pub(super) parameters: Vec<QueryParameter>,
    pub(super) arranged: Arranged,
    pub(super) read_only: bool,
    /// Nothing more is to be sent.
    pub(super) cancelled: CancellationToken,
    /// Nothing more is waited for.
    pub(super) abandoned: CancellationToken,
    /// Is told how the run ended.
    pub(super) over: oneshot::Sender<QueryState>,
}

/// Runs it, and leaves everything that came of it on the board.
pub(super) async fn run(session: Arc<QuerySession>, work: Work) {
    let heard = Arc::downgrade(&session);
    let listener = notice::listener(move |level, message| {
        if let Some(session) = heard.upgrade() {
            session.board.send_modify(|board| board.notice(level, message));
        }
    });
    let phase = session.run_all(&work).with_subscriber(listener).await;
    session.board.send_modify(|board| {
        board.skip_waiting();
        board.took = board.begun.map(|begun| begun.elapsed());
        board.phase = phase;
    });
    // Nobody waiting for it is no error.
    let _ = work.over.send(session.state());
    session.watch_transaction();
}

impl QuerySession {
    async fn run_all(self: &Arc<Self>, work: &Work) -> QueryPhase {
        let mut slot = self.live.lock().await;
        self.settled().await;
        let mut asks = false;
        for index in 0..work.script.statements.len() {
            if work.cancelled.is_cancelled() {
                self.outcome(index, StatementOutcome::Cancelled);
                break;
            }
            if let Err(error) = self.connected(&mut slot, work).await {
                return self.fail(error, index);
            }
            let ran = self.one(&mut slot, work, index, asks).await;
            asks |= transaction::may_change(self.board.borrow().transaction, &ran.verb);
            if ran.lost {
                return self.lost();
            }
            if !ran.done {
                break;
            }
        }
        self.settled().await;
        if let Some(live) = slot.as_mut() {
            if asks {
                self.read_transaction(live).await;
            }
            live.used = Instant::now();
        }
        QueryPhase::Idle
    }

    /// Runs a statement; a read whose session broke before a row of it came, once more in a new one. A write never: nobody
    /// can tell whether it was done.
    async fn one(self: &Arc<Self>, slot: &mut Option<Live>, work: &Work, index: usize, begun: bool) -> Ran {
        // What this run began is asked about when it is over.
        let in_transaction = begun || self.board.borrow().transaction != TransactionState::None;
        let ran = self.attempt(slot, work, index, !in_transaction).await;
        if !ran.again || work.cancelled.is_cancelled() {
            return ran;
        }
        self.board.send_modify(|board| {
            board.pid = None;
            board.notice("session", RETRIED.to_owned());
        });
        match self.connected(slot, work).await {
            Ok(()) => self.attempt(slot, work, index, false).await,
            Err(error) => {
                self.fail(error, index);
                Ran::lost()
            }
        }
    }

    async fn attempt(
        self: &Arc<Self>,
        slot: &mut Option<Live>,
        work: &Work,
        index: usize,
        may_retry: bool,
    ) -> Ran {
        let Some(live) = slot.as_mut() else { return Ran::lost() };
        let ran = statement::run(self, live, work, index, may_retry).await;
        live.used = Instant::now();
        if ran.lost {
            self.stop_left_behind(&work.database, &live.backend);
            *slot = None;
        }
        ran
    }

    /// Sees to it that there is a session, and that it may do what the run may do.
    async fn connected(&self, slot: &mut Option<Live>, work: &Work) -> Result<()> {
        if let Some(live) = slot.as_mut() {
            if live.is_there().await {
                return live.set_read_only(work.read_only).await;
            }
            *slot = None;
            self.gone_quietly()?;
        }
        self.board.send_modify(Board::connecting);
        let opened = tokio::select! {
            biased;
            () = work.cancelled.cancelled() => Err(Error::new(ErrorKind::Cancelled, "cancelled while connecting")),
            opened = Live::open(&work.database, self.tab()) => opened,
        };
        let mut live = opened?;
        live.set_read_only(work.read_only).await?;
        self.runs(&live.backend, "");
        self.board.send_modify(|board| {
            board.pid = live.pid();
            board.connected();
            if let Some(words) = board.pooler.clone() {
                board.notice("session", words);
            }
        });
        *slot = Some(live);
        Ok(())
    }

    /// A session that went while nobody used it: without a transaction a new one does as well.
    fn gone_quietly(&self) -> Result<()> {
        let had = self.board.borrow().transaction != TransactionState::None;
        self.board.send_modify(|board| {
            board.pid = None;
            board.no_transaction();
            board.notice("session", GONE.to_owned());
        });
        if had {
            Err(transaction_lost().hint("Nothing was sent. Run it again to begin anew."))
        } else {
            Ok(())
        }
    }

    /// The session broke while it was used.
    pub(super) fn lost(&self) -> QueryPhase {
        self.board.send_modify(|board| {
            let had = board.transaction != TransactionState::None;
            board.pid = None;
            board.no_transaction();
            if had {
                board.error = Some(transaction_lost().hint("Run it again to begin anew.").into());
            }
        });
        QueryPhase::Lost
    }

    fn fail(&self, error: Error, index: usize) -> QueryPhase {
        let cancelled = error.kind() == ErrorKind::Cancelled;
        self.outcome(index, if cancelled { StatementOutcome::Cancelled } else { StatementOutcome::Skipped });
        self.board.send_modify(|board| board.error = (!cancelled).then(|| ErrorReport::from(error)));
        if cancelled { QueryPhase::Idle } else { QueryPhase::Lost }
    }

    fn outcome(&self, index: usize, outcome: StatementOutcome) {
        self.board.send_modify(|board| {
            if let Some(statement) = board.statement(index) {
                statement.outcome = outcome;
            }
        });
    }
}

/// What is said of a read that was tried again.
const RETRIED: &str = "The session was lost, and the statement, which only reads, was run again in a new one: settings and \
                       temporary tables of the old one are gone.";

/// What is said of a session that went between two runs.
const GONE: &str = "The session was lost while it was not used, and a new one was opened: its settings and temporary tables \
                    are gone.";

fn transaction_lost() -> Error {
    Error::new(
        ErrorKind::ConnectionRefused,
        "the session was lost with an open transaction, which the server has rolled back",
    )
}
