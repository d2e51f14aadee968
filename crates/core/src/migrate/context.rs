//! What a migration works with beside the database: the files, where it is written down, who acts, how long to wait.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::MigrationSet;
use crate::Result;

/// Who migrates, and from where. The host knows; core asks no environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Actor {
    /// The user of the operating system, and through what: "maria (app)".
    pub name: String,
    /// The machine's name.
    pub host: Option<String>,
    /// The version of Evaldesk.
    pub app_version: String,
}

/// How long a statement waits for a lock, and how often it tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockPatience {
    /// How long the two migration locks are tried for.
    pub migration: Duration,
    /// `lock_timeout` of a statement that changes the schema.
    pub statement: Duration,
    /// How often a migration that ran into it is begun again.
    pub retries: u32,
}

impl Default for LockPatience {
    fn default() -> Self {
        Self { migration: Duration::from_secs(3), statement: Duration::from_secs(2), retries: 5 }
    }
}

/// Everything beside the database. Cloning shares the files.
#[derive(Debug, Clone)]
pub struct MigrationContext {
    pub set: Arc<MigrationSet>,
    pub actor: Actor,
    pub patience: LockPatience,
    /// Whether the schema `evaldesk` may be made in the database, for our log and our own ledger.
    pub own_schema: bool,
    /// Whether versions that are older than the newest applied one may go up with the others.
    pub any_order: bool,
    /// Whether every version that goes up is also written as a Ruby file, so that Rails' ledger is the right place for it.
    pub ruby_twins: bool,
    /// Where the log is kept as long as it may not be: a folder of the app's.
    pub log_folder: Option<PathBuf>,
}

impl MigrationContext {
    /// With these files and everything else at its default: no log outside the database, nobody named.
    pub fn new(set: MigrationSet) -> Self {
        Self {
            set: Arc::new(set),
            actor: Actor::default(),
            patience: LockPatience::default(),
            own_schema: false,
            any_order: false,
            ruby_twins: false,
            log_folder: None,
        }
    }

    /// With the schema of RAAF Eval.
    pub fn embedded() -> Result<Self> {
        MigrationSet::embedded().map(Self::new)
    }
}
