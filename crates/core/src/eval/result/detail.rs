//! One result with every metric column as it is stored.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ResultRow;
use crate::connection::Database;
use crate::{Result, RowId};

/// One result whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultDetail {
    pub row: ResultRow,
    pub configuration_name: Option<String>,
    /// Every metric column, in the order of the table.
    pub metrics: Vec<MetricColumn>,
    pub error_message: Option<String>,
    pub error_backtrace: Option<String>,
    pub started_at: Option<String>,
    pub updated_at: Option<String>,
}

/// One JSON column of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct MetricColumn {
    pub column: String,
    /// Indented by the server, every digit kept. None is SQL NULL.
    pub json: Option<String>,
    /// "object", "array", "string", "number", "boolean", "null"; None is SQL NULL.
    pub json_type: Option<String>,
    /// NULL, `{}`, `[]` or JSON null.
    pub empty: bool,
}

/// Reads one result.
///
/// # Errors
/// `NotFound` when there is none of that id.
pub async fn result(database: &Database, id: RowId) -> Result<ResultDetail> {
    read::result(database, id).await
}

mod read;
