//! The log of migrations: who ran what, from which files, how far it came, what it locked, and how it ended.
//!
//! It lies in the schema `evaldesk` of the database where that is consented to, else in a file of the app's. An entry is
//! begun before anything runs, and its end is written in the transaction that it tells of, or (in a file) with that
//! transaction's id before the commit. So a run that was killed at any point leaves an entry that tells the truth.

mod database;
mod entry;
mod event;
mod fate;
mod file;
mod identity;
mod new_entry;
mod outcome;
mod server_clock;
mod settle;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

pub(super) use identity::identity;

pub use entry::{EntryId, Finish, LogEntry, LogFilter, LoggedScript};
pub use new_entry::NewEntry;
pub use outcome::LogOutcome;

use super::MigrationContext;
use super::ledger::own_schema::OwnSchema;
use crate::Result;
use database::DatabaseLog;
use file::FileLog;

/// Where an entry is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LogPlace {
    /// `evaldesk.migration_log`.
    Database,
    /// A file in the data folder of the app, on this machine alone.
    File,
    /// Nowhere: no consent to a schema, and no folder.
    Nowhere,
}

/// The log of one database, as a session sees it.
#[derive(Debug, Clone)]
pub struct Log {
    writes: LogPlace,
    /// Where `evaldesk.migration_log` is there and may be read, written to or not.
    database: Option<DatabaseLog>,
    file: Option<FileLog>,
}

impl Log {
    /// Opens it. Makes nothing in the database: the plan shows the statements that would, and whoever applies runs them
    /// before this is called.
    ///
    /// # Errors
    /// `Storage` where the folder of the log cannot be made.
    pub async fn open(session: &mut PgConnection, context: &MigrationContext) -> Result<Self> {
        let schema = OwnSchema::look(session).await?;
        let database = schema.is_readable().then(|| DatabaseLog::new(context.actor.clone()));
        let file = FileLog::open(session, context).await?;
        let writes = match (&database, &file) {
            (Some(_), _) if context.own_schema && schema.is_writable() => LogPlace::Database,
            (_, Some(_)) => LogPlace::File,
            _ => LogPlace::Nowhere,
        };
        Ok(Self { writes, database, file })
    }

    /// Where new entries go.
    pub fn place(&self) -> LogPlace {
        self.writes
    }

    /// The file, where there is one for this database.
    pub fn path(&self) -> Option<PathBuf> {
        self.file.as_ref().map(FileLog::path)
    }

    /// Begins an entry: outside of any transaction, before the first statement.
    pub async fn begin(&self, session: &mut PgConnection, entry: &NewEntry) -> Result<EntryId> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.begin(session, entry).await,
            (LogPlace::File, _, Some(log)) => log.begin(entry),
            _ => Ok(EntryId::new()),
        }
    }

    /// A statement that cannot run in a transaction is about to be sent. `index` counts from 0, in the file.
    pub async fn statement_begun(&self, session: &mut PgConnection, id: EntryId, index: u32) -> Result<()> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.statement_begun(session, id, index).await,
            (LogPlace::File, _, Some(log)) => log.statement_begun(id, index),
            _ => Ok(()),
        }
    }

    /// Inside a statement's own transaction (its number from `txid_current()`), after it and right before the commit.
    pub async fn statement_committing(
        &self,
        session: &mut PgConnection,
        transaction: i64,
        id: EntryId,
        index: u32,
    ) -> Result<()> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.statement_done(session, id, index).await,
            (LogPlace::File, _, Some(log)) => log.committing(transaction, id, Some(index), None),
            _ => Ok(()),
        }
    }

    /// A statement is done: after its commit, or after it ran without a transaction.
    pub async fn statement_done(&self, session: &mut PgConnection, id: EntryId, index: u32) -> Result<()> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.statement_done(session, id, index).await,
            (LogPlace::File, _, Some(log)) => log.statement_done(id, index),
            _ => Ok(()),
        }
    }

    /// Inside the transaction that holds the version's row of the ledger (its number from `txid_current()`), before its
    /// commit.
    pub async fn finish_committing(
        &self,
        session: &mut PgConnection,
        transaction: i64,
        id: EntryId,
        finish: &Finish,
    ) -> Result<()> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.finish(session, id, finish).await,
            (LogPlace::File, _, Some(log)) => log.committing(transaction, id, None, Some(finish)),
            _ => Ok(()),
        }
    }

    /// Ends an entry: after its commit, after a rollback, or where no transaction was. Ending one twice does no harm.
    pub async fn finish(&self, session: &mut PgConnection, id: EntryId, finish: &Finish) -> Result<()> {
        match (self.writes, &self.database, &self.file) {
            (LogPlace::Database, Some(log), _) => log.finish(session, id, finish).await,
            (LogPlace::File, _, Some(log)) => log.finish(id, finish),
            _ => Ok(()),
        }
    }

    /// Entries of both places, newest first, with what became of those that a crash left open.
    pub async fn entries(&self, session: &mut PgConnection, filter: &LogFilter) -> Result<Vec<LogEntry>> {
        let mut entries = Vec::new();
        if let Some(log) = &self.database {
            entries.extend(log.entries(session, filter).await?);
        }
        if let Some(log) = &self.file {
            entries.extend(log.entries(session, filter).await?);
        }
        settle::mark_interrupted(session, &mut entries).await?;
        entries.sort_by(|a, b| (&b.started_at, b.id).cmp(&(&a.started_at, a.id)));
        entries.truncate(filter.limit.map_or(usize::MAX, |limit| limit as usize));
        Ok(entries)
    }

    /// Entries without an end: a run that is under way, or one that broke off (`interrupted`).
    pub async fn open_entries(&self, session: &mut PgConnection) -> Result<Vec<LogEntry>> {
        let mut entries = self.entries(session, &LogFilter::default()).await?;
        entries.retain(|entry| entry.outcome == LogOutcome::Running);
        Ok(entries)
    }

    /// Writes down what became of runs that broke off. Under the migration locks only.
    pub async fn settle(&self, session: &mut PgConnection) -> Result<Vec<LogEntry>> {
        let mut open = self.open_entries(session).await?;
        open.retain(|entry| entry.interrupted && entry.kept_in == self.writes);
        for entry in &mut open {
            let finish = settle::end_of(entry);
            self.finish(session, entry.id, &finish).await?;
            entry.outcome = finish.outcome;
            entry.error = finish.error;
        }
        Ok(open)
    }
}
