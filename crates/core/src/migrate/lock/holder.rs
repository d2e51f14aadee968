//! Who holds a migration lock, in words.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use super::Locks;
use crate::migrate::activity::statement_head;
use crate::{Error, ErrorKind, Result};

/// The session that holds a migration lock of a database: one of ours or of rake, here or elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationLockHolder {
    pub pid: i32,
    /// Absent where its role is gone.
    pub user_name: Option<String>,
    pub application: Option<String>,
    /// UTC, ISO 8601. Absent where we may not see it: who is neither of its role nor in `pg_read_all_stats`.
    pub connected_since: Option<String>,
    /// "active: create index ...", without values. Absent where we may not see it.
    pub doing: Option<String>,
}

/// As `holder.sql` reads it.
#[derive(Debug, sqlx::FromRow)]
struct Row {
    pid: i32,
    user_name: Option<String>,
    application: Option<String>,
    since: Option<String>,
    state: Option<String>,
    query: Option<String>,
}

/// Looks who holds a key; nobody where the holder has just ended.
pub(super) async fn read(session: &mut PgConnection, key: i64) -> Result<Option<MigrationLockHolder>> {
    let row: Option<Row> =
        sqlx::query_as(include_str!("holder.sql")).bind(key).fetch_optional(session).await?;
    Ok(row.map(MigrationLockHolder::from))
}

/// The error of somebody who waited in vain.
pub(super) fn refusal(holder: Option<&MigrationLockHolder>, locks: &Locks, patience: Duration) -> Error {
    let who = in_words(holder);
    let waited = patience.as_secs_f32();
    Error::new(
        ErrorKind::Refused,
        format!("{} is being migrated already: {who} holds the migration lock", locks.database),
    )
    .hint(format!(
        "Waited {waited} s. Wait for it to end and try again, or wait longer with --lock-wait SECONDS. Nothing was changed."
    ))
}

/// "pid 7 (maria, rake, connected since ..., active: select ...)"
pub(super) fn in_words(holder: Option<&MigrationLockHolder>) -> String {
    let Some(holder) = holder else { return "a session that has just ended".to_owned() };
    let user = holder.user_name.as_deref().unwrap_or("a user we may not see");
    let application = holder.application.as_ref().map(|name| format!(", {name}"));
    let since = holder.connected_since.as_ref().map(|since| format!(", connected since {since}"));
    let runs = holder.doing.as_ref().map(|doing| format!(", {doing}"));
    let more: String = [application, since, runs].into_iter().flatten().collect();
    format!("pid {} ({user}{more})", holder.pid)
}

impl From<Row> for MigrationLockHolder {
    fn from(row: Row) -> Self {
        let head = row.query.as_deref().and_then(statement_head);
        let doing =
            row.state.map(|state| head.map_or_else(|| state.clone(), |head| format!("{state}: {head}")));
        let Row { pid, user_name, application, since, .. } = row;
        Self { pid, user_name, application, connected_since: since, doing }
    }
}
