//! What stands beside an export: what it is, where it came from, and the sum to check it by. Never a password.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::target::{cannot, sync_folder, with_ending};
use crate::Result;
use crate::connection::{ConnectionProfile, Environment};
use crate::query::QueryParameter;

/// The manifest's own version.
pub(super) const VERSION: u32 = 1;

/// The file `NAME.manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportManifest {
    pub version: u32,
    /// The exported file's name.
    pub file: String,
    pub format: super::QueryExportFormat,
    /// The statement, secrets in it blanked.
    pub sql: String,
    pub parameters: Vec<QueryParameter>,
    pub connection: ExportedConnection,
    /// The server's version, "17.2".
    pub server: String,
    /// Whether the server was asked for it, or the rows were those that a tab had.
    pub source: String,
    /// The moment that the rows are of, by the server's clock: UTC, ISO 8601. Absent for rows that a tab had.
    pub snapshot_at: Option<String>,
    /// When the export ended: UTC, ISO 8601.
    pub exported_at: String,
    pub rows: u64,
    pub bytes: u64,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    pub columns: Vec<ExportColumn>,
    /// What a reader of the file has to know.
    pub notes: Vec<String>,
    /// The program that wrote it.
    pub evaldesk: String,
}

/// One column of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportColumn {
    /// As the result has it.
    pub name: String,
    /// As the server's `format_type` writes it.
    pub type_name: String,
    /// What it is in the file.
    pub written_as: String,
}

/// The connection without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportedConnection {
    pub name: String,
    pub environment: Environment,
    /// "host:port".
    pub address: String,
    pub database: String,
    pub user: String,
}

impl ExportedConnection {
    pub(super) fn of(profile: &ConnectionProfile) -> Self {
        Self {
            name: profile.name.clone(),
            environment: profile.environment,
            address: profile.address(),
            database: profile.database.clone(),
            user: profile.user.clone(),
        }
    }
}

impl ExportManifest {
    /// Writes it beside the export; returns its path.
    pub(super) fn write(&self, export: &Path) -> Result<std::path::PathBuf> {
        let (path, aside) =
            (with_ending(export, ".manifest.json"), with_ending(export, ".manifest.json.partial"));
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        let written = std::fs::write(&aside, text)
            .and_then(|()| std::fs::File::open(&aside)?.sync_all())
            .and_then(|()| std::fs::rename(&aside, &path));
        written.map_err(|error| cannot(&path, error))?;
        sync_folder(&path);
        Ok(path)
    }
}
