//! A transaction that is left open: rolled back by itself after a while, since it holds locks and old rows.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::board::Board;
use super::live::Live;
use super::session::QuerySession;
use super::state::TransactionState;
use super::transaction::{self, QueryTransactionAction};

impl QuerySession {
    /// Asks the server for the transaction. A session that does not answer has none any more.
    pub(super) async fn read_transaction(&self, live: &mut Live) {
        let asked = transaction::ask(&mut live.connection).await;
        let patience = live.patience;
        live.hold(matches!(asked, Ok((TransactionState::Open | TransactionState::Failed, _))));
        self.board.send_modify(|board| match asked {
            Ok((TransactionState::None, _)) | Err(_) => board.no_transaction(),
            Ok((state, since)) => {
                let now = Instant::now();
                board.transaction = state;
                let begun = since.and_then(|since| now.checked_sub(Duration::from_millis(since)));
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
        let patience = live.patience;
        if transaction::end(&mut live.connection, QueryTransactionAction::Rollback).await.is_err() {
            // The server ends it with the session.
            *slot = None;
        } else {
            live.hold(false);
        }
        self.board.send_modify(|board| {
            board.no_transaction();
            board.notice("session", words(patience));
        });
    }
}

fn words(patience: Duration) -> String {
    let long = match patience.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    };
    format!(
        "The transaction was rolled back: nobody had used it for {long}. What it had changed is as it was before."
    )
}
