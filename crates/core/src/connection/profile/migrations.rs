//! What a connection says of its migrations.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How a database is migrated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MigrationSettings {
    /// A folder of migration files; without one, the schema of RAAF Eval that is compiled in.
    pub folder: Option<String>,
    /// How rake is called for a folder of Ruby files, words apart: "bundle exec rake". No shell reads it.
    pub rake: Option<String>,
    /// Consent to a schema `evaldesk` in the database, for the log and our own ledger.
    pub own_schema: bool,
    /// The id of the connection where a migration has to be up before it may run here.
    pub after: Option<String>,
}
