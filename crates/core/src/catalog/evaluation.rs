//! Which evaluation tables this database holds, by catalog.
//!
//! The name of one column differs by the RAAF version that made it: `changes`, which ActiveRecord refuses to load,
//! was renamed to `configuration_changes`. Statements read either through `to_jsonb(row)`.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use crate::connection::Database;
use crate::{Error, ErrorKind, Result};

/// The four tables, parents first.
pub const EVALUATION_TABLES: [&str; 4] =
    ["evaluation_runs", "evaluation_spans", "evaluation_configurations", "evaluation_results"];

/// What there is of the evaluation schema.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationSchema {
    /// The four tables in the order of `EVALUATION_TABLES`.
    pub tables: Vec<EvaluationTable>,
    /// Whether all four are there.
    pub complete: bool,
    /// The names of those that are not.
    pub missing: Vec<String>,
    /// "changes" or "configuration_changes"; None without the table or with neither column.
    pub changes_column: Option<String>,
    /// The schemas that unqualified names are looked for in.
    pub search_path: Vec<String>,
}

/// One of the four tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, FromRow)]
#[serde(rename_all = "camelCase")]
pub struct EvaluationTable {
    pub name: String,
    /// The schema that the name resolves to; None when it is missing.
    pub schema: Option<String>,
    /// Other schemas that hold a table of the name, and are not looked in first.
    pub elsewhere: Vec<String>,
    /// Whether this role may read it.
    pub readable: bool,
}

/// Looks what is there.
pub async fn evaluation_schema(database: &Database) -> Result<EvaluationSchema> {
    let names: Vec<String> = EVALUATION_TABLES.iter().map(|&name| name.to_owned()).collect();
    let tables: Vec<EvaluationTable> =
        sqlx::query_as(include_str!("evaluation.sql")).bind(&names).fetch_all(database.pool()).await?;
    let (changes_column, search_path) = sqlx::query_as(
        "select (select a.attname::text from pg_attribute a \
                 where a.attrelid = to_regclass('evaluation_configurations') and not a.attisdropped \
                 and a.attname in ('changes', 'configuration_changes') order by a.attname desc limit 1), \
                current_schemas(false)::text[]",
    )
    .fetch_one(database.pool())
    .await?;
    let missing: Vec<String> =
        tables.iter().filter(|table| table.schema.is_none()).map(|table| table.name.clone()).collect();
    Ok(EvaluationSchema { complete: missing.is_empty(), tables, missing, changes_column, search_path })
}

/// Turns "relation evaluation_runs does not exist" into what it means here; other errors pass.
pub fn explain_missing(error: sqlx::Error, doing: &str) -> Error {
    let error = Error::from(error);
    let undefined = error.server().is_some_and(|server| server.sqlstate == "42P01");
    let error = error.while_doing(doing);
    if !undefined {
        return error;
    }
    error.of_kind(ErrorKind::Precondition).hint(
        "This database does not hold all four evaluation tables where names are looked for. \
         Run the migrations, or set the role's search_path to the schema that holds them.",
    )
}
