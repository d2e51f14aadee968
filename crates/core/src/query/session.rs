//! One tab: its session on the server, what runs in it, and its results.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::arranged::Arranged;
use super::board::Board;
use super::cancel::Backend;
use super::guard::{self, GuardAnswer, GuardRequest, GuardStatement};
use super::live::Live;
use super::run::{self, Work};
use super::script::{self, QueryPiece, QueryRequest, QueryRunReply, Script};
use super::state::{QueryPhase, QueryState, TransactionState};
use super::store::Budget;
use super::transaction::{self, QueryTransactionAction};
use super::{parameter, pooled};
use crate::connection::{Database, WriteMode};
use crate::{Error, ErrorKind, Result};

/// A tab. It belongs to one connection from its first run on.
pub struct QuerySession {
    tab: String,
    /// Where results go on that do not fit into memory.
    pub(super) folder: PathBuf,
    pub(super) budget: Arc<Budget>,
    pub(super) board: watch::Sender<Board>,
    /// Held by whatever uses the session.
    pub(super) live: AsyncMutex<Option<Live>>,
    /// Held while the server is asked to stop something: what is sent next must not be what is hit.
    pub(super) stopping: AsyncMutex<()>,
    control: Mutex<Control>,
}

/// What reaches a run from outside.
#[derive(Default)]
pub(super) struct Control {
    pub(super) database: Option<Database>,
    /// Nothing more is to be sent.
    pub(super) cancelled: CancellationToken,
    /// Nobody waits for the server any more.
    pub(super) abandoned: CancellationToken,
    pub(super) backend: Option<Backend>,
    /// The beginning of the statement that was sent last.
    pub(super) running: String,
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
            stopping: AsyncMutex::default(),
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
        self.run_told(database, request, oneshot::channel().0).await
    }

    /// As `run`; when it is over, what became of it is told, whatever the tab does by then.
    ///
    /// # Errors
    /// As `run`.
    pub async fn run_told(
        self: &Arc<Self>,
        database: &Database,
        request: QueryRequest,
        over: oneshot::Sender<QueryState>,
    ) -> Result<QueryRunReply> {
        self.bind(database)?;
        let script = Script::cut(&request)?;
        script.check(&request)?;
        pooled::check(database, &script)?;
        let given = |name: &String| request.parameters.iter().any(|parameter| parameter.name == *name);
        let names = script.parameters();
        if !names.iter().all(given) {
            return Ok(QueryRunReply::Parameters { names });
        }
        if let GuardAnswer::Asks(plan) = guarded(database, &script, &request).await? {
            return Ok(QueryRunReply::Asks { plan });
        }
        let (cancelled, abandoned) = self.begin(database, &script)?;
        let number = self.board.borrow().run;
        let read_only = request.read_only || database.profile().write_mode() == WriteMode::ReadOnly;
        let work = Work {
            database: database.clone(),
            script,
            parameters: request.parameters,
            arranged: Arranged { sort: request.sort, filters: request.filters },
            read_only,
            cancelled,
            abandoned,
            over,
        };
        tokio::spawn(run::run(Arc::clone(self), work));
        Ok(QueryRunReply::Started { run: number })
    }

    /// A tab never changes its connection: what runs in it would land elsewhere than its colour says.
    fn bind(&self, database: &Database) -> Result<()> {
        let id = &database.profile().id;
        let mut bound = false;
        self.board.send_if_modified(|board| {
            if board.connection.is_empty() {
                board.connection.clone_from(id);
            }
            bound = board.connection == *id;
            false
        });
        if bound {
            return Ok(());
        }
        Err(Error::new(ErrorKind::InvalidArguments, "the tab belongs to another connection")
            .hint("Open a new tab for this connection."))
    }

    /// Takes the tab for a new run.
    fn begin(&self, database: &Database, script: &Script) -> Result<(CancellationToken, CancellationToken)> {
        let mut taken = false;
        self.board.send_if_modified(|board| {
            taken = !board.is_busy() && !board.closed;
            if taken {
                board.begin(script);
                board.pooler = database.pooler().and_then(crate::connection::Pooler::words);
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
        control.abandoned = CancellationToken::new();
        Ok((control.cancelled.clone(), control.abandoned.clone()))
    }

    /// Commits or rolls back the open transaction.
    ///
    /// # Errors
    /// `Precondition` while something runs and where no transaction is open; what the server says to a commit.
    pub async fn end_transaction(self: &Arc<Self>, action: QueryTransactionAction) -> Result<QueryState> {
        let Ok(mut slot) = self.live.try_lock() else { return Err(busy()) };
        let Some(live) = slot.as_mut().filter(|_| self.state().transaction != TransactionState::None) else {
            return Err(Error::new(ErrorKind::Precondition, "no transaction is open in this tab"));
        };
        let ended = transaction::end(&mut live.connection, action).await;
        live.used = std::time::Instant::now();
        if ended.as_ref().is_err_and(super::statement::is_lost) {
            *slot = None;
            self.lost();
        } else {
            self.read_transaction(live).await;
        }
        ended.map(|()| self.state())
    }

    /// What a cancel from now on has to find.
    pub(super) fn runs(&self, backend: &Backend, statement: &str) {
        let mut control = self.control();
        control.backend = Some(backend.clone());
        control.running = statement.chars().take(200).collect();
    }

    pub(super) fn control(&self) -> MutexGuard<'_, Control> {
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
