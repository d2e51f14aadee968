//! The database before the load: whether the four tables are there, their sequences, and the first free ids.

use sqlx::Row as _;
use sqlx::postgres::PgConnection;

use super::history::FirstIds;
use crate::{Error, ErrorKind, Result};

/// What the load writes into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// The sequence of each table, in the order runs, spans, configurations, results.
    pub(super) sequences: [Option<String>; 4],
    /// Whether the column is `configuration_changes`, as in newer RAAF, or `changes`.
    pub(super) renamed: bool,
    pub(super) first: FirstIds,
    /// Runs that are there, counted up to 1,000.
    pub(super) runs_there: i64,
}

impl Target {
    /// Looks at the tables.
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        let rows = sqlx::query(include_str!("tables.sql")).fetch_all(&mut *session).await?;
        let mut missing = Vec::new();
        let mut sequences: [Option<String>; 4] = Default::default();
        for (row, sequence) in rows.iter().zip(&mut sequences) {
            if !row.try_get::<bool, _>("present")? {
                missing.push(row.try_get::<String, _>("name")?);
            }
            *sequence = row.try_get("sequence")?;
        }
        refuse_missing(&missing)?;
        let renamed = match rows.get(2) {
            Some(row) => row.try_get("renamed")?,
            None => false,
        };
        let (first, runs_there) = first_ids(session, &sequences).await?;
        Ok(Self { sequences, renamed, first, runs_there })
    }

    /// Refuses a database that holds runs, unless told to append.
    pub(super) fn check_empty(&self, append: bool) -> Result<()> {
        if append || self.runs_there == 0 {
            return Ok(());
        }
        let count =
            if self.runs_there == 1000 { "1000 or more".to_owned() } else { self.runs_there.to_string() };
        let message = format!("cannot load demo data: evaluation_runs already holds {count} runs");
        Err(Error::new(ErrorKind::Precondition, message)
            .hint("Choose an empty database, or load beside what is there with --append."))
    }
}

async fn first_ids(session: &mut PgConnection, sequences: &[Option<String>; 4]) -> Result<(FirstIds, i64)> {
    let mut query = sqlx::query(include_str!("first_ids.sql"));
    for sequence in sequences {
        query = query.bind(sequence);
    }
    let row = query.fetch_one(session).await?;
    let first = FirstIds {
        runs: row.try_get("runs")?,
        spans: row.try_get("spans")?,
        configurations: row.try_get("configurations")?,
        results: row.try_get("results")?,
    };
    Ok((first, row.try_get("runs_there")?))
}

fn refuse_missing(missing: &[String]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("cannot load demo data: {} missing", missing.join(", "));
    Err(Error::new(ErrorKind::Precondition, message)
        .hint("Create the evaluation tables first: evaldesk migrate up."))
}
