//! The log in the database itself: `evaldesk.migration_log`.
//!
//! Every statement names its schema: a migration may have changed the search path of the session.

use sqlx::PgConnection;
use sqlx::types::Json;

use super::entry::{EntryId, Finish, LogEntry, LogFilter, LoggedScript};
use super::{LogOutcome, LogPlace, NewEntry};
use crate::migrate::{Actor, Direction};
use crate::{Error, Result};

/// The table, and who writes to it.
#[derive(Debug, Clone)]
pub(super) struct DatabaseLog {
    actor: Actor,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: uuid::Uuid,
    version: String,
    name: String,
    direction: String,
    transactional: bool,
    scripts: Json<Vec<LoggedScript>>,
    statements_total: i32,
    statements_done: i32,
    statement_open: Option<i32>,
    lock_trace: Option<Json<serde_json::Value>>,
    fingerprint_before: Option<String>,
    fingerprint_after: Option<String>,
    started: String,
    finished: Option<String>,
    elapsed_ms: Option<i64>,
    outcome: String,
    error: Option<String>,
    note: Option<String>,
    continues: Option<uuid::Uuid>,
    app_version: String,
    db_user: String,
    os_user: String,
    host: Option<String>,
    backend_pid: Option<i32>,
}

impl DatabaseLog {
    pub(super) fn new(actor: Actor) -> Self {
        Self { actor }
    }

    pub(super) async fn begin(&self, session: &mut PgConnection, entry: &NewEntry) -> Result<EntryId> {
        let id = EntryId::new();
        sqlx::query(include_str!("begin.sql"))
            .bind(id.0)
            .bind(entry.version.as_str())
            .bind(&entry.name)
            .bind(direction_text(entry.direction))
            .bind(entry.transactional)
            .bind(Json(&entry.scripts))
            .bind(integer(entry.statements_total))
            .bind(integer(entry.statements_done))
            .bind(&entry.fingerprint_before)
            .bind(&entry.note)
            .bind(entry.continues.map(|id| id.0))
            .bind(&self.actor.app_version)
            .bind(&self.actor.name)
            .bind(&self.actor.host)
            .execute(session)
            .await
            .map_err(cannot_write)?;
        Ok(id)
    }

    pub(super) async fn statement_begun(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        index: u32,
    ) -> Result<()> {
        let sql = "update evaldesk.migration_log set statement_open = $2 where id = $1";
        sqlx::query(sql).bind(id.0).bind(integer(index)).execute(session).await.map_err(cannot_write)?;
        Ok(())
    }

    pub(super) async fn statement_done(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        index: u32,
    ) -> Result<()> {
        sqlx::query(include_str!("statement_done.sql"))
            .bind(id.0)
            .bind(integer(index.saturating_add(1)))
            .execute(session)
            .await
            .map_err(cannot_write)?;
        Ok(())
    }

    pub(super) async fn finish(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        finish: &Finish,
    ) -> Result<()> {
        sqlx::query(include_str!("finish.sql"))
            .bind(id.0)
            .bind(finish.outcome.as_text())
            .bind(&finish.error)
            .bind(&finish.fingerprint_after)
            .bind(finish.lock_trace.as_ref().map(Json))
            .execute(session)
            .await
            .map_err(cannot_write)?;
        Ok(())
    }

    pub(super) async fn entries(
        &self,
        session: &mut PgConnection,
        filter: &LogFilter,
    ) -> Result<Vec<LogEntry>> {
        let rows: Vec<Row> = sqlx::query_as(include_str!("entries.sql"))
            .bind(filter.version.as_ref().map(|version| version.as_str().to_owned()))
            .bind(filter.id.map(|id| id.0))
            .bind(filter.limit.map(i64::from))
            .bind(filter.with_text)
            .fetch_all(session)
            .await
            .map_err(|error| Error::from(error).while_doing("cannot read evaldesk.migration_log"))?;
        Ok(rows.into_iter().map(LogEntry::from).collect())
    }
}

impl From<Row> for LogEntry {
    fn from(row: Row) -> Self {
        Self {
            id: EntryId(row.id),
            version: row.version.into(),
            name: row.name,
            direction: if row.direction == "down" { Direction::Down } else { Direction::Up },
            transactional: row.transactional,
            scripts: row.scripts.0,
            statements_total: row.statements_total.unsigned_abs(),
            statements_done: row.statements_done.unsigned_abs(),
            statement_open: row.statement_open.map(i32::unsigned_abs),
            lock_trace: row.lock_trace.map(|Json(trace)| trace),
            fingerprint_before: row.fingerprint_before,
            fingerprint_after: row.fingerprint_after,
            started_at: row.started,
            finished_at: row.finished,
            elapsed_ms: row.elapsed_ms.map(i64::unsigned_abs),
            outcome: LogOutcome::from_text(&row.outcome),
            error: row.error,
            note: row.note,
            continues: row.continues.map(EntryId),
            app_version: row.app_version,
            db_user: row.db_user,
            os_user: row.os_user,
            host: row.host,
            backend_pid: row.backend_pid,
            interrupted: false,
            kept_in: LogPlace::Database,
        }
    }
}

pub(super) fn direction_text(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "up",
        Direction::Down => "down",
    }
}

fn integer(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn cannot_write(error: sqlx::Error) -> Error {
    Error::from(error).while_doing("cannot write evaldesk.migration_log")
}
