//! Where the rows of a statement go: a result on the board and its store, made with the first row.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::board::{Errands, Held};
use super::column::{self, Described};
use super::describe::{describe, forget};
use super::edit;
use super::live::Live;
use super::message::Message;
use super::session::QuerySession;
use super::state::{QueryColumn, QueryEditable};
use super::store::{Appender, RowBytes, Store};
use crate::Result;
use crate::connection::Database;

/// How long the catalog may take to name the columns: the rows do not wait for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    More,
    /// Enough has come to be shown.
    Full,
    /// It has other columns than the rows before.
    Odd,
}

/// The rows of one statement.
pub(super) struct Sink<'a> {
    session: &'a Arc<QuerySession>,
    database: &'a Database,
    statement: usize,
    sql: &'a str,
    appender: Option<Appender>,
    store: Option<Arc<Store>>,
    columns: Vec<Described>,
    naming: Option<JoinHandle<Option<Vec<QueryColumn>>>>,
}

impl<'a> Sink<'a> {
    pub(super) fn new(
        session: &'a Arc<QuerySession>,
        database: &'a Database,
        statement: usize,
        sql: &'a str,
    ) -> Self {
        let (columns, naming) = (Vec::new(), None);
        Self { session, database, statement, sql, appender: None, store: None, columns, naming }
    }

    /// Whether no row has come.
    pub(super) fn is_new(&self) -> bool {
        self.store.is_none()
    }

    /// Takes a row.
    pub(super) fn row(&mut self, row: &impl RowBytes) -> Taken {
        let Some(appender) = &mut self.appender else { return Taken::More };
        match appender.row(row) {
            false => Taken::Odd,
            true if appender.is_full() => Taken::Full,
            true => Taken::More,
        }
    }

    /// Whether everything that came is visible.
    pub(super) fn is_shown(&self) -> bool {
        self.appender.as_ref().is_none_or(Appender::is_empty)
    }

    /// Makes visible what has come.
    ///
    /// # Errors
    /// `Storage` when the store cannot take it.
    pub(super) async fn show(&mut self) -> Result<()> {
        match &mut self.appender {
            Some(appender) => appender.hand_over().await,
            None => Ok(()),
        }
    }

    /// Rows that can be read, where the statement has a result.
    pub(super) fn rows(&self) -> Option<u64> {
        self.store.as_ref().map(|store| store.rows())
    }

    /// Bytes of the rows that can be looked at.
    pub(super) fn bytes(&self) -> u64 {
        self.store.as_ref().map_or(0, |store| store.bytes())
    }

    /// A result without rows has columns all the same: the server tells them of a statement that is prepared and not run.
    pub(super) async fn empty(&mut self, live: &mut Live, message: &Message<'_>) {
        let look = live.begin_look().await;
        // What is to be said of it was said when it ran.
        let described =
            describe(&mut live.connection, &message.described.sql).with_subscriber(NoSubscriber::new());
        let columns = described.await.map(|described| described.columns).unwrap_or_default();
        forget(&mut live.connection).await;
        live.end_look(look).await;
        if !columns.is_empty() {
            self.begin(columns);
        }
    }

    /// All rows are here.
    ///
    /// # Errors
    /// As `show`.
    pub(super) async fn finish(&mut self, live: &mut Live) -> Result<()> {
        if let Some(appender) = self.appender.take() {
            appender.finish().await?;
        }
        self.name_columns(Some(live)).await;
        Ok(())
    }

    /// Whether the rows can be edited is known with the last of them.
    pub(super) async fn say_what_is_edited(&self) {
        let Some(columns) = self.session.columns_of(self.statement) else { return };
        if columns.iter().all(|column| column.table.is_none()) {
            return;
        }
        let asked = edit::editable(self.database, self.sql, &columns);
        let edit = match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok(edit)) => edit,
            Ok(Err(_)) | Err(_) => {
                QueryEditable::Not { why: "The catalog could not be asked for its key.".to_owned() }
            }
        };
        let (statement, sql) = (self.statement, self.sql.to_owned());
        self.session.board.send_modify(|board| {
            if let Some(held) = board.result_of(statement) {
                (held.edit, held.sql) = (edit, sql);
            }
        });
    }

    /// No more rows will come, and this is why.
    pub(super) async fn stop(&mut self, why: &str) {
        self.appender = None;
        self.name_columns(None).await;
        let statement = self.statement;
        self.session.board.send_modify(|board| {
            if let Some(held) = board.result_of(statement) {
                held.stopped = Some(why.to_owned());
            }
        });
    }

    /// Makes the result.
    pub(super) fn begin(&mut self, columns: Vec<Described>) {
        let store = Store::new(columns.len(), &self.session.folder, &self.session.budget);
        self.appender = Some(Appender::new(&store));
        self.store = Some(Arc::clone(&store));
        let (tab, index) = (self.session.tab().to_owned(), self.statement);
        let first = column::at_first(&columns);
        self.session.board.send_modify(|board| {
            let id = format!("{tab}/{}/{index}", board.run);
            board.results.push(Held {
                id: id.clone(),
                statement: u32::try_from(index).unwrap_or(u32::MAX),
                columns: first,
                store,
                stopped: None,
                sql: String::new(),
                edit: QueryEditable::Not { why: "This result is not one table's rows.".to_owned() },
                views: Vec::new(),
                estimate: None,
                errands: Errands::default(),
            });
            if let Some(statement) = board.statement(index) {
                statement.result = Some(id);
            }
        });
        if !column::is_plain(&columns) {
            self.naming = Some(self.ask_catalog(columns.clone()));
        }
        self.columns = columns;
    }

    /// By another session: this one is busy with the rows.
    fn ask_catalog(&self, columns: Vec<Described>) -> JoinHandle<Option<Vec<QueryColumn>>> {
        let (database, session, index) = (self.database.clone(), Arc::clone(self.session), self.statement);
        tokio::spawn(async move {
            let asked = column::from_catalog(database.pool(), &columns);
            let named = tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?;
            session.set_columns(index, &named);
            Some(named)
        })
    }

    /// What the pool's session could not see (types of an open transaction, temporary tables) this one can.
    async fn name_columns(&mut self, live: Option<&mut Live>) {
        let Some(naming) = self.naming.take() else { return };
        let named = naming.await.ok().flatten();
        let whole = named.is_some_and(|columns| {
            columns.iter().all(|column| !matches!(column.type_name.as_str(), "" | "???"))
        });
        let Some(live) = live.filter(|_| !whole) else { return };
        let look = live.begin_look().await;
        let named = column::from_session(&mut live.connection, &self.columns).await;
        live.end_look(look).await;
        if let Ok(named) = named {
            self.session.set_columns(self.statement, &named);
        }
    }
}

impl QuerySession {
    fn columns_of(&self, statement: usize) -> Option<Vec<QueryColumn>> {
        let board = self.board.borrow();
        let held = board.results.iter().find(|held| held.statement as usize == statement)?;
        Some(held.columns.clone())
    }

    fn set_columns(&self, statement: usize, columns: &[QueryColumn]) {
        self.board.send_modify(|board| {
            if let Some(held) = board.result_of(statement) {
                held.columns = columns.to_vec();
            }
        });
    }
}
