//! The plan as it travels: to the window, to the command line, and back to be applied.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

use super::super::log::EntryId;
use super::super::{LedgerKind, LedgerPlace, Version};
use super::{
    Direction, Doomed, MigrationRequest, PlanBlocker, PlannedDisk, PlannedStatement, StatementPurpose,
};
use crate::Result;

/// One version that will go up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedMigration {
    pub version: Version,
    pub name: String,
    pub direction: Direction,
    /// The entry of the log that it goes on with: it broke off.
    pub continues: Option<EntryId>,
    /// How many statements of the file an earlier run has done.
    pub done_before: u32,
    /// It takes back what a broken run left: what was never made, or is there still, is passed over.
    pub takes_back: bool,
    /// In one transaction with its ledger row, or statement by statement.
    pub transactional: bool,
    pub path: String,
    pub sha384: String,
    pub statements: Vec<PlannedStatement>,
}

/// Everything that would run, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationPlan {
    pub hash: String,
    pub request: MigrationRequest,
    /// "embedded", or the folder.
    pub origin: String,
    pub database: String,
    pub ledger: LedgerKind,
    /// Where its versions are written down.
    pub ledger_place: LedgerPlace,
    pub environment: Option<String>,
    /// Present where the ledger has to be made first.
    pub create_ledger: Option<PlannedStatement>,
    /// What makes the schema `evaldesk`, or brings it up to date; empty without consent.
    pub own_schema: Vec<PlannedStatement>,
    /// Empty where there is nothing to do.
    pub steps: Vec<PlannedMigration>,
    /// What a person should know before saying yes.
    pub notices: Vec<String>,
    /// What dies with it.
    pub doomed: Vec<Doomed>,
    /// Who is in the way now. They come and go: look again before applying.
    pub blockers: Vec<PlanBlocker>,
    pub disk: PlannedDisk,
    /// The estimates together, in milliseconds; statements without one are left out.
    #[ts(type = "number")]
    pub estimate_ms: i64,
    /// How many statements have no estimate.
    pub without_estimate: u32,
}

impl MigrationPlan {
    /// What it would do, for a job's title: "Apply 3 migrations to raaf_eval".
    pub fn title(&self) -> String {
        let going = |way: Direction| self.steps.iter().filter(|step| step.direction == way).count();
        let (up, down) = (going(Direction::Up), going(Direction::Down));
        let (verb, count, to) = match (up, down) {
            (_, 0) => ("Apply", up, "to"),
            (0, _) => ("Roll back", down, "on"),
            _ => ("Redo", down, "on"),
        };
        let noun = if count == 1 { "migration" } else { "migrations" };
        format!("{verb} {count} {noun} {to} {}", self.database)
    }

    /// Whether something dies with it.
    pub fn is_destructive(&self) -> bool {
        self.doomed.iter().any(|doomed| doomed.kind.is_data())
    }

    /// How many statements it sends, the ledger's own left out.
    pub fn statement_count(&self) -> usize {
        self.steps.iter().map(|step| step.statements.len()).sum()
    }

    /// Every statement with its version and its number in it, from 1.
    pub fn statements(&self) -> impl Iterator<Item = (&PlannedMigration, usize, &PlannedStatement)> {
        self.steps.iter().flat_map(|step| {
            step.statements.iter().enumerate().map(move |(at, statement)| (step, at + 1, statement))
        })
    }

    /// Over what decides the outcome: not over sizes, estimates and sessions, which change while a person reads.
    pub(super) fn hash_with(&self, recorded: &[Version]) -> Result<String> {
        let steps: Vec<_> = self.steps.iter().map(PlannedMigration::decisive).collect();
        let create: Vec<_> =
            self.create_ledger.iter().chain(&self.own_schema).map(|statement| &statement.sql).collect();
        // What the database is, and what dies, was weighed before somebody said yes: where it changed, nobody has.
        let mut dies: Vec<_> =
            self.doomed.iter().map(|doomed| format!("{:?} {}", doomed.kind, doomed.name)).collect();
        dies.sort_unstable();
        let weighed = (&self.environment, dies);
        let what = (&self.database, &self.origin, &self.request, create, &steps, recorded, weighed);
        let text = serde_json::to_string(&what)?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// What of a version decides the outcome.
#[derive(Serialize)]
struct Decisive<'a> {
    version: &'a Version,
    direction: Direction,
    transactional: bool,
    sha384: &'a str,
    statements: Vec<(&'a str, StatementPurpose)>,
}

impl PlannedMigration {
    /// Whether rake runs it, and records it.
    pub(in crate::migrate) fn is_by_rake(&self) -> bool {
        self.statements.iter().any(|statement| statement.purpose == StatementPurpose::Rake)
    }

    fn decisive(&self) -> Decisive<'_> {
        Decisive {
            version: &self.version,
            direction: self.direction,
            transactional: self.transactional,
            sha384: &self.sha384,
            statements: self.statements.iter().map(|one| (one.sql.as_str(), one.purpose)).collect(),
        }
    }
}
