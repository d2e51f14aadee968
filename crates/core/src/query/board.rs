//! What a tab knows of itself: the run's progress as it is written, and the state that is made of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio_util::sync::DropGuard;

use super::script::{Script, Units};
use super::state::{
    QueryColumn, QueryEditable, QueryNotice, QueryPhase, QueryResult, QueryState, QueryStatement,
    StatementOutcome, TransactionState,
};
use super::store::Store;
use super::view::RowOrder;
use crate::error::ErrorReport;

/// Notices of a run that are kept.
const MOST_NOTICES: usize = 1_000;

/// Statements at the beginning of a script, and around the current one, that a state tells of.
const TOLD: usize = 200;

/// Characters of a statement that its state shows.
const SHOWN: usize = 200;

/// The progress of a tab.
#[derive(Debug, Default)]
pub(super) struct Board {
    pub(super) connection: String,
    /// What a pooler in between means for the tab.
    pub(super) pooler: Option<String>,
    pub(super) run: u32,
    pub(super) phase: QueryPhase,
    pub(super) begun: Option<Instant>,
    pub(super) took: Option<Duration>,
    pub(super) pid: Option<i32>,
    pub(super) transaction: TransactionState,
    /// When the transaction began.
    pub(super) transaction_begun: Option<Instant>,
    /// When it is rolled back by itself.
    pub(super) rollback_at: Option<Instant>,
    pub(super) statements: Vec<QueryStatement>,
    /// Each statement whole.
    pub(super) texts: Vec<String>,
    pub(super) results: Vec<Held>,
    pub(super) notices: Vec<QueryNotice>,
    pub(super) notices_dropped: u64,
    pub(super) error: Option<ErrorReport>,
    /// The tab is closed: whoever watches it goes.
    pub(super) closed: bool,
}

/// A result with its rows.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) id: String,
    pub(super) statement: u32,
    pub(super) columns: Vec<QueryColumn>,
    pub(super) store: Arc<Store>,
    pub(super) stopped: Option<String>,
    pub(super) edit: QueryEditable,
    /// The statement, where its rows come from a table.
    pub(super) sql: String,
    /// The newest views of it.
    pub(super) views: Vec<(String, Arc<RowOrder>)>,
    /// How many rows the planner expects.
    pub(super) estimate: Option<u64>,
    pub(super) errands: Errands,
}

/// What is on its way through the rows of a result: something newer of its sort takes its place.
#[derive(Debug, Default)]
pub(super) struct Errands {
    pub(super) view: Option<DropGuard>,
    pub(super) find: Option<DropGuard>,
    /// How far the view is, in percent.
    pub(super) percent: Option<u32>,
}

impl Board {
    /// Clears it for a new run.
    pub(super) fn begin(&mut self, script: &Script) {
        self.run += 1;
        self.begun = Some(Instant::now());
        self.took = None;
        self.results.clear();
        self.notices.clear();
        self.notices_dropped = 0;
        self.error = None;
        self.rollback_at = None;
        self.texts = script.statements.iter().map(|statement| statement.text.clone()).collect();
        let mut units = Units::of(&script.text);
        let waiting = script.statements.iter().enumerate().map(|(index, statement)| QueryStatement {
            index: u32::try_from(index).unwrap_or(u32::MAX),
            sql: statement.text.chars().take(SHOWN).collect(),
            line: u32::try_from(statement.line).unwrap_or(u32::MAX),
            from: units.before(statement.start),
            to: units.before(statement.end),
            outcome: StatementOutcome::Waiting,
            tag: None,
            rows: None,
            duration_ms: None,
            first_row_ms: None,
            result: None,
            error: None,
        });
        self.statements = waiting.collect();
    }

    /// A session is opened for the run.
    pub(super) fn connecting(&mut self) {
        if self.phase == QueryPhase::Running {
            self.phase = QueryPhase::Connecting;
        }
    }

    /// It is open.
    pub(super) fn connected(&mut self) {
        if self.phase == QueryPhase::Connecting {
            self.phase = QueryPhase::Running;
        }
    }

    /// Whether statements run, or are about to.
    pub(super) fn is_busy(&self) -> bool {
        !matches!(self.phase, QueryPhase::Idle | QueryPhase::Lost)
    }

    /// Whether a row of this run can be looked at.
    pub(super) fn has_rows(&self) -> bool {
        self.results.iter().any(|held| held.store.rows() > 0)
    }

    pub(super) fn statement(&mut self, index: usize) -> Option<&mut QueryStatement> {
        self.statements.get_mut(index)
    }

    /// The result of a statement.
    pub(super) fn result_of(&mut self, index: usize) -> Option<&mut Held> {
        self.results.iter_mut().rev().find(|held| held.statement as usize == index)
    }

    pub(super) fn notice(&mut self, level: &str, message: String) {
        if self.notices.len() >= MOST_NOTICES {
            self.notices_dropped += 1;
            return;
        }
        let running = |statement: &&QueryStatement| statement.outcome == StatementOutcome::Running;
        let statement = self.statements.iter().find(running).map_or(0, |statement| statement.index);
        self.notices.push(QueryNotice { level: level.to_owned(), message, statement });
    }

    /// Whatever has not begun will not.
    pub(super) fn skip_waiting(&mut self) {
        for statement in &mut self.statements {
            if statement.outcome == StatementOutcome::Waiting {
                statement.outcome = StatementOutcome::Skipped;
            }
        }
    }

    /// The transaction is over, or was never there.
    pub(super) fn no_transaction(&mut self) {
        self.transaction = TransactionState::None;
        self.transaction_begun = None;
        self.rollback_at = None;
    }

    /// The state as it travels, now.
    pub(super) fn state(&self, tab: &str) -> QueryState {
        let now = Instant::now();
        let elapsed = self.took.or_else(|| self.begun.map(|begun| now.duration_since(begun)));
        let results: Vec<QueryResult> = self.results.iter().map(Held::result).collect();
        QueryState {
            tab: tab.to_owned(),
            connection: self.connection.clone(),
            pooler: self.pooler.clone(),
            run: self.run,
            phase: self.phase,
            elapsed_ms: elapsed.map_or(0, milliseconds),
            pid: self.pid,
            transaction: self.transaction,
            transaction_ms: self.transaction_begun.map(|begun| milliseconds(now.duration_since(begun))),
            rollback_in_ms: self.rollback_at.map(|at| milliseconds(at.saturating_duration_since(now))),
            statements: self.told().map(|statement| self.counted(statement)).collect(),
            statement_count: u32::try_from(self.statements.len()).unwrap_or(u32::MAX),
            stored_bytes: results.iter().map(|result| result.bytes).sum(),
            spilled_bytes: self.results.iter().map(|held| held.store.spilled()).sum(),
            results,
            notices: self.notices.clone(),
            notices_dropped: self.notices_dropped,
            error: self.error.clone(),
        }
    }

    /// The statements that the state tells of: a state is sent many times, a script may have thousands.
    fn told(&self) -> impl Iterator<Item = &QueryStatement> {
        let waits = |statement: &QueryStatement| statement.outcome == StatementOutcome::Waiting;
        let current = self.statements.iter().position(waits).unwrap_or(self.statements.len());
        let near = move |index: usize| index < TOLD || index.abs_diff(current) < TOLD;
        let told =
            move |(index, statement): &(usize, &QueryStatement)| near(*index) || statement.error.is_some();
        self.statements.iter().enumerate().filter(told).map(|(_, statement)| statement)
    }

    /// A running statement has as many rows as its result.
    fn counted(&self, statement: &QueryStatement) -> QueryStatement {
        let mut counted = statement.clone();
        if counted.rows.is_none() {
            let held = self.results.iter().find(|held| Some(&held.id) == counted.result.as_ref());
            counted.rows = held.map(|held| held.store.rows());
        }
        counted
    }
}

impl Held {
    fn result(&self) -> QueryResult {
        QueryResult {
            id: self.id.clone(),
            statement: self.statement,
            columns: self.columns.clone(),
            // Asked before the rows: they may only be more than that tells.
            complete: self.store.is_complete(),
            rows: self.store.rows(),
            stopped: self.stopped.clone(),
            bytes: self.store.bytes(),
            estimate: self.estimate,
            arranged: self.errands.percent,
            edit: self.edit.clone(),
        }
    }
}

pub(super) fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
