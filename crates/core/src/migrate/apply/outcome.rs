//! What a plan came to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::migrate::{Direction, PlannedMigration, Version};

/// A version that went up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppliedMigration {
    pub version: Version,
    pub name: String,
    pub direction: Direction,
    pub statements: u32,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
    /// How often it was begun again because a lock was not to be had in time.
    pub retries: u32,
    /// The end of what rake said, where the version is a file of Ruby.
    pub output: Option<String>,
    /// What taking back a broken run found nothing to do for, in the server's words.
    pub passed_over: Vec<String>,
}

/// What a plan came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationOutcome {
    pub applied: Vec<AppliedMigration>,
    pub created_ledger: bool,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// What running one version came to.
#[derive(Debug, Default)]
pub(super) struct Ran {
    pub(super) retries: u32,
    pub(super) output: Option<String>,
    pub(super) passed_over: Vec<String>,
}

impl AppliedMigration {
    pub(super) fn of(step: &PlannedMigration, ran: Ran, elapsed_ms: u64) -> Self {
        Self {
            version: step.version.clone(),
            name: step.name.clone(),
            direction: step.direction,
            statements: u32::try_from(step.statements.len()).unwrap_or(u32::MAX),
            elapsed_ms,
            retries: ran.retries,
            output: ran.output,
            passed_over: ran.passed_over,
        }
    }
}
