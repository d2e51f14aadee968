//! Tables and views: the list with sizes, and one in detail.
//!
//! A partitioned table holds nothing itself, so its sizes and rows are those of its partitions together.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use super::{ColumnInfo, ConstraintInfo, IndexInfo, TableName, column, constraint, index};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// One table, view or foreign table, with what it weighs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, FromRow)]
#[serde(rename_all = "camelCase")]
pub struct TableSummary {
    pub schema: String,
    pub name: String,
    /// "table", "partitioned table", "partition", "view", "materialized view", "foreign table", else the letter.
    pub kind: String,
    /// The planner's estimate; None where the table was never analyzed (`count_exact` counts).
    pub row_estimate: Option<i64>,
    pub heap_bytes: i64,
    pub toast_bytes: i64,
    pub index_bytes: i64,
    pub total_bytes: i64,
    /// One of the four evaluation tables, as unqualified names resolve.
    pub is_evaluation_table: bool,
    pub comment: Option<String>,
    pub last_vacuum: Option<String>,
    pub last_autovacuum: Option<String>,
    pub last_analyze: Option<String>,
    pub last_autoanalyze: Option<String>,
    pub live_rows: Option<i64>,
    pub dead_rows: Option<i64>,
    pub modified_since_analyze: Option<i64>,
    pub column_count: i32,
    pub index_count: i32,
}

/// A table with its columns, indexes and constraints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableDetail {
    pub summary: TableSummary,
    pub columns: Vec<ColumnInfo>,
    pub indexes: Vec<IndexInfo>,
    pub constraints: Vec<ConstraintInfo>,
}

/// Lists the tables and views of one schema, or of every schema that is not the server's own.
pub async fn tables(database: &Database, schema: Option<&str>) -> Result<Vec<TableSummary>> {
    Ok(sqlx::query_as(include_str!("table.sql"))
        .bind(schema)
        .bind(None::<i64>)
        .fetch_all(database.pool())
        .await?)
}

/// Reads one table whole.
///
/// # Errors
/// `NotFound` when there is none of that name, or this role may not see its schema.
pub async fn table(database: &Database, name: &TableName) -> Result<TableDetail> {
    let oid = oid(database, name).await?;
    let summary = sqlx::query_as(include_str!("table.sql"))
        .bind(None::<String>)
        .bind(oid)
        .fetch_one(database.pool())
        .await?;
    let constraints = constraint::constraints(database, oid).await?;
    let mut columns = column::columns(database, oid).await?;
    for column in &mut columns {
        column.foreign_key = foreign_key_of(&column.name, &constraints);
    }
    let indexes = index::indexes(database, oid).await?;
    Ok(TableDetail { summary, columns, indexes, constraints })
}

/// Counts the rows one by one; on a large table this takes long.
pub async fn count_exact(database: &Database, name: &TableName) -> Result<i64> {
    let sql = SafeSql::new("select count(*) from ").name(&name.qualified());
    sqlx::query_scalar(sql.to_query())
        .fetch_one(database.pool())
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot count {name}")))
}

pub(super) async fn oid(database: &Database, name: &TableName) -> Result<i64> {
    let found = sqlx::query_scalar(
        "select c.oid::bigint from pg_class c join pg_namespace n on n.oid = c.relnamespace \
         where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f', 't')",
    )
    .bind(&name.schema)
    .bind(&name.name)
    .fetch_optional(database.pool())
    .await?;
    found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no table {name}"))
            .hint("Reload the schema: the table may have been renamed or dropped.")
    })
}

/// A key of several columns says nothing about one of them alone.
fn foreign_key_of(column: &str, constraints: &[ConstraintInfo]) -> Option<super::ForeignKey> {
    let of_it =
        |constraint: &&ConstraintInfo| constraint.foreign_key.is_some() && constraint.columns == [column];
    constraints.iter().find(of_it)?.foreign_key.clone()
}
