//! Stopping what a tab runs: a cancel that reaches the server, and what comes when it does not help.

use std::sync::Arc;
use std::time::Duration;

use super::board::Board;
use super::cancel::{self, Backend, Stop};
use super::session::QuerySession;
use super::state::{QueryPhase, QueryState, TransactionState};
use crate::Result;
use crate::connection::Database;

/// How long a statement may go on after the server was asked to cancel it.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long until it is asked again.
const AGAIN: Duration = Duration::from_secs(1);

/// What is said where a connection was closed in the middle of a transaction.
const ROLLED_BACK: &str = "The connection was closed, and with it the open transaction was rolled back.";

impl QuerySession {
    /// Asks the server to cancel what runs, and says after a while when it goes on.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn cancel(self: &Arc<Self>) -> Result<QueryState> {
        let run = self.board.borrow().run;
        if !self.board.borrow().is_busy() {
            return Ok(self.state());
        }
        self.control().cancelled.cancel();
        self.set_phase(run, QueryPhase::Cancelling);
        let session = Arc::clone(self);
        tokio::spawn(async move { session.expect_end(run).await });
        self.stop(run, Stop::Cancel).await.map(|()| self.state())
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn terminate(self: &Arc<Self>) -> Result<QueryState> {
        let run = self.board.borrow().run;
        self.control().cancelled.cancel();
        let session = Arc::clone(self);
        tokio::spawn(async move { session.abandon(run).await });
        self.stop(run, Stop::Terminate).await.map(|()| self.state())
    }

    /// Closes the tab: what runs is cancelled, an open transaction rolled back, its results are let go.
    pub async fn close(self: &Arc<Self>) {
        let run = self.board.borrow().run;
        self.board.send_modify(|board| board.closed = true);
        self.control().cancelled.cancel();
        let _ = self.stop(run, Stop::Cancel).await;
        let session = Arc::clone(self);
        tokio::spawn(async move { session.end(run).await });
    }

    /// Ends the tab's session: what runs is cancelled, an open transaction rolled back. Its results stay, and its next run
    /// opens another session.
    pub async fn disconnect(self: &Arc<Self>) {
        let run = self.board.borrow().run;
        self.control().cancelled.cancel();
        let _ = self.stop(run, Stop::Cancel).await;
        self.end_session(run).await;
        self.control().database = None;
        self.board.send_modify(|board| {
            if board.transaction != TransactionState::None {
                board.notice("session", ROLLED_BACK.to_owned());
            }
            board.no_transaction();
            board.pid = None;
        });
    }

    async fn end(self: Arc<Self>, run: u32) {
        self.end_session(run).await;
        self.board.send_modify(|board| board.results.clear());
    }

    /// Lets a cancelled run end, and ends it on the server where it does not.
    async fn end_session(&self, run: u32) {
        if !self.is_over_within(run, PATIENCE).await {
            let _ = self.stop(run, Stop::Terminate).await;
            self.abandon(run).await;
        }
        if let Some(live) = self.live.lock().await.take() {
            live.close().await;
        }
    }

    /// Asks the server to stop what a run of this tab does, unless that is over.
    pub(super) async fn stop(&self, run: u32, stop: Stop) -> Result<()> {
        let _stopping = self.stopping.lock().await;
        let over = |board: &Board| board.run != run || !board.is_busy();
        if over(&self.board.borrow()) {
            return Ok(());
        }
        let (database, backend, running) = {
            let control = self.control();
            (control.database.clone(), control.backend.clone(), control.running.clone())
        };
        let (Some(database), Some(backend)) = (database, backend) else { return Ok(()) };
        cancel::stop(&database, &backend, &running, stop).await.map(|_| ())
    }

    /// Stops on the server what a broken wire has left there.
    pub(super) fn stop_left_behind(&self, database: &Database, backend: &Backend) {
        let (database, backend) = (database.clone(), backend.clone());
        let running = self.control().running.clone();
        tokio::spawn(async move { cancel::stop(&database, &backend, &running, Stop::Cancel).await });
    }

    /// Waits until nobody asks the server to stop something.
    pub(super) async fn settled(&self) {
        drop(self.stopping.lock().await);
    }

    /// A statement that was on its way when the server was asked is asked about again.
    async fn expect_end(&self, run: u32) {
        for _ in 1..PATIENCE.as_secs() / AGAIN.as_secs() {
            if self.is_over_within(run, AGAIN).await {
                return;
            }
            let _ = tokio::time::timeout(AGAIN, self.stop(run, Stop::Cancel)).await;
        }
        if !self.is_over_within(run, AGAIN).await {
            self.set_phase(run, QueryPhase::StillRunning);
        }
    }

    /// The server had its time to end the session: a wire that is cut tells nothing.
    async fn abandon(&self, run: u32) {
        if !self.is_over_within(run, PATIENCE).await && self.board.borrow().run == run {
            self.control().abandoned.cancel();
        }
    }

    async fn is_over_within(&self, run: u32, patience: Duration) -> bool {
        let mut watched = self.board.subscribe();
        let over = watched.wait_for(|board| board.run != run || !board.is_busy());
        tokio::time::timeout(patience, over).await.is_ok()
    }

    /// Changes the phase of a run that is not over.
    fn set_phase(&self, run: u32, phase: QueryPhase) {
        self.board.send_if_modified(|board| {
            let same = board.run == run && board.is_busy();
            if same {
                board.phase = phase;
            }
            same
        });
    }
}
