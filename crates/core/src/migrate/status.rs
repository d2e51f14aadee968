//! The state of every version, for a list.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::assess::{Assessed, Assessment};
use super::{LedgerKind, LedgerPlace, MigrationContext, Version};
use crate::Result;
use crate::connection::Database;

/// What a version is in this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationState {
    /// Recorded, and its objects are there.
    Up,
    /// Not recorded.
    Down,
    /// Recorded, without a file here.
    NoFile,
    /// Recorded, and its objects are not there.
    Conflict,
    /// Not recorded, and applied only when named.
    OptIn,
}

/// One version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatusRow {
    pub version: Version,
    pub name: Option<String>,
    pub state: MigrationState,
    pub transactional: bool,
    pub statement_count: u32,
    pub has_down: bool,
    pub has_verify: bool,
    /// The up file.
    pub path: Option<String>,
    /// SHA-384 of the up file.
    pub sha384: Option<String>,
    /// What a person should know about it here.
    pub note: Option<String>,
}

/// Every version, and the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatus {
    /// "embedded", or the folder.
    pub origin: String,
    /// Oldest first.
    pub migrations: Vec<MigrationStatusRow>,
    pub ledger: LedgerKind,
    /// Where a version is written down that stands nowhere yet.
    pub ledger_place: LedgerPlace,
    /// What Rails wrote down as this database's environment.
    pub environment: Option<String>,
    /// How many a plain `up` would run.
    pub pending: u32,
}

impl MigrationStatus {
    /// Whether nothing was ever applied here: a database that may be given its schema without asking twice.
    pub fn is_untouched(&self) -> bool {
        self.migrations.iter().all(|row| matches!(row.state, MigrationState::Down | MigrationState::OptIn))
    }
}

/// The state of every migration in this database.
pub async fn migration_status(database: &Database, context: &MigrationContext) -> Result<MigrationStatus> {
    let set = context.set.as_ref();
    let mut session = database.pool().acquire().await?;
    let assessment = Assessment::read(&mut session, context).await?;
    let mut migrations: Vec<_> = assessment.versions.iter().map(row).collect();
    migrations.extend(assessment.without_file().map(without_file));
    migrations.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(MigrationStatus {
        origin: set.origin().to_owned(),
        migrations,
        ledger: assessment.ledger.kind,
        ledger_place: assessment.ledger.place,
        pending: u32::try_from(assessment.pending().count()).unwrap_or(u32::MAX),
        environment: assessment.ledger.environment.clone(),
    })
}

fn row(assessed: &Assessed<'_>) -> MigrationStatusRow {
    let migration = assessed.migration;
    MigrationStatusRow {
        version: migration.version.clone(),
        name: Some(migration.name.clone()),
        state: state(assessed),
        transactional: !migration.up.directives.no_transaction,
        statement_count: u32::try_from(migration.up.statements.len()).unwrap_or(u32::MAX),
        has_down: migration.down.is_some(),
        has_verify: migration.verify.is_some(),
        path: Some(migration.up.file.clone()),
        sha384: Some(migration.up.sha384.clone()),
        note: note(assessed),
    }
}

fn state(assessed: &Assessed<'_>) -> MigrationState {
    match (assessed.recorded, assessed.conflicts(), assessed.migration.up.directives.opt_in) {
        (true, true, _) => MigrationState::Conflict,
        (true, false, _) => MigrationState::Up,
        (false, _, true) => MigrationState::OptIn,
        (false, _, false) => MigrationState::Down,
    }
}

fn note(assessed: &Assessed<'_>) -> Option<String> {
    if assessed.conflicts() {
        let problems = assessed.in_words().unwrap_or_default();
        return Some(format!(
            "recorded as applied, but {problems}; the number may belong to another migration"
        ));
    }
    if assessed.in_place() {
        return Some(
            "its objects are there already, made by another tool or by hand; not recorded here".to_owned(),
        );
    }
    if assessed.recorded { assessed.in_words() } else { None }
}

fn without_file(version: &Version) -> MigrationStatusRow {
    MigrationStatusRow {
        version: version.clone(),
        name: None,
        state: MigrationState::NoFile,
        transactional: true,
        statement_count: 0,
        has_down: false,
        has_verify: false,
        path: None,
        sha384: None,
        note: Some("recorded by another tool or from another folder; there is no file of it here".to_owned()),
    }
}
