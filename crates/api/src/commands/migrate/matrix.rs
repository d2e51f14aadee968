//! Migrations by rows, connections by columns: what is where, and who waits for whom.
//!
//! Nobody is asked for a password. A connection that is not looked at shows what was last seen of it, with the time.

mod columns;
mod look;
mod rows;
pub(in crate::commands) mod seen;

use evaldesk_core::connection::Environment;
use evaldesk_core::migrate::{MigrationState, PartialRun, Version};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Whose files, and how far to go for an answer.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MigrateMatrixArguments {
    /// The connection whose migration files are meant; the schema of RAAF Eval without one.
    pub connection: Option<String>,
    /// Open connections whose password is known; otherwise only those that are open already are looked at.
    pub open: bool,
}

/// What is where.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationMatrix {
    /// "embedded", or the folder.
    pub origin: String,
    /// Development first, production last.
    pub columns: Vec<MatrixColumn>,
    /// Oldest first.
    pub rows: Vec<MatrixRow>,
}

/// One connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatrixColumn {
    /// The connection's id.
    pub connection: String,
    pub name: String,
    pub environment: Environment,
    pub color: Option<String>,
    pub database: String,
    /// Whether the states are of now, or those that were seen last.
    pub live: bool,
    /// When they were seen, in UTC; absent where nobody has looked yet.
    pub seen_at: Option<String>,
    /// Why they are not of now.
    pub why: Option<String>,
    pub pending: u32,
    /// How many objects are otherwise than the migrations make them; absent where nobody has compared yet, or nothing
    /// could be compared.
    pub drift: Option<u32>,
    /// When they were compared, in UTC.
    pub drift_at: Option<String>,
    /// The name of the connection that has to have a migration before this one.
    pub after: Option<String>,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatrixRow {
    pub version: Version,
    pub name: Option<String>,
    /// Whether two connections of which something is known differ.
    pub differs: bool,
    /// One for each column; absent where nothing is known.
    pub cells: Vec<Option<MatrixCell>>,
}

/// One version on one connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MatrixCell {
    pub state: MigrationState,
    pub partial: Option<PartialRun>,
    pub note: Option<String>,
    /// How many of the differences its statements speak of, when the schema was compared last.
    pub drift: Option<u32>,
    /// The connection where it has to be up first and, as far as is known, is not.
    pub waits_for: Option<String>,
}

/// Compares the connections that are migrated with the same files.
pub async fn migrate_matrix(session: &Session, arguments: MigrateMatrixArguments) -> Result<MigrationMatrix> {
    let named = arguments.connection.as_deref();
    let origin = columns::origin(session, named)?;
    let profiles = columns::of_the_same_files(session, named)?;
    let looked = look::at_all(session, &profiles, &origin, arguments.open).await;
    Ok(rows::laid_out(origin, &profiles, looked))
}
