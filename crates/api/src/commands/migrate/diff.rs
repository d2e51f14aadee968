//! What ran beside what the file says now.

mod lines;

use evaldesk_core::migrate::ScriptRole;
use evaldesk_core::migrate::Version;
use evaldesk_core::migrate::log::{Log, LogFilter};
use evaldesk_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Of which version.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateDiffArguments {
    pub connection: String,
    pub version: Version,
}

/// The up file as it ran and as it is, line by line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationDiff {
    pub version: Version,
    pub file: String,
    /// SHA-384 of what ran, and when.
    pub ran_sha384: String,
    pub ran_at: String,
    /// SHA-384 of the file as it is.
    pub sha384: String,
    pub lines: Vec<DiffLine>,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    pub kind: DiffKind,
    pub text: String,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DiffKind {
    Both,
    /// In what ran alone.
    Ran,
    /// In the file alone.
    Now,
}

/// Compares a version's up file with the text that the log has of it.
pub async fn migrate_diff(session: &Session, arguments: MigrateDiffArguments) -> Result<MigrationDiff> {
    let database = session.database(&arguments.connection).await?;
    let context = session.migration_context(&arguments.connection)?;
    let version = arguments.version;
    let now = context.set.require(&version)?;
    let filter = LogFilter { version: Some(version.clone()), with_text: true, ..LogFilter::default() };
    let mut reading = database.pool().acquire().await.map_err(Error::from)?;
    let entries = Log::open(&mut reading, &context).await?.entries(&mut reading, &filter).await?;
    let bound = entries.iter().filter(|entry| entry.outcome.binds_files());
    let found = bound.filter_map(|entry| Some((entry, entry.script(ScriptRole::Up)?))).next();
    let (entry, script) = found.ok_or_else(|| not_logged(&version))?;
    let ran = script.sql.as_deref().ok_or_else(|| not_logged(&version))?;
    Ok(MigrationDiff {
        lines: lines::compare(ran, &now.up.sql),
        file: now.up.file.clone(),
        sha384: now.up.sha384.clone(),
        ran_sha384: script.sha384.clone(),
        ran_at: entry.started_at.clone(),
        version,
    })
}

fn not_logged(version: &Version) -> Error {
    Error::new(ErrorKind::NotFound, format!("the log has no text of {version}: what ran is not known"))
        .hint("It was applied by another tool, or before there was a log.")
}
