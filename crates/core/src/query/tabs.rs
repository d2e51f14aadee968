//! All tabs of a host, by their ids.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::cell::{self, QueryCellPart, QueryRows};
use super::consent::QueryConsent;
use super::copy::{self, QueryCopyRequest};
use super::edit::{self, Edited, QueryEdit, QueryEditApplied, QueryEditPlan};
use super::explain::ExplainRuns;
use super::session::QuerySession;
use super::state::QueryColumn;
use super::store::{Budget, RowReader, Store};
use super::view::RowOrder;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result};

/// The tabs of a host and the memory that their results share.
#[derive(Debug)]
pub struct QueryTabs {
    pub(super) folder: PathBuf,
    budget: Arc<Budget>,
    tabs: Mutex<HashMap<String, Arc<QuerySession>>>,
    explains: ExplainRuns,
}

/// A result to read, and the rows of a view of it in their order.
#[derive(Debug)]
pub struct Reading {
    pub(super) store: Arc<Store>,
    pub(super) columns: Vec<QueryColumn>,
    order: Option<Arc<RowOrder>>,
    /// The statement whose result it is.
    text: String,
}

impl QueryTabs {
    /// Tabs whose results go on in a folder where memory ends.
    pub fn new(folder: PathBuf) -> Self {
        Self::with_budget(folder, Budget::new(Budget::USUAL))
    }

    /// The same with another amount of memory for all results.
    pub fn with_budget(folder: PathBuf, budget: Arc<Budget>) -> Self {
        Self { folder, budget, tabs: Mutex::default(), explains: ExplainRuns::default() }
    }

    /// A tab; a new id makes a new tab.
    pub fn tab(&self, tab: &str) -> Arc<QuerySession> {
        let mut tabs = self.lock();
        let made = || QuerySession::new(tab, self.folder.clone(), Arc::clone(&self.budget));
        Arc::clone(tabs.entry(tab.to_owned()).or_insert_with(made))
    }

    /// What tabs have explained.
    pub fn explains(&self) -> &ExplainRuns {
        &self.explains
    }

    /// Closes a tab. One that is not there is closed already.
    pub async fn close(&self, tab: &str) {
        self.explains.close(tab);
        let closed = self.lock().remove(tab);
        if let Some(session) = closed {
            session.close().await;
        }
    }

    /// Closes all tabs.
    pub async fn close_all(&self) {
        let tabs: Vec<String> = self.lock().keys().cloned().collect();
        futures_util::future::join_all(tabs.iter().map(|tab| self.close(tab))).await;
    }

    /// Ends the sessions of all tabs of a connection; their results stay.
    pub async fn disconnect(&self, connection: &str) {
        self.explains.close_connection(connection);
        let of = |session: &&Arc<QuerySession>| session.board.borrow().connection == connection;
        let tabs: Vec<Arc<QuerySession>> = self.lock().values().filter(of).cloned().collect();
        futures_util::future::join_all(tabs.iter().map(|session| session.disconnect())).await;
    }

    /// A window of a result, or of a view of it.
    ///
    /// # Errors
    /// `NotFound` for a result or view that is gone.
    pub async fn rows(&self, result: &str, view: Option<&str>, first: u64, count: u32) -> Result<QueryRows> {
        let reading = self.reading(result, view)?;
        aside(move || cell::window(&reading.store, reading.order(), first, count)).await
    }

    /// A part of a cell, in bytes.
    ///
    /// # Errors
    /// `NotFound` for a result, view, row or column that is not there.
    pub async fn cell(
        &self,
        result: &str,
        view: Option<&str>,
        row: u64,
        column: u32,
        offset: u64,
        limit: u64,
    ) -> Result<QueryCellPart> {
        let reading = self.reading(result, view)?;
        aside(move || cell::part(&reading.store, reading.stored(row)?, column, offset, limit)).await
    }

    /// Rows as text to paste elsewhere.
    ///
    /// # Errors
    /// `Precondition` when it is too much.
    pub async fn copy(&self, result: &str, view: Option<&str>, request: QueryCopyRequest) -> Result<String> {
        let reading = self.reading(result, view)?;
        aside(move || copy::copy(&reading.store, reading.order(), &reading.columns, &request)).await
    }

    /// The statements of staged edits of a result.
    ///
    /// # Errors
    /// `Refused` on a connection that reads only, `Precondition` where the result cannot be edited.
    pub async fn edit_plan(
        &self,
        database: &Database,
        result: &str,
        edits: &[QueryEdit],
    ) -> Result<QueryEditPlan> {
        edit::plan(database, self.edited(result)?, edits).await
    }

    /// Applies the edits whose plan was agreed to, in one transaction.
    ///
    /// # Errors
    /// As `edit_plan`; `StalePlan` for an answer to another plan, `Conflict` where a row is not as it was read.
    pub async fn edit_apply(
        &self,
        database: &Database,
        result: &str,
        edits: &[QueryEdit],
        consent: &QueryConsent,
    ) -> Result<QueryEditApplied> {
        edit::apply(database, self.edited(result)?, edits, consent).await
    }

    fn edited(&self, result: &str) -> Result<Edited> {
        let session = self.session_of(result)?;
        let board = session.board.borrow();
        let held = board.results.iter().find(|held| held.id == result).ok_or_else(|| gone(result))?;
        Ok(Edited { sql: held.sql.clone(), store: Arc::clone(&held.store), columns: held.columns.clone() })
    }

    pub(super) fn session_of(&self, result: &str) -> Result<Arc<QuerySession>> {
        let tab = result.rsplitn(3, '/').nth(2).unwrap_or_default();
        self.lock().get(tab).cloned().ok_or_else(|| gone(result))
    }

    pub(super) fn reading(&self, result: &str, view: Option<&str>) -> Result<Reading> {
        let session = self.session_of(result)?;
        let board = session.board.borrow();
        let held = board.results.iter().find(|held| held.id == result).ok_or_else(|| gone(result))?;
        let order = match view {
            None => None,
            Some(view) => {
                let found = held.views.iter().find(|(id, _)| id == view);
                Some(Arc::clone(&found.ok_or_else(view_gone)?.1))
            }
        };
        let text = board.texts.get(held.statement as usize).cloned().unwrap_or_default();
        Ok(Reading { store: Arc::clone(&held.store), columns: held.columns.clone(), order, text })
    }

    /// A result, or a view of it, to be exported.
    ///
    /// # Errors
    /// `NotFound` for a result or view that is gone.
    pub fn result(&self, result: &str, view: Option<&str>) -> Result<Reading> {
        self.reading(result, view)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<QuerySession>>> {
        self.tabs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    pub(super) fn order(&self) -> Option<&RowOrder> {
        self.order.as_deref()
    }

    /// The number in the store of a row as the view counts it; of none, one that no store has.
    fn stored(&self, row: u64) -> Result<u64> {
        match self.order() {
            None => Ok(row),
            Some(order) => Ok(order.number(row)?.unwrap_or(u64::MAX)),
        }
    }

    /// The statement whose result it is.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether all rows are there.
    pub fn is_complete(&self) -> bool {
        self.store.is_complete()
    }

    /// How many rows there are to read.
    pub fn rows(&self) -> u64 {
        self.order().map_or_else(|| self.store.rows(), RowOrder::len)
    }

    /// A reader before the row at a place of the order.
    pub(super) fn at(&self, place: u64) -> Result<RowReader> {
        self.store.reader(self.stored(place)?)
    }
}

/// Reading a file may take a while: others go on meanwhile.
pub(super) async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::internal("reading a result ended early").caused_by(error))?
}

pub(super) fn gone(result: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("the result {result} is gone")).hint("Run the statement again.")
}

fn view_gone() -> Error {
    Error::new(ErrorKind::NotFound, "the sorted or filtered view is gone").hint("Sort or filter again.")
}
