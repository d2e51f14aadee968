//! What each index weighs and whether anything reads it.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use ts_rs::TS;

use crate::Result;
use crate::connection::Database;

/// One index. The largest first in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, FromRow)]
#[serde(rename_all = "camelCase")]
pub struct IndexSize {
    pub schema: String,
    pub table: String,
    pub index: String,
    pub method: String,
    /// As `create index` would write the keys: "evaluation_run_id, status".
    pub keys: String,
    pub bytes: i64,
    /// Scans since the statistics began; None where the server keeps none.
    pub scans: Option<i64>,
    pub valid: bool,
    pub unique: bool,
    pub primary: bool,
    pub is_evaluation_table: bool,
    /// When the statistics began, where the server remembers.
    pub scans_since: Option<String>,
}

/// Lists every index outside the server's own schemas, the largest first.
pub async fn index_sizes(database: &Database) -> Result<Vec<IndexSize>> {
    Ok(sqlx::query_as(include_str!("index_size.sql")).fetch_all(database.pool()).await?)
}
