//! What databases a server has, and which of them one may open.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Result;
use crate::connection::Database;

/// How the server marks a database whose drop was interrupted (15.4, 16 and later minors)
/// (<https://www.postgresql.org/docs/current/catalog-pg-database.html>).
const INVALID: i32 = -2;

/// One database of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerDatabase {
    pub name: String,
    pub owner: String,
    pub encoding: String,
    /// "libc", "icu", "builtin", or what a newer server calls it.
    pub provider: String,
    pub locale: String,
    /// Anybody with CREATEDB may copy it.
    pub template: bool,
    pub allows_connections: bool,
    /// -1 for no limit.
    pub connection_limit: i32,
    /// Its drop was interrupted: all it is good for is to be dropped.
    pub invalid: bool,
    /// Whether this role may connect to it, as far as privileges go; pg_hba.conf may still refuse.
    pub may_connect: bool,
    /// Absent where this role may not know.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    #[ts(type = "number")]
    pub sessions: i64,
    pub comment: Option<String>,
    /// The one that this connection is in.
    pub current: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    name: String,
    owner: String,
    encoding: String,
    provider: String,
    locale: Option<String>,
    template: bool,
    allows_connections: bool,
    connection_limit: i32,
    may_connect: bool,
    bytes: Option<i64>,
    sessions: i64,
    comment: Option<String>,
    current: bool,
}

/// Every database of the server, templates last.
pub async fn list_databases(database: &Database) -> Result<Vec<ServerDatabase>> {
    let rows: Vec<Row> = sqlx::query_as(include_str!("list.sql")).fetch_all(database.pool()).await?;
    Ok(rows.into_iter().map(ServerDatabase::from).collect())
}

impl From<Row> for ServerDatabase {
    fn from(row: Row) -> Self {
        Self {
            invalid: row.connection_limit == INVALID,
            may_connect: row.may_connect && row.allows_connections && row.connection_limit != INVALID,
            name: row.name,
            owner: row.owner,
            encoding: row.encoding,
            provider: row.provider,
            locale: row.locale.unwrap_or_default(),
            template: row.template,
            allows_connections: row.allows_connections,
            connection_limit: row.connection_limit,
            bytes: row.bytes,
            sessions: row.sessions,
            comment: row.comment,
            current: row.current,
        }
    }
}
