//! The indexes of a table, by definition and not by name: the guide and Rails name the same index differently.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use crate::Result;
use crate::connection::Database;

/// One key of an index: a column, or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IndexKey {
    /// The column's name, or the expression's text.
    pub text: String,
    pub expression: bool,
}

/// One index of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IndexInfo {
    pub name: String,
    /// The access method: btree, gin, and whatever extensions bring.
    pub method: String,
    pub keys: Vec<IndexKey>,
    pub definition: String,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    pub unique: bool,
    pub primary: bool,
    /// False after a concurrent build that did not end.
    pub valid: bool,
    pub bytes: i64,
    /// Scans since the statistics began; None where the server keeps none.
    pub scans: Option<i64>,
    /// When the statistics began, where the server remembers.
    pub scans_since: Option<String>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    method: String,
    keys: Vec<String>,
    expressions: Vec<bool>,
    definition: String,
    predicate: Option<String>,
    is_unique: bool,
    is_primary: bool,
    is_valid: bool,
    bytes: i64,
    scans: Option<i64>,
    scans_since: Option<String>,
}

/// Reads the indexes of a table by its oid, the primary key first.
pub(super) async fn indexes(database: &Database, oid: i64) -> Result<Vec<IndexInfo>> {
    let rows: Vec<Row> =
        sqlx::query_as(include_str!("index.sql")).bind(oid).fetch_all(database.pool()).await?;
    Ok(rows.into_iter().map(Row::into_index).collect())
}

impl Row {
    fn into_index(self) -> IndexInfo {
        let keys = self.keys.into_iter().zip(self.expressions);
        IndexInfo {
            name: self.name,
            method: self.method,
            keys: keys.map(|(text, expression)| IndexKey { text, expression }).collect(),
            definition: self.definition,
            predicate: self.predicate,
            unique: self.is_unique,
            primary: self.is_primary,
            valid: self.is_valid,
            bytes: self.bytes,
            scans: self.scans,
            scans_since: self.scans_since,
        }
    }
}
