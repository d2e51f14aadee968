//! The state of every version, for a list: what it is, why, since when and by whom, and what mends it.

mod notes;
mod repairs;
mod row;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use row::MigrationStatusRow;

use super::assess::Assessment;
use super::lock::{self, MigrationLockHolder};
use super::log::LogPlace;
use super::rehearse;
use super::{LedgerKind, LedgerPlace, MigrationContext, MigrationFormat, MigrationState};
use crate::Result;
use crate::connection::Database;

/// Every version, and the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationStatus {
    /// "embedded", or the folder.
    pub origin: String,
    /// Whose files they are.
    pub format: MigrationFormat,
    /// Files of SQL in the folder that are no migrations.
    pub left_out: Vec<String>,
    /// Oldest first.
    pub migrations: Vec<MigrationStatusRow>,
    pub ledger: LedgerKind,
    /// Where a version is written down that stands nowhere yet.
    pub ledger_place: LedgerPlace,
    /// Where the log is kept.
    pub log_place: LogPlace,
    /// What Rails wrote down as this database's environment.
    pub environment: Option<String>,
    /// How many a plain `up` would run.
    pub pending: u32,
    /// Who migrates this database right now; nobody when it is absent.
    pub lock_holder: Option<MigrationLockHolder>,
    /// Why no copy can be made here to rehearse on, in a sentence; absent where one can.
    pub no_copy: Option<String>,
}

impl MigrationStatus {
    /// Whether nothing was ever applied here: a database that may be given its schema without asking twice.
    pub fn is_untouched(&self) -> bool {
        self.migrations.iter().all(|row| matches!(row.state, MigrationState::Down | MigrationState::OptIn))
    }

    /// Whether Rails wrote down that this is a database of production, whatever the connection is called.
    pub fn is_rails_production(&self) -> bool {
        self.environment.as_deref().is_some_and(is_production)
    }
}

/// Whether a name of an environment, as Rails keeps it, means production.
pub(super) fn is_production(environment: &str) -> bool {
    environment.trim().eq_ignore_ascii_case("production")
}

/// The state of every migration in this database.
pub async fn migration_status(database: &Database, context: &MigrationContext) -> Result<MigrationStatus> {
    let mut session = database.pool().acquire().await?;
    let assessment = Assessment::read(&mut session, context).await?;
    Ok(MigrationStatus {
        origin: context.set.origin().to_owned(),
        format: context.set.format(),
        left_out: context.set.left_out().to_vec(),
        migrations: row::rows(&mut session, context, &assessment).await?,
        ledger: assessment.ledger.kind,
        ledger_place: assessment.ledger.place,
        log_place: assessment.log_place,
        pending: u32::try_from(assessment.pending().count()).unwrap_or(u32::MAX),
        environment: assessment.ledger.environment.clone(),
        lock_holder: lock::held_by(&mut session).await?,
        no_copy: rehearse::why_no_copy(&mut session).await?,
    })
}

/// Who migrates a database right now: cheap enough to be asked again and again.
///
/// # Errors
/// What made reading impossible.
pub async fn migration_lock_holder(database: &Database) -> Result<Option<MigrationLockHolder>> {
    lock::held_by(&mut *database.pool().acquire().await?).await
}
