//! Whether a version's objects are there, by its verify file. A row is a problem; no row means all is well.

use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection, Row, postgres::PgRow};
use ts_rs::TS;

use super::file::Migration;
use super::ledger::Ledger;
use super::{MigrationContext, Version};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// How much a problem matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The version's objects are not there.
    Conflict,
    /// They are, and something about them differs.
    Attention,
}

/// One row of a verify file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    pub problem: String,
    pub weight: Weight,
}

/// What a verify file said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VerifyReport {
    pub version: Version,
    pub name: String,
    /// False where the version has no verify file, or none that can be run: then nothing was looked at.
    pub checked: bool,
    pub problems: Vec<Problem>,
}

/// Runs the verify file of one version, or of every recorded one, in read-only transactions.
pub async fn verify_migration(
    database: &Database,
    context: &MigrationContext,
    only: Option<&Version>,
) -> Result<Vec<VerifyReport>> {
    let set = context.set.as_ref();
    if let Some(version) = only {
        set.require(version)?;
    }
    let mut session = database.pool().acquire().await?;
    let ledger = Ledger::read(&mut session, context).await?;
    let asked = |version: &Version| only.map_or_else(|| ledger.holds(version), |only| only == version);
    let mut reports = Vec::new();
    for migration in set.iter().filter(|migration| asked(&migration.version)) {
        let problems = look(&mut session, migration).await?;
        reports.push(VerifyReport {
            version: migration.version.clone(),
            name: migration.name.clone(),
            checked: problems.is_some(),
            problems: problems.unwrap_or_else(|| cannot_run(migration)),
        });
    }
    Ok(reports)
}

fn cannot_run(migration: &Migration) -> Vec<Problem> {
    let problem = migration.verify.as_ref().and_then(|script| script.problem.as_ref());
    let problem = problem.map(|problem| problem.message.clone());
    problem.into_iter().map(|problem| Problem { problem, weight: Weight::Attention }).collect()
}

/// What is wrong with a version in this database; `None` where nothing can tell.
pub(super) async fn look(session: &mut PgConnection, migration: &Migration) -> Result<Option<Vec<Problem>>> {
    // A file that cannot be run tells as little as none.
    if migration.verify.as_ref().is_none_or(|script| script.problem.is_some()) {
        return Ok(None);
    }
    let mut transaction = session.begin().await?;
    sqlx::raw_sql("set transaction read only; set local statement_timeout = '15s'")
        .execute(&mut *transaction)
        .await?;
    let problems = run(&mut transaction, migration).await?;
    transaction.rollback().await?;
    Ok(Some(problems))
}

/// Runs the verify file inside whatever transaction the session is in.
pub(super) async fn run(session: &mut PgConnection, migration: &Migration) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let Some(script) = &migration.verify else { return Ok(problems) };
    script.check()?;
    for statement in &script.statements {
        let sql = SafeSql::trusted_file(&statement.text);
        let rows = sqlx::raw_sql(sql.to_query()).fetch_all(&mut *session).await;
        let rows = rows.map_err(|error| Error::from(error).while_doing(&script.file))?;
        for row in &rows {
            problems.push(problem(row, &script.file)?);
        }
    }
    Ok(problems)
}

fn problem(row: &PgRow, file: &str) -> Result<Problem> {
    let text: Option<String> = row.try_get(0).map_err(|error| {
        Error::new(ErrorKind::InvalidArguments, format!("{file}: the first column is not text"))
            .caused_by(error)
    })?;
    let weight = match row.try_get::<Option<&str>, _>(1).ok().flatten() {
        Some("attention") => Weight::Attention,
        _ => Weight::Conflict,
    };
    Ok(Problem { problem: text.unwrap_or_else(|| format!("{file} found something")), weight })
}
