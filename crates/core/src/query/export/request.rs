//! What to export, as what, and where to.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::query::QueryParameter;

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum QueryExportFormat {
    Csv,
    Tsv,
    Json,
    Jsonl,
    Parquet,
    Insert,
}

/// What to export.
#[derive(Debug, Clone)]
pub struct QueryExportRequest {
    /// The statement: it is run where no result is at hand, and named in the manifest.
    pub text: String,
    pub parameters: Vec<QueryParameter>,
    pub format: QueryExportFormat,
    /// Of inserts: the table, as SQL names it.
    pub table: Option<String>,
}

/// Where a file is to be.
#[derive(Debug, Clone)]
pub struct ExportPlace {
    pub path: PathBuf,
    /// Whether a file that is there may be replaced.
    pub overwrite: bool,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExport {
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    /// The path of the manifest.
    pub manifest: String,
}
