//! The constraints of a table, and for a foreign key whether an index serves it.
//!
//! Deleting a parent row reads the child once for each parent when no index begins with the key's columns.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use super::TableName;
use crate::Result;
use crate::connection::Database;

/// Where a foreign key points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ForeignKey {
    pub constraint: String,
    pub table: TableName,
    pub columns: Vec<String>,
    /// What happens on delete: "no action", "restrict", "cascade", "set null", "set default", else the letter.
    pub on_delete: String,
    /// Whether a valid index begins with the columns.
    pub has_index: bool,
}

/// One constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConstraintInfo {
    pub name: String,
    /// "primary key", "foreign key", "unique", "check", "exclusion", "trigger", "not null"; a letter we don't
    /// know as it is.
    pub kind: String,
    pub columns: Vec<String>,
    pub definition: String,
    pub validated: bool,
    pub foreign_key: Option<ForeignKey>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    kind: String,
    columns: Vec<String>,
    definition: String,
    validated: bool,
    target_schema: Option<String>,
    target_table: Option<String>,
    target_columns: Vec<String>,
    on_delete: String,
    has_index: bool,
}

/// Reads the constraints of a table by its oid.
pub(super) async fn constraints(database: &Database, oid: i64) -> Result<Vec<ConstraintInfo>> {
    let rows: Vec<Row> =
        sqlx::query_as(include_str!("constraint.sql")).bind(oid).fetch_all(database.pool()).await?;
    Ok(rows.into_iter().map(Row::into_constraint).collect())
}

impl Row {
    fn into_constraint(self) -> ConstraintInfo {
        let foreign_key = self.target_table.zip(self.target_schema).map(|(table, schema)| ForeignKey {
            constraint: self.name.clone(),
            table: TableName::new(schema, table),
            columns: self.target_columns,
            on_delete: self.on_delete,
            has_index: self.has_index,
        });
        ConstraintInfo {
            name: self.name,
            kind: self.kind,
            columns: self.columns,
            definition: self.definition,
            validated: self.validated,
            foreign_key,
        }
    }
}
