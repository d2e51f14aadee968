//! Which versions need a decision, and what mends each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RepairVerb;
use crate::Result;
use crate::connection::Database;
use crate::migrate::{
    MigrationContext, MigrationState, MigrationStatusRow, PartialRun, Version, migration_status,
};

/// A version that needs a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "NeededRepair")]
pub struct Needed {
    pub version: Version,
    pub name: Option<String>,
    pub state: MigrationState,
    pub partial: Option<PartialRun>,
    pub notes: Vec<String>,
    pub verbs: Vec<RepairVerb>,
}

/// Everything that needs a decision, oldest first. Only reads.
pub async fn repairs(database: &Database, context: &MigrationContext) -> Result<Vec<Needed>> {
    let status = migration_status(database, context).await?;
    Ok(status.migrations.into_iter().filter(needs_a_decision).map(Needed::from).collect())
}

/// A version that is up may be released too, but nobody has to decide that.
fn needs_a_decision(row: &MigrationStatusRow) -> bool {
    let complains =
        !matches!(row.state, MigrationState::Up | MigrationState::Baselined | MigrationState::Irreversible);
    // A version of Ruby that broke off has no verb of ours: its notes say what is left to do.
    complains && (!row.repairs.is_empty() || row.state == MigrationState::Partial)
}

impl From<MigrationStatusRow> for Needed {
    fn from(row: MigrationStatusRow) -> Self {
        Self {
            version: row.version,
            name: row.name,
            state: row.state,
            partial: row.partial,
            notes: row.notes,
            verbs: row.repairs,
        }
    }
}
