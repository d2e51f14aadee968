//! A run: the statements of a script one after the other, until one fails or somebody cancels.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::MutexGuard;
use tokio_util::sync::CancellationToken;
use tracing::instrument::WithSubscriber as _;

use super::board::Board;
use super::live::Live;
use super::notice;
use super::script::{QueryParameter, QuerySort, Script};
use super::session::QuerySession;
use super::state::{QueryPhase, StatementOutcome, TransactionState};
use super::statement;
use super::transaction;
use crate::connection::Database;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind, Result};

/// What a run needs.
pub(super) struct Work {
    pub(super) database: Database,
    pub(super) script: Script,
    pub(super) parameters: Vec<QueryParameter>,
    pub(super) sort: Vec<QuerySort>,
    pub(super) read_only: bool,
    pub(super) cancelled: CancellationToken,
}

/// Runs it, and leaves everything that came of it on the board.
pub(super) async fn run(session: Arc<QuerySession>, work: Work) {
    let heard = Arc::downgrade(&session);
    let listener = notice::listener(move |level, message| {
        if let Some(session) = heard.upgrade() {
            session.board.send_modify(|board| board.notice(level, message));
        }
    });
    let phase = session.clone().run_all(work).with_subscriber(listener).await;
    session.board.send_modify(|board| {
        board.skip_waiting();
        board.took = board.begun.map(|begun| begun.elapsed());
        board.phase = phase;
    });
    session.watch_transaction();
}

impl QuerySession {
    async fn run_all(self: Arc<Self>, work: Work) -> QueryPhase {
        let mut slot = self.live.lock().await;
        if let Err(error) = self.connected(&mut slot, &work).await {
            return self.fail(error);
        }
        let Some(live) = slot.as_mut() else { return QueryPhase::Lost };
        let mut asks = false;
        for index in 0..work.script.statements.len() {
            if work.cancelled.is_cancelled() {
                self.outcome(index, StatementOutcome::Cancelled);
                break;
            }
            let before = self.board.borrow().transaction;
            let ran = statement::run(&self, live, &work, index).await;
            asks |= transaction::may_change(before, &ran.verb) || before != TransactionState::None;
            if ran.lost {
                *slot = None;
                return self.lost();
            }
            if !ran.done {
                break;
            }
        }
        if asks {
            self.read_transaction(live).await;
        }
        live.used = Instant::now();
        QueryPhase::Idle
    }

    /// Sees to it that there is a session, and that it may do what the run may do.
    async fn connected(&self, slot: &mut MutexGuard<'_, Option<Live>>, work: &Work) -> Result<()> {
        if let Some(live) = slot.as_mut() {
            if live.is_there().await {
                return live.set_read_only(work.read_only).await;
            }
            **slot = None;
            self.gone_quietly()?;
        }
        self.board.send_modify(|board| board.connecting());
        let opening = Live::open(&work.database, self.tab());
        let opened = tokio::select! {
            biased;
            () = work.cancelled.cancelled() => Err(Error::new(ErrorKind::Cancelled, "cancelled while connecting")),
            opened = opening => opened,
        };
        let mut live = opened?;
        live.set_read_only(work.read_only).await?;
        self.runs(&live.backend, "");
        self.board.send_modify(|board| {
            board.pid = Some(live.backend.pid);
            board.connected();
        });
        **slot = Some(live);
        Ok(())
    }

    /// A session that went while nobody used it: without a transaction a new one does as well.
    fn gone_quietly(&self) -> Result<()> {
        let had = self.board.borrow().transaction != TransactionState::None;
        self.board.send_modify(|board| {
            board.pid = None;
            board.no_transaction();
            board.notice(
                "session",
                "The session was lost while it was not used, and a new one was opened: its settings and temporary \
                 tables are gone."
                    .to_owned(),
            );
        });
        if had {
            Err(transaction_lost().hint("Nothing was sent. Run it again to begin anew."))
        } else {
            Ok(())
        }
    }

    /// The session broke while it was used.
    fn lost(&self) -> QueryPhase {
        self.board.send_modify(|board| {
            let had = board.transaction != TransactionState::None;
            board.pid = None;
            board.no_transaction();
            if had {
                board.error = Some(transaction_lost().into());
            }
        });
        QueryPhase::Lost
    }

    fn fail(&self, error: Error) -> QueryPhase {
        let cancelled = error.kind() == ErrorKind::Cancelled;
        self.board.send_modify(|board| {
            board.error = (!cancelled).then(|| ErrorReport::from(error));
            if let Some(first) = board.statement(0).filter(|_| cancelled) {
                first.outcome = StatementOutcome::Cancelled;
            }
        });
        if cancelled { QueryPhase::Idle } else { QueryPhase::Lost }
    }

    fn outcome(&self, index: usize, outcome: StatementOutcome) {
        self.board.send_modify(|board| {
            if let Some(statement) = board.statement(index) {
                statement.outcome = outcome;
            }
        });
    }

    /// Asks the server for the transaction. A session that does not answer has none any more.
    pub(super) async fn read_transaction(&self, live: &mut Live) {
        let asked = transaction::ask(&mut live.connection).await;
        let patience = live.patience;
        self.board.send_modify(|board| match asked {
            Ok((TransactionState::None, _)) | Err(_) => board.no_transaction(),
            Ok((state, since)) => {
                let now = Instant::now();
                board.transaction = state;
                let begun = since.and_then(|since| now.checked_sub(std::time::Duration::from_millis(since)));
                board.transaction_begun = begun.or(board.transaction_begun).or(Some(now));
                board.rollback_at = Some(now + patience);
            }
        });
    }

    /// Rolls a transaction back that nobody has used for too long.
    pub(super) fn watch_transaction(self: &Arc<Self>) {
        let (run, at) = {
            let board = self.board.borrow();
            (board.run, board.rollback_at)
        };
        let Some(at) = at else { return };
        let weak = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep_until(at.into()).await;
            if let Some(session) = weak.upgrade() {
                session.roll_back_forgotten(run).await;
            }
        });
    }

    async fn roll_back_forgotten(&self, run: u32) {
        // Whoever holds the session uses it, and watches anew when it is done.
        let Ok(mut slot) = self.live.try_lock() else { return };
        let due =
            |board: &Board| board.run == run && board.rollback_at.is_some_and(|at| at <= Instant::now());
        if !due(&self.board.borrow()) {
            return;
        }
        let Some(live) = slot.as_mut() else { return };
        let ended =
            transaction::end(&mut live.connection, transaction::QueryTransactionAction::Rollback).await;
        let minutes = live.patience.as_secs().div_ceil(60);
        if ended.is_err() {
            *slot = None;
        }
        self.board.send_modify(|board| {
            board.no_transaction();
            board.notice(
                "session",
                format!(
                    "The transaction was rolled back: it had been open for {minutes} min without being used."
                ),
            );
        });
    }
}

fn transaction_lost() -> Error {
    Error::new(
        ErrorKind::ConnectionRefused,
        "the session was lost with an open transaction, which the server has rolled back",
    )
}

impl Board {
    fn connecting(&mut self) {
        if self.phase == QueryPhase::Running {
            self.phase = QueryPhase::Connecting;
        }
    }

    fn connected(&mut self) {
        if self.phase == QueryPhase::Connecting {
            self.phase = QueryPhase::Running;
        }
    }
}
