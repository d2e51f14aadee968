//! What ran here, when and by whom.

use evaldesk_core::connection::Database;
use evaldesk_core::migrate::Version;
use evaldesk_core::migrate::log::{EntryId, Log, LogEntry, LogFilter, LogPlace};
use evaldesk_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// How many entries a list shows unless more are asked for.
const NEWEST: u32 = 200;

/// Which entries, newest first.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateLogArguments {
    pub connection: String,
    /// Of one version.
    #[serde(default)]
    pub version: Option<Version>,
    /// So many; 200 without it.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Which entry.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateLogEntryArguments {
    pub connection: String,
    pub id: EntryId,
}

/// The log of a database.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationLogReply {
    /// Where new entries go.
    pub place: LogPlace,
    /// The file, where it is one on this machine.
    pub path: Option<String>,
    /// Newest first, without the texts of the files.
    pub entries: Vec<LogEntry>,
}

/// Lists what ran.
pub async fn migrate_log_list(
    session: &Session,
    arguments: MigrateLogArguments,
) -> Result<MigrationLogReply> {
    let database = session.database(&arguments.connection).await?;
    let filter = LogFilter {
        version: arguments.version,
        limit: Some(arguments.limit.unwrap_or(NEWEST)),
        ..LogFilter::default()
    };
    read(session, &database, &arguments.connection, &filter).await
}

/// Shows one entry with the texts of its files.
pub async fn migrate_log_show(session: &Session, arguments: MigrateLogEntryArguments) -> Result<LogEntry> {
    let database = session.database(&arguments.connection).await?;
    let filter = LogFilter { id: Some(arguments.id), with_text: true, ..LogFilter::default() };
    let found = read(session, &database, &arguments.connection, &filter).await?;
    let entry = found.entries.into_iter().next();
    Ok(entry.ok_or_else(|| {
        let name = &database.profile().name;
        Error::new(ErrorKind::NotFound, format!("the log of {name} has no entry {}", arguments.id))
            .hint("`evaldesk migrate log` lists them.")
    })?)
}

async fn read(
    session: &Session,
    database: &Database,
    connection: &str,
    filter: &LogFilter,
) -> Result<MigrationLogReply> {
    let context = session.migration_context(connection)?;
    let mut reading = database.pool().acquire().await.map_err(Error::from)?;
    let log = Log::open(&mut reading, &context).await?;
    Ok(MigrationLogReply {
        place: log.place(),
        path: log.path().map(|path| path.display().to_string()),
        entries: log.entries(&mut reading, filter).await?,
    })
}
