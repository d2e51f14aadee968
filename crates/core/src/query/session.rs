//! One tab: its session on the server, what runs in it, and its results.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, watch};
use tokio_util::sync::CancellationToken;

use super::board::Board;
use super::cancel::{self, Backend, Stop};
use super::guard::{self, GuardAnswer, GuardRequest, GuardStatement};
use super::live::Live;
use super::parameter;
use super::run::{self, Work};
use super::script::{self, QueryPiece, QueryRequest, QueryRunReply, Script};
use super::state::{QueryPhase, QueryState, TransactionState};
use super::store::Budget;
use super::transaction::{self, QueryTransactionAction};
use crate::connection::{Database, WriteMode};
use crate::{Error, ErrorKind, Result};

/// How long a statement may go on after the server was asked to cancel it.
const PATIENCE: Duration = Duration::from_secs(5);

/// A tab. It belongs to one connection from its first run on.
pub struct QuerySession {
    tab: String,
    /// Where results go on that do not fit into memory.
    pub(super) folder: PathBuf,
    pub(super) budget: Arc<Budget>,
    pub(super) board: watch::Sender<Board>,
    /// Held by whatever uses the session.
    pub(super) live: AsyncMutex<Option<Live>>,
    control: Mutex<Control>,
}

/// What reaches a run from outside.
#[derive(Default)]
struct Control {
    database: Option<Database>,
    cancelled: CancellationToken,
    backend: Option<Backend>,
    /// The beginning of the statement that was sent last.
    running: String,
}

impl std::fmt::Debug for QuerySession {
    /// By its id alone: a database does not show itself.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QuerySession").field("tab", &self.tab).finish_non_exhaustive()
    }
}

impl QuerySession {
    pub(super) fn new(tab: &str, folder: PathBuf, budget: Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            tab: tab.to_owned(),
            folder,
            budget,
            board: watch::Sender::new(Board::default()),
            live: AsyncMutex::default(),
            control: Mutex::default(),
        })
    }

    /// The tab's id.
    pub fn tab(&self) -> &str {
        &self.tab
    }

    /// What it is doing now.
    pub fn state(&self) -> QueryState {
        self.board.borrow().state(&self.tab)
    }

    /// Runs statements, or says what is to be answered first.
    ///
    /// # Errors
    /// `Precondition` while the tab runs something, `InvalidArguments` for a text that cannot be cut and for a tab of
    /// another connection, `Refused` by the guard.
    pub async fn run(self: &Arc<Self>, database: &Database, request: QueryRequest) -> Result<QueryRunReply> {
        self.bind(database)?;
        let script = Script::cut(&request)?;
        let given = |name: &String| request.parameters.iter().any(|parameter| parameter.name == *name);
        let names = script.parameters();
        if !names.iter().all(given) {
            return Ok(QueryRunReply::Parameters { names });
        }
        if let GuardAnswer::Asks(plan) = guarded(database, &script, &request).await? {
            return Ok(QueryRunReply::Asks { plan });
        }
        let cancelled = self.begin(database, &script)?;
        let number = self.board.borrow().run;
        let read_only = request.read_only || database.profile().write_mode() == WriteMode::ReadOnly;
        let work = Work {
            database: database.clone(),
            script,
            parameters: request.parameters,
            sort: request.sort,
            read_only,
            cancelled,
        };
        tokio::spawn(run::run(Arc::clone(self), work));
        Ok(QueryRunReply::Started { run: number })
    }

    /// A tab never changes its connection: what runs in it would land elsewhere than its colour says.
    fn bind(&self, database: &Database) -> Result<()> {
        let id = &database.profile().id;
        let bound = self.board.borrow().connection.clone();
        if bound.is_empty() {
            self.board.send_modify(|board| board.connection.clone_from(id));
        } else if bound != *id {
            return Err(Error::new(ErrorKind::InvalidArguments, "the tab belongs to another connection")
                .hint("Open a new tab for this connection."));
        }
        Ok(())
    }

    /// Takes the tab for a new run.
    fn begin(&self, database: &Database, script: &Script) -> Result<CancellationToken> {
        let mut taken = false;
        self.board.send_if_modified(|board| {
            taken = !board.is_busy() && !board.closed;
            if taken {
                board.begin(script);
                board.phase = QueryPhase::Running;
            }
            taken
        });
        if !taken {
            return Err(busy());
        }
        let mut control = self.control();
        control.database = Some(database.clone());
        control.cancelled = CancellationToken::new();
        Ok(control.cancelled.clone())
    }

    /// Asks the server to cancel what runs, and says after a while when it goes on.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn cancel(self: &Arc<Self>) -> Result<QueryState> {
        if !self.board.borrow().is_busy() {
            return Ok(self.state());
        }
        self.control().cancelled.cancel();
        let run = self.board.borrow().run;
        self.set_phase(run, QueryPhase::Cancelling);
        let asked = self.stop(Stop::Cancel).await;
        let session = Arc::clone(self);
        tokio::spawn(async move { session.expect_end(run).await });
        asked.map(|()| self.state())
    }

    /// Ends the session on the server.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn terminate(&self) -> Result<QueryState> {
        self.control().cancelled.cancel();
        self.stop(Stop::Terminate).await?;
        Ok(self.state())
    }

    pub(super) async fn stop(&self, stop: Stop) -> Result<()> {
        let (database, backend, running) = {
            let control = self.control();
            (control.database.clone(), control.backend.clone(), control.running.clone())
        };
        let (Some(database), Some(backend)) = (database, backend) else { return Ok(()) };
        cancel::stop(&database, &backend, &running, stop).await.map(|_| ())
    }

    async fn expect_end(&self, run: u32) {
        let mut watched = self.board.subscribe();
        let over = watched.wait_for(|board| board.run != run || !board.is_busy());
        if tokio::time::timeout(PATIENCE, over).await.is_err() {
            self.set_phase(run, QueryPhase::StillRunning);
        }
    }

    /// Changes the phase of a run that is not over.
    fn set_phase(&self, run: u32, phase: QueryPhase) {
        self.board.send_if_modified(|board| {
            let same = board.run == run && board.is_busy() && board.phase != QueryPhase::StillRunning;
            if same {
                board.phase = phase;
            }
            same
        });
    }

    /// Commits or rolls back the open transaction.
    ///
    /// # Errors
    /// `Precondition` while something runs and where no transaction is open; what the server says to a commit.
    pub async fn end_transaction(self: &Arc<Self>, action: QueryTransactionAction) -> Result<QueryState> {
        let Ok(mut live) = self.live.try_lock() else { return Err(busy()) };
        let Some(live) = live.as_mut().filter(|_| self.state().transaction != TransactionState::None) else {
            return Err(Error::new(ErrorKind::Precondition, "no transaction is open in this tab"));
        };
        let ended = transaction::end(&mut live.connection, action).await;
        self.read_transaction(live).await;
        ended.map(|()| self.state())
    }

    /// Closes the tab: what runs is cancelled, an open transaction rolled back, its results are let go.
    pub async fn close(self: &Arc<Self>) {
        let busy = self.board.borrow().is_busy();
        self.board.send_modify(|board| board.closed = true);
        self.control().cancelled.cancel();
        if busy {
            let _ = self.stop(Stop::Cancel).await;
        }
        let session = Arc::clone(self);
        tokio::spawn(async move { session.end().await });
    }

    /// Lets a cancelled run end, and ends it on the server where it does not.
    async fn end(&self) {
        let mut live = match tokio::time::timeout(PATIENCE, self.live.lock()).await {
            Ok(live) => live,
            Err(_) => {
                let _ = self.stop(Stop::Terminate).await;
                self.live.lock().await
            }
        };
        if let Some(live) = live.take() {
            live.close().await;
        }
        self.board.send_modify(|board| board.results.clear());
    }

    /// What a cancel from now on has to find.
    pub(super) fn runs(&self, backend: &Backend, statement: &str) {
        let mut control = self.control();
        control.backend = Some(backend.clone());
        control.running = statement.chars().take(200).collect();
    }

    fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where the statements of a text are; none in a text that cannot be cut.
pub fn query_pieces(text: &str) -> Vec<QueryPiece> {
    script::pieces(text)
}

/// The guard judges what the server will get: with the parameters numbered.
async fn guarded(database: &Database, script: &Script, request: &QueryRequest) -> Result<GuardAnswer> {
    let texts: Vec<String> =
        script.statements.iter().map(|statement| parameter::as_sent(&statement.text)).collect();
    let lines = script.statements.iter().map(|statement| statement.line);
    let statements: Vec<GuardStatement<'_>> =
        texts.iter().zip(lines).map(|(sql, line)| GuardStatement { sql, line }).collect();
    let values = request.parameters.iter();
    let parameters: Vec<(String, Option<String>)> =
        values.map(|parameter| (parameter.name.clone(), parameter.value.clone())).collect();
    let asked = GuardRequest {
        statements: &statements,
        parameters: &parameters,
        read_only: request.read_only,
        consent: request.consent.as_ref(),
    };
    guard::check(database, &asked).await
}

fn busy() -> Error {
    Error::new(ErrorKind::Precondition, "the tab is still running a statement")
        .hint("Wait until it ends, or cancel it.")
}
