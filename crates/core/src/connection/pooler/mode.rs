//! How a pooler hands its sessions on: as its administration tells, else as can be seen.

use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::postgres::{PgConnection, PgRow};
use ts_rs::TS;

use super::super::line::Line;
use super::super::open::open_plain;
use crate::Result;

/// When a server's session goes to the next client
/// (<https://www.pgbouncer.org/features.html>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PoolMode {
    /// When the client leaves, and it is cleaned before.
    Session,
    /// After each transaction.
    Transaction,
    /// After each statement.
    Statement,
    /// Nothing tells; the worst is assumed.
    #[default]
    Unknown,
}

impl PoolMode {
    /// Whether a session may be another client's the next moment. Only what was told counts as a no.
    pub fn is_shared(self) -> bool {
        self != Self::Session
    }

    fn named(name: &str) -> Self {
        match name {
            "session" => Self::Session,
            "transaction" => Self::Transaction,
            "statement" => Self::Statement,
            _ => Self::Unknown,
        }
    }
}

/// What the administration says: the database's own mode, else everybody's.
pub(super) async fn told(administration: &mut PgConnection, database: &str) -> PoolMode {
    let databases = sqlx::raw_sql("show databases").fetch_all(&mut *administration).await.unwrap_or_default();
    let own = databases.iter().find(|row| text(row, "name").as_deref() == Some(database));
    if let Some(mode) = own.and_then(|row| text(row, "pool_mode")) {
        return PoolMode::named(&mode);
    }
    let settings = sqlx::raw_sql("show config").fetch_all(administration).await.unwrap_or_default();
    let set = settings.iter().find(|row| text(row, "key").as_deref() == Some("pool_mode"));
    set.and_then(|row| text(row, "value")).map_or(PoolMode::Unknown, |mode| PoolMode::named(&mode))
}

fn text(row: &PgRow, column: &str) -> Option<String> {
    row.try_get::<Option<String>, _>(column).ok().flatten()
}

/// What can be seen: two clients that find themselves on one session of the server share it. That they do not proves
/// nothing, since others may have come between.
pub(super) async fn watch(line: &Line) -> PoolMode {
    seen(line).await.unwrap_or_default()
}

async fn seen(line: &Line) -> Result<PoolMode> {
    let (mut one, mut other) = (open_plain(line).await?, open_plain(line).await?);
    // Begun and ended in one message, a transaction passes in every mode.
    if sqlx::raw_sql("begin").execute(&mut one).await.is_err() {
        return Ok(PoolMode::Statement);
    }
    sqlx::raw_sql("commit").execute(&mut one).await?;
    let mut pids = Vec::new();
    for session in [&mut one, &mut other] {
        pids.push(pid(session).await?);
    }
    let again = pid(&mut one).await?;
    Ok(if pids[0] == pids[1] || again != pids[0] { PoolMode::Transaction } else { PoolMode::Unknown })
}

async fn pid(session: &mut PgConnection) -> Result<i32> {
    Ok(sqlx::raw_sql("select pg_backend_pid()").fetch_one(session).await?.try_get(0)?)
}
