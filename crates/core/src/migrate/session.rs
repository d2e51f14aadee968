//! The session that migrates: the server's own, dedicated, without limits but those that a file sets itself.
//!
//! A file may change settings for good (`set search_path`, `set role`): every version begins with those that the
//! session began with, or the next one, and the ledger's row, would land elsewhere.

use std::ops::{Deref, DerefMut};

use futures_util::TryStreamExt as _;
use sqlx::{Connection as _, Either, PgConnection, Row as _};

use super::ledger::Write;
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// A log outside of the database needs the number of the transaction: it comes with the answer to its beginning.
const NUMBER: &str = "select txid_current()";

/// A session that may migrate.
pub(super) struct MigratingSession {
    session: PgConnection,
    /// Its server process.
    pub(super) pid: i32,
    /// Its database.
    pub(super) database: String,
    /// The number of the transaction that it began last, as `txid_current()` gives it.
    pub(super) transaction: i64,
    /// Whether the last commit has begun the next transaction.
    begun: bool,
    /// What takes every setting back to the session's beginning.
    settings: SafeSql,
}

#[derive(sqlx::FromRow)]
struct Facts {
    pid: i32,
    database: String,
    standby: bool,
    read_only: bool,
    forgetful: bool,
}

impl MigratingSession {
    /// Opens it, or says why this connection cannot migrate.
    ///
    /// # Errors
    /// `Refused` for a read-only connection, a pooler in between, a standby and a database that is set read-only.
    pub(super) async fn open(database: &Database) -> Result<Self> {
        database.check_writable()?;
        let mut session = database.direct().await?;
        let facts: Facts = sqlx::query_as(include_str!("session_facts.sql")).fetch_one(&mut session).await?;
        facts.check()?;
        let settings = settings(database.version().major, facts.forgetful);
        let Facts { pid, database, .. } = facts;
        let mut opened = Self { session, pid, database, transaction: 0, begun: false, settings };
        opened.settle(0).await?;
        Ok(opened)
    }

    /// Begins a transaction with the settings of the session's beginning, in one round trip; in none where the last
    /// commit has begun it.
    ///
    /// `lock_timeout` is in milliseconds; 0 waits without end.
    pub(super) async fn begin(&mut self, lock_timeout: u32) -> Result<()> {
        if std::mem::take(&mut self.begun) {
            return Ok(());
        }
        self.begin_by(self.beginning(lock_timeout)).await
    }

    /// Begins a transaction with the settings that a file has made so far.
    pub(super) async fn begin_as_it_stands(&mut self) -> Result<()> {
        self.begin_by(SafeSql::new("begin; ").push(NUMBER)).await
    }

    async fn begin_by(&mut self, begin: SafeSql) -> Result<()> {
        let rows = sqlx::raw_sql(begin.to_query()).fetch_all(&mut self.session).await?;
        let number = rows.last().ok_or_else(|| Error::internal("a transaction without a number"))?;
        self.transaction = number.try_get(0)?;
        Ok(())
    }

    fn beginning(&self, lock_timeout: u32) -> SafeSql {
        let sql = SafeSql::new("begin; ").sql(&self.settings).push("set local lock_timeout = ");
        sql.number(lock_timeout.into()).push("; ").push(NUMBER)
    }

    /// Takes the settings of the session's beginning back, in a transaction or outside of one.
    pub(super) async fn settle(&mut self, lock_timeout: u32) -> Result<()> {
        let sql = self.settings.clone().push("set lock_timeout = ");
        self.send(&sql.number(lock_timeout.into())).await
    }

    /// Keeps what the transaction did.
    pub(super) async fn commit(&mut self) -> Result<()> {
        Ok(sqlx::raw_sql("commit").execute(&mut self.session).await.map(|_| ())?)
    }

    /// Sends the last changes of a transaction, its commit, and where `next` says so (as `begin` takes it) the beginning of
    /// the next transaction, in one message.
    pub(super) async fn commit_with(
        &mut self,
        writes: &[Write],
        next: Option<u32>,
    ) -> std::result::Result<(), NotCommitted> {
        let changes =
            writes.iter().fold(SafeSql::default(), |sql, write| sql.sql(&write.with_values()).push(";\n"));
        let next = next.map(|lock_timeout| self.beginning(lock_timeout));
        let all = next.iter().fold(changes.push("commit"), |sql, next| sql.push(";\n").sql(next));
        let (mut done, mut number) = (0, None);
        let mut answers = sqlx::raw_sql(all.to_query()).fetch_many(&mut self.session);
        let ended = loop {
            match answers.try_next().await {
                Ok(Some(Either::Left(_))) => done += 1,
                Ok(Some(Either::Right(row))) => number = row.try_get(0).ok(),
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        drop(answers);
        match ended {
            Err(error) if done <= writes.len() => return Err(NotCommitted::of(error, writes.get(done))),
            // It is committed. Why the next one could not begin is said by whoever needs it.
            Err(_) => {}
            Ok(()) => self.begun = next.is_some(),
        }
        self.transaction = number.unwrap_or(self.transaction);
        Ok(())
    }

    /// Takes back what the transaction did. A session that is gone has done so by itself.
    pub(super) async fn rollback(&mut self) {
        self.begun = false;
        let _ = sqlx::raw_sql("rollback").execute(&mut self.session).await;
    }

    /// Sends one statement as it stands.
    pub(super) async fn send(&mut self, sql: &SafeSql) -> Result<()> {
        Ok(sqlx::raw_sql(sql.to_query()).execute(&mut self.session).await.map(|_| ())?)
    }

    /// A file has taken the session's prepared statements away: those of ours are prepared anew.
    pub(super) async fn forget_prepared(&mut self) -> Result<()> {
        Ok(self.session.clear_cached_statements().await?)
    }

    /// Ends it, and with it every lock: also where the server does not hear the farewell.
    pub(super) async fn close(self) {
        let _ = self.session.close().await;
    }
}

/// Why a transaction did not end with its commit.
pub(super) enum NotCommitted {
    /// A change before it was refused.
    Write(Error),
    /// The commit itself was, or the connection was lost on the way: then only the database knows.
    Commit(Error),
}

impl NotCommitted {
    /// `write` is the one that was under way.
    fn of(error: sqlx::Error, write: Option<&Write>) -> Self {
        match write {
            Some(write) if error.as_database_error().is_some() => Self::Write(write.failed(error)),
            _ => Self::Commit(error.into()),
        }
    }
}

/// The profile's limits are for queries: building an index may take hours. Only waiting for a lock may not.
///
/// A server that may forget its last commits in a crash does not do so here: a log outside of it would remember them.
fn settings(major: i32, forgetful: bool) -> SafeSql {
    let sql = SafeSql::new("reset session authorization; reset role; reset all; ")
        .push("set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; ")
        .push("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; ")
        .push(include_str!("session_path.sql"));
    let sql = if major >= 14 { sql.push("set idle_session_timeout = 0; ") } else { sql };
    let sql = if major >= 17 { sql.push("set transaction_timeout = 0; ") } else { sql };
    if forgetful { sql.push("set synchronous_commit = on; ") } else { sql }
}

impl Facts {
    fn check(&self) -> Result<()> {
        if self.standby {
            return Err(Error::new(
                ErrorKind::Refused,
                "this server is a standby: it only repeats what its primary does",
            )
            .hint("Connect to the primary and migrate there."));
        }
        if self.read_only {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("{} is set read-only on its server (default_transaction_read_only)", self.database),
            )
            .hint("Somebody keeps changes out. Lift it with ALTER DATABASE or ALTER ROLE ... RESET default_transaction_read_only once that is over."));
        }
        Ok(())
    }
}

impl Deref for MigratingSession {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.session
    }
}

impl DerefMut for MigratingSession {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.session
    }
}
