//! What became of a commit whose answer nobody heard.
//!
//! The server knows it by the transaction's number. But a crash takes back the numbers of transactions of which nothing
//! had reached the disk, and gives them out again: after one, "committed" may be said of a stranger. What the transaction
//! has written must be there then, with its number on it.

use std::time::Duration;

use sqlx::{Connection as _, PgConnection};

use super::event::Pending;
use super::{LogEntry, LogOutcome};
use crate::Result;
use crate::ident::QualifiedName;
use crate::migrate::{Direction, ScriptRole};
use crate::sql::SafeSql;
use crate::sql::split::split;
use crate::sql::statement::describe;

/// How long a look for rows of a transaction may take: a table may be large.
const LOOK: Duration = Duration::from_secs(15);

/// What became of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Committed,
    /// It never was, or is not yet.
    Not,
    Unknown,
}

/// Which life of the server's memory it is; see `life.sql`.
pub(super) async fn life(session: &mut PgConnection) -> Result<String> {
    Ok(sqlx::query_scalar(include_str!("life.sql")).fetch_one(session).await?)
}

/// Asks the server.
pub(super) async fn fate(session: &mut PgConnection, entry: &LogEntry, pending: &Pending) -> Result<Fate> {
    match status(session, pending.transaction).await?.as_deref() {
        Some("committed") if pending.life.as_deref() == Some(life(session).await?.as_str()) => {
            Ok(Fate::Committed)
        }
        Some("committed") if left_traces(session, entry, pending).await? => Ok(Fate::Committed),
        Some("committed") | None => Ok(Fate::Unknown),
        Some(_) => Ok(Fate::Not),
    }
}

/// "committed", "aborted", "in progress", or nothing where the server no longer knows.
async fn status(session: &mut PgConnection, transaction: i64) -> Result<Option<String>> {
    let asked: Result<Option<String>, sqlx::Error> =
        sqlx::query_scalar("select txid_status($1)").bind(transaction).fetch_one(session).await;
    match asked {
        Ok(status) => Ok(status),
        // A number that this cluster has not given out: a crash took it back, or the cluster was restored from a backup
        // of before. A commit that was answered, or that could be seen, is neither.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("22023") => {
            Ok(Some("aborted".to_owned()))
        }
        Err(error) => Err(error.into()),
    }
}

/// Whether what the transaction has written is there. What cannot be looked at shows nothing.
async fn left_traces(session: &mut PgConnection, entry: &LogEntry, pending: &Pending) -> Result<bool> {
    let number = (pending.transaction & i64::from(u32::MAX)).to_string();
    let mut looking = session.begin().await?;
    let limit = SafeSql::new("set local statement_timeout = ")
        .number(i64::try_from(LOOK.as_millis()).unwrap_or(i64::MAX));
    sqlx::raw_sql(limit.to_query()).execute(&mut *looking).await?;
    let seen = look(&mut looking, entry, pending, &number).await;
    looking.rollback().await?;
    match seen {
        Err(error) if error.server().is_some() => Ok(false),
        seen => seen,
    }
}

async fn look(session: &mut PgConnection, entry: &LogEntry, pending: &Pending, number: &str) -> Result<bool> {
    let went_down = entry.direction == Direction::Down && done(pending);
    if went_down && has_table(session, "schema_migrations").await?.is_some() {
        // What only drops things leaves no row behind, but the ledger's is gone.
        let there =
            "select exists (select from schema_migrations where ltrim(version, '0') = ltrim($1, '0'))";
        let there: bool =
            sqlx::query_scalar(there).bind(entry.version.as_str()).fetch_one(&mut *session).await?;
        return Ok(!there);
    }
    if sqlx::query_scalar(include_str!("traces.sql")).bind(number).fetch_one(&mut *session).await? {
        return Ok(true);
    }
    for relation in touched(entry, pending) {
        let Some(table) = has_table(session, &relation).await? else { continue };
        let sql = SafeSql::new("select exists (select from ").name(&table).push(" where xmin::text = $1)");
        if sqlx::query_scalar(sql.to_query()).bind(number).fetch_one(&mut *session).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn done(pending: &Pending) -> bool {
    pending.finish.as_ref().is_some_and(|finish| finish.outcome == LogOutcome::Done)
}

/// The tables that the transaction has written to: of its statement; of a whole version, the ledger.
fn touched(entry: &LogEntry, pending: &Pending) -> Vec<String> {
    let Some(index) = pending.index else { return vec!["schema_migrations".to_owned()] };
    let role = if entry.direction == Direction::Up { ScriptRole::Up } else { ScriptRole::Down };
    let text = entry.script(role).and_then(|script| script.sql.as_deref()).unwrap_or_default();
    let statements = split(text).unwrap_or_default();
    let Some(statement) = statements.get(index as usize) else { return Vec::new() };
    describe(&statement.text).touches.into_iter().map(|touch| touch.relation).collect()
}

async fn has_table(session: &mut PgConnection, name: &str) -> Result<Option<QualifiedName>> {
    let found: Option<(String, String)> =
        sqlx::query_as(include_str!("relation.sql")).bind(name).fetch_optional(session).await?;
    Ok(found.map(|(schema, name)| QualifiedName::new(schema, name)))
}
