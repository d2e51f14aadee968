//! Edits of the grid: staged cells, new rows and rows to delete, shown as SQL, applied in one transaction.
//!
//! Each statement changes exactly one row, or nothing at all is changed. Its condition names the key and the cells as they
//! were read, so a change by somebody else in between is noticed and not overwritten. SQL never comes back from the
//! wire: the plan is made again from the edits, and has to be the one that was agreed to.

mod statement;
mod target;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::Connection as _;
use ts_rs::TS;

use super::consent::QueryConsent;
use super::state::QueryColumn;
use super::store::Store;
use crate::connection::{ConnectionProfile, Database, Environment, WriteMode};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};
use statement::ReadRow;
pub(super) use target::editable;

/// Edits of one plan at most.
const MOST: usize = 10_000;

/// One staged edit. Rows and columns are places in the result, from 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum QueryEdit {
    Update { row: u64, column: u32, value: Option<String> },
    Insert { values: Vec<QueryEditValue> },
    Delete { row: u64 },
}

/// A value of a new row; null is NULL, a column that is not named gets its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryEditValue {
    pub column: u32,
    pub value: Option<String>,
}

/// What would be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryEditPlan {
    pub statements: Vec<String>,
    pub hash: String,
    /// The name to type, on production.
    pub name: Option<String>,
}

/// What was run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryEditApplied {
    /// Rows changed, made or deleted.
    pub rows: u32,
}

/// A result as its tab holds it.
pub(super) struct Edited {
    pub(super) sql: String,
    pub(super) store: Arc<Store>,
    pub(super) columns: Vec<QueryColumn>,
}

/// Plans edits: reads the rows they belong to, and writes their SQL.
///
/// # Errors
/// `Refused` on a connection that reads only, `Precondition` where the result cannot be edited.
pub(super) async fn plan(database: &Database, edited: Edited, edits: &[QueryEdit]) -> Result<QueryEditPlan> {
    let profile = database.profile();
    let statements = written(database, edited, edits).await?;
    let hash = hash(profile, &statements);
    let name = (profile.environment == Environment::Production).then(|| profile.database.clone());
    Ok(QueryEditPlan { statements: statements.iter().map(ToString::to_string).collect(), hash, name })
}

/// Applies the plan that was agreed to, wholly or not at all.
///
/// # Errors
/// As `plan`; `StalePlan` for an answer to another plan, `Conflict` where a row is not as it was read.
pub(super) async fn apply(
    database: &Database,
    edited: Edited,
    edits: &[QueryEdit],
    consent: &QueryConsent,
) -> Result<QueryEditApplied> {
    let statements = written(database, edited, edits).await?;
    agreed(database.profile(), &statements, consent)?;
    let (mut session, settings) = database.for_transaction().await?;
    let mut transaction = session.begin().await?;
    sqlx::raw_sql(settings.to_query()).execute(&mut *transaction).await?;
    for (number, sql) in statements.iter().enumerate() {
        let done = sqlx::raw_sql(sql.to_query()).execute(&mut *transaction).await;
        let changed = done.map_err(|error| {
            Error::from(error).while_doing(&format!(
                "change {} of {} failed, and none was kept",
                number + 1,
                statements.len()
            ))
        })?;
        if changed.rows_affected() != 1 {
            transaction.rollback().await?;
            return Err(not_one(number, statements.len(), changed.rows_affected()));
        }
    }
    transaction.commit().await?;
    let rows = u32::try_from(statements.len()).unwrap_or(u32::MAX);
    let _ = session.close().await;
    Ok(QueryEditApplied { rows })
}

fn not_one(number: usize, all: usize, rows: u64) -> Error {
    let which = format!("change {} of {all}", number + 1);
    let message = match rows {
        0 => format!("{which} found its row changed or gone since it was read, and none was kept"),
        rows => format!("{which} would have changed {rows} rows, and none was kept"),
    };
    Error::new(ErrorKind::Conflict, message).hint("Run the statement again and look at the row as it is now.")
}

async fn written(database: &Database, edited: Edited, edits: &[QueryEdit]) -> Result<Vec<SafeSql>> {
    writable(database.profile())?;
    if edits.is_empty() || edits.len() > MOST {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("{} edits cannot be applied", edits.len()),
        )
        .hint(format!("Stage from 1 to {MOST} edits.")));
    }
    let target = target::target(database, &edited.sql, &edited.columns).await?.map_err(|why| {
        Error::new(ErrorKind::Precondition, format!("this result cannot be edited: {why}"))
            .hint("Write the change as a statement, or select the rows of one table with its key.")
    })?;
    let (edits, columns) = (edits.to_vec(), edited.columns);
    let store = edited.store;
    let work = move || {
        let rows = rows(&store, &edits, columns.len())?;
        statement::statements(&target, &columns, &rows, &edits)
    };
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|error| Error::internal("reading a result ended early").caused_by(error))?
}

fn writable(profile: &ConnectionProfile) -> Result<()> {
    if profile.write_mode() != WriteMode::ReadOnly {
        return Ok(());
    }
    let (name, words) = (&profile.name, if profile.read_only { "read-only" } else { "read-only for SQL" });
    let hint = "Edit the connection and let it write if you really want to change this database.";
    Err(Error::new(ErrorKind::Refused, format!("{name} is {words}: its rows are not edited")).hint(hint))
}

/// The rows that edits belong to, whole: a cut cell would match nothing.
fn rows(store: &Arc<Store>, edits: &[QueryEdit], columns: usize) -> Result<BTreeMap<u64, ReadRow>> {
    let mut rows = BTreeMap::new();
    for edit in edits {
        let (QueryEdit::Update { row, .. } | QueryEdit::Delete { row }) = edit else { continue };
        if rows.contains_key(row) {
            continue;
        }
        let mut reader = store.reader(*row)?;
        if !reader.next_row() {
            continue;
        }
        let mut cells = Vec::with_capacity(columns);
        for _ in 0..columns {
            let length = reader.length()?;
            let mut bytes = Vec::new();
            reader.take(length.unwrap_or(0), &mut bytes)?;
            cells.push(length.map(|_| bytes));
        }
        rows.insert(*row, cells);
    }
    Ok(rows)
}

fn agreed(profile: &ConnectionProfile, statements: &[SafeSql], consent: &QueryConsent) -> Result<()> {
    if consent.hash != hash(profile, statements) {
        return Err(Error::new(ErrorKind::StalePlan, "the edits are not the ones that were shown")
            .hint("Look at the statements again, then apply."));
    }
    let name = &profile.database;
    if profile.environment != Environment::Production || consent.name.as_ref() == Some(name) {
        return Ok(());
    }
    let message = match &consent.name {
        Some(typed) => format!("{typed} is not the name of the database, which is {name}"),
        None => format!("{} is production: the database's name is asked for", profile.name),
    };
    Err(Error::new(ErrorKind::Refused, message).hint(format!("Type {name} to confirm.")))
}

fn hash(profile: &ConnectionProfile, statements: &[SafeSql]) -> String {
    let mut digest = Sha256::new();
    for part in [&profile.id, &profile.host, &profile.database, &profile.user] {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    for sql in statements {
        digest.update(sql.as_str().len().to_le_bytes());
        digest.update(sql.as_str());
    }
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
