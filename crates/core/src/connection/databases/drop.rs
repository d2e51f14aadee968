//! Dropping a database: a plan that shows what dies and who is in it, then the statement.
//!
//! It runs from another database of the server, since nobody can drop the one that they are in.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Executor as _;
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use super::require_hash;
use crate::connection::{ConnectionProfile, Database, connect};
use crate::ident::Ident;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// From when on a server sends the sessions away itself.
const FORCE_SINCE: i32 = 13;

/// Which to drop, and whether to send away who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseDropRequest {
    pub name: String,
    #[serde(default)]
    pub force: bool,
}

/// Somebody in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseSession {
    pub pid: i32,
    pub role: String,
    pub application: String,
    pub client: String,
    /// Absent where this role may not know.
    pub state: Option<String>,
    /// In UTC.
    pub since: Option<String>,
}

/// The statement, what dies, and who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DatabaseDropPlan {
    pub hash: String,
    pub request: DatabaseDropRequest,
    pub sql: String,
    pub owner: String,
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// Ours are among them until the drop closes them.
    pub sessions: Vec<DatabaseSession>,
    /// Why it cannot be dropped as things are.
    pub problem: Option<String>,
    pub notes: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Facts {
    oid: i64,
    owner: String,
    template: bool,
    bytes: Option<i64>,
    may_drop: bool,
    prepared: i64,
    slots: i64,
    subscriptions: i64,
}

fn sql(request: &DatabaseDropRequest) -> SafeSql {
    let sql = SafeSql::new("drop database ").ident(&Ident::new(&request.name));
    if request.force { sql.push(" with (force)") } else { sql }
}

/// Plans a drop. Only reads.
///
/// # Errors
/// `NotFound` where there is no such database.
pub async fn plan_database_drop(
    database: &Database,
    request: DatabaseDropRequest,
) -> Result<DatabaseDropPlan> {
    let facts: Option<Facts> =
        sqlx::query_as(include_str!("drop.sql")).bind(&request.name).fetch_optional(database.pool()).await?;
    let facts = facts.ok_or_else(|| missing(&request.name))?;
    let sessions: Vec<DatabaseSession> =
        sqlx::query_as(include_str!("sessions.sql")).bind(&request.name).fetch_all(database.pool()).await?;
    let sql = sql(&request).to_string();
    // Its number is in the hash: one that was made anew under the name is another database.
    let hash = format!("{:x}", Sha256::digest(format!("{} {sql}", facts.oid)));
    let problem = problem(&request, &facts, database.version().major);
    let notes = vec!["Everything in it is gone with it, and only a backup brings it back.".to_owned()];
    let (owner, bytes) = (facts.owner, facts.bytes);
    Ok(DatabaseDropPlan { hash, request, sql, owner, bytes, sessions, problem, notes })
}

fn missing(name: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no database {name} on this server"))
        .hint("`evaldesk database list` names those that are there.")
}

fn problem(request: &DatabaseDropRequest, facts: &Facts, major: i32) -> Option<String> {
    let checks = [
        (facts.template, "it is a template: take IS_TEMPLATE away first if you really mean it".to_owned()),
        (!facts.may_drop, format!("it belongs to {}, and only its owner may drop it", facts.owner)),
        (facts.prepared > 0, format!("{} prepared transactions are open in it", facts.prepared)),
        (facts.slots > 0, format!("{} replication slots read from it", facts.slots)),
        (facts.subscriptions > 0, format!("{} subscriptions write to it", facts.subscriptions)),
        (
            request.force && major < FORCE_SINCE,
            format!("PostgreSQL {major} cannot send its sessions away; that came with {FORCE_SINCE}"),
        ),
    ];
    checks.into_iter().find(|(wrong, _)| *wrong).map(|(_, why)| why)
}

/// Drops the database of a plan. Sessions of ours in it must be closed by then.
///
/// # Errors
/// `Refused` on a read-only connection, `StalePlan`, `Precondition` with what stands in its way, and the server's own
/// words where somebody is still connected.
pub async fn apply_database_drop(database: &Database, plan: &DatabaseDropPlan) -> Result<()> {
    database.check_writable()?;
    let fresh = plan_database_drop(database, plan.request.clone()).await?;
    require_hash(&plan.hash, &fresh.hash)?;
    if let Some(problem) = fresh.problem {
        return Err(Error::new(
            ErrorKind::Precondition,
            format!("cannot drop {}: {problem}", plan.request.name),
        ));
    }
    let mut session = beside(database, &plan.request.name).await?;
    database.close().await;
    session.execute("set statement_timeout = 0").await?;
    let dropped = session.execute(sqlx::raw_sql(sql(&plan.request).to_query())).await;
    dropped.map(|_| ()).map_err(|error| in_use(error.into(), &plan.request))
}

/// A session in another database than the one that goes.
async fn beside(database: &Database, name: &str) -> Result<PgConnection> {
    if database.profile().database != name {
        return database.dedicated().await;
    }
    let elsewhere = if name == "postgres" { "template1" } else { "postgres" };
    let profile = ConnectionProfile { database: elsewhere.to_owned(), ..database.profile().clone() };
    connect(&profile, database.access()).await
}

fn in_use(error: Error, request: &DatabaseDropRequest) -> Error {
    match error.server().map(|server| server.sqlstate.as_str()) {
        // object_in_use
        Some("55006") if !request.force => error.hint("Somebody is connected to it: have them leave, or send them away (force, PostgreSQL 13 and later)."),
        _ => error,
    }
}
