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

impl QueryExportFormat {
    /// All of them, in the order that a person is shown.
    pub const ALL: [Self; 6] = [Self::Csv, Self::Tsv, Self::Json, Self::Jsonl, Self::Parquet, Self::Insert];

    /// Its name, as on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Parquet => "parquet",
            Self::Insert => "insert",
        }
    }

    /// The one that a file's ending means; inserts are SQL.
    pub fn of_ending(ending: &str) -> Option<Self> {
        let name = if ending.eq_ignore_ascii_case("sql") { "insert" } else { ending };
        Self::ALL.into_iter().find(|format| format.name().eq_ignore_ascii_case(name))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_called_as_on_the_wire() {
        for format in QueryExportFormat::ALL {
            assert_eq!(serde_json::to_value(format).unwrap(), format.name());
        }
    }

    #[test]
    fn an_ending_says_the_format() {
        assert_eq!(QueryExportFormat::of_ending("CSV"), Some(QueryExportFormat::Csv));
        assert_eq!(QueryExportFormat::of_ending("sql"), Some(QueryExportFormat::Insert));
        assert_eq!(QueryExportFormat::of_ending("txt"), None);
    }
}
