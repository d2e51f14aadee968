//! What stands beside an export: what it is, where it came from, and the sum to check it by. Never a password.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::partial::{cannot, open_aside, sync_folder, taken, with_ending};
use super::request::{ExportPlace, QueryExportFormat, QueryExportRequest};
use super::work::Done;
use crate::Result;
use crate::clock::Clock;
use crate::connection::{ConnectionProfile, Database, Environment};
use crate::query::QueryParameter;
use crate::query::history::without_secrets;
use crate::user_file;

/// A longer file is no manifest, in bytes: the statement is the longest thing in one.
const LONGEST: u64 = 16 * 1024 * 1024;

/// The manifest's own version.
const VERSION: u32 = 1;

/// The file `NAME.manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExportManifest {
    pub version: u32,
    /// The exported file's name.
    pub file: String,
    pub format: QueryExportFormat,
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
    /// Of what was written; `snapshot_at` is the moment that the server was asked at.
    pub(super) fn of(
        database: &Database,
        request: &QueryExportRequest,
        place: &ExportPlace,
        clock: &dyn Clock,
        done: &Done,
        snapshot_at: Option<String>,
    ) -> Self {
        let source = if snapshot_at.is_some() { "the server was asked" } else { "the rows that the tab had" };
        Self {
            version: VERSION,
            file: place.path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            format: request.format,
            sql: without_secrets(&request.text),
            parameters: request.parameters.clone(),
            connection: ExportedConnection::of(database.profile()),
            server: database.version().text.clone(),
            source: source.to_owned(),
            snapshot_at,
            exported_at: clock.now().to_rfc3339(),
            rows: done.rows,
            bytes: done.written.bytes,
            sha256: done.written.sha256.clone(),
            columns: done.columns.clone(),
            notes: done.notes.clone(),
            evaldesk: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// Writes it beside the export, under another name: with a disk that is full the export is not placed either.
    ///
    /// # Errors
    /// `Storage` where the disk refuses.
    pub(super) fn aside(&self, place: &ExportPlace) -> Result<ManifestAside> {
        let path = path_beside(place)?;
        let aside = ManifestAside { aside: with_ending(&path, ".partial"), path };
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        let mut file = open_aside(&aside.aside)?;
        let written =
            file.set_len(0).and_then(|()| file.write_all(text.as_bytes())).and_then(|()| file.sync_all());
        written.map_err(|error| cannot(&aside.path, error))?;
        Ok(aside)
    }
}

/// Where the manifest of an export ends up. One of an earlier export gives way; another file does so only where the export
/// may replace files.
///
/// # Errors
/// `Conflict`, and as `user_file::place`.
pub(super) fn path_beside(place: &ExportPlace) -> Result<PathBuf> {
    let path = user_file::place(&with_ending(&place.path, ".manifest.json"))?;
    let free = place.overwrite || !path.exists() || is_manifest(&path);
    if free { Ok(path) } else { Err(taken(&path)) }
}

fn is_manifest(path: &Path) -> bool {
    let read = File::open(path).map(|file| serde_json::from_reader::<_, ExportManifest>(file.take(LONGEST)));
    matches!(read, Ok(Ok(_)))
}

/// A manifest that waits for its export; given up, it leaves nothing.
pub(super) struct ManifestAside {
    path: PathBuf,
    aside: PathBuf,
}

impl ManifestAside {
    /// Puts it in its place; returns that.
    ///
    /// # Errors
    /// `Storage` where the disk refuses.
    pub(super) fn put_in_place(self) -> Result<PathBuf> {
        std::fs::rename(&self.aside, &self.path).map_err(|error| cannot(&self.path, error))?;
        sync_folder(&self.path);
        Ok(self.path.clone())
    }
}

impl Drop for ManifestAside {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.aside);
    }
}
