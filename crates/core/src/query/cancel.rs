//! Cancelling on the server, from a second session.
//!
//! The backend is known by a mark in its application name, which a pooler carries to whichever server session it lends.
//! Where the user took the name away it is known by its process, when it began, and what it runs: never by the process
//! alone, which may be somebody else's by now.

use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use crate::Result;
use crate::connection::Database;

/// What a session is known by on the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Backend {
    /// Its application name.
    pub(super) mark: String,
    pub(super) pid: i32,
    /// When it began, as the server writes it.
    pub(super) begun: String,
}

/// How hard it is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    Cancel,
    Terminate,
}

/// Asks the server to stop what a backend does; says whether it was found.
///
/// # Errors
/// What opening the second session says.
pub(super) async fn stop(database: &Database, backend: &Backend, running: &str, stop: Stop) -> Result<bool> {
    let mut session = aside(database).await?;
    let found = sqlx::query(include_str!("cancel.sql"))
        .persistent(false)
        .bind(&backend.mark)
        .bind(backend.pid)
        .bind(&backend.begun)
        .bind(running)
        .bind(stop == Stop::Terminate)
        .fetch_all(&mut session)
        .await?;
    if database.is_shared() {
        sqlx::raw_sql("commit").execute(&mut session).await?;
    }
    Ok(found.iter().any(|row| row.try_get::<bool, _>(0).unwrap_or(false)))
}

/// A second session; where a pooler hands them on, in a transaction.
async fn aside(database: &Database) -> Result<PgConnection> {
    if !database.is_shared() {
        return database.dedicated().await;
    }
    let mut session = database.lent().await?;
    sqlx::raw_sql("begin read only").execute(&mut session).await?;
    Ok(session)
}
