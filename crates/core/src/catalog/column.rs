//! The columns of a table.
//!
//! How full a column is comes from the planner's statistics, which a role without SELECT does not see: then it
//! is unknown, which is not the same as empty.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use super::ForeignKey;
use crate::Result;
use crate::connection::Database;

/// One column of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ColumnInfo {
    pub ordinal: i32,
    pub name: String,
    /// As `format_type` writes it: "character varying", "bigint", "jsonb".
    pub type_name: String,
    pub nullable: bool,
    /// The default's expression, or the generation expression.
    pub default: Option<String>,
    /// "always" or "by default" of an identity column, "stored" of a generated one; other letters as they are.
    pub generated: Option<String>,
    pub comment: Option<String>,
    pub primary_key: bool,
    pub foreign_key: Option<ForeignKey>,
    /// Share of NULL by the statistics, 0 to 1; None where there are none or they are hidden.
    pub null_fraction: Option<f64>,
    /// Distinct values by the statistics: a count, or negative, a share of the rows.
    pub distinct_values: Option<f64>,
    /// Mean width in bytes by the statistics.
    pub average_width: Option<i32>,
}

#[derive(FromRow)]
struct Row {
    ordinal: i32,
    name: String,
    type_name: String,
    nullable: bool,
    default: Option<String>,
    generated: Option<String>,
    comment: Option<String>,
    primary_key: bool,
    null_fraction: Option<f64>,
    distinct_values: Option<f64>,
    average_width: Option<i32>,
}

/// Reads the columns of a table by its oid; foreign keys are joined on by the caller.
pub(super) async fn columns(database: &Database, oid: i64) -> Result<Vec<ColumnInfo>> {
    let rows: Vec<Row> =
        sqlx::query_as(include_str!("column.sql")).bind(oid).fetch_all(database.pool()).await?;
    Ok(rows.into_iter().map(Row::into_column).collect())
}

impl Row {
    fn into_column(self) -> ColumnInfo {
        ColumnInfo {
            ordinal: self.ordinal,
            name: self.name,
            type_name: self.type_name,
            nullable: self.nullable,
            default: self.default,
            generated: self.generated,
            comment: self.comment,
            primary_key: self.primary_key,
            foreign_key: None,
            null_fraction: self.null_fraction,
            distinct_values: self.distinct_values,
            average_width: self.average_width,
        }
    }
}
