//! What would run: the versions in order, every statement of them, what each locks, and what dies.
//!
//! A plan carries its request. Applying plans again from the same request and compares the hashes, so that a file or
//! a ledger that changed in between makes the plan stale rather than wrong.

mod choose;
mod statements;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use ts_rs::TS;

use super::assess::Assessment;
use super::file::{Migration, Script};
use super::ledger::CREATE_LEDGER;
use super::preview::{DoomedTable, doomed};
use super::{Blocks, Impact, LedgerKind, MigrationContext, MigrationSet, Version};
use crate::connection::Database;
use crate::{Error, ErrorKind, Result};

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum MigrationRequest {
    /// Everything pending.
    Up,
    /// Everything pending up to a version, and that one.
    UpTo { version: Version },
    /// One version alone; the only way to an opt-in one.
    UpOnly { version: Version },
    /// One version, and before it whatever stands on it.
    Down { version: Version },
    /// The newest applied versions, so many of them.
    Rollback { step: u32 },
}

/// Which way a version goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MigrationDirection")]
pub enum Direction {
    Up,
    Down,
}

/// Why a statement is in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StatementPurpose {
    /// It stands in the file.
    Migration,
    /// It clears away an index that a broken build left behind.
    Leftover,
    /// It keeps the ledger.
    Ledger,
}

/// One statement, as it will be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedStatement {
    pub sql: String,
    /// The line in the file; 0 for a statement that stands in none.
    pub line: u32,
    pub purpose: StatementPurpose,
    pub lock: Option<String>,
    pub relations: Vec<String>,
    pub blocks: Blocks,
    pub consequence: String,
}

/// One version that will go up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedMigration {
    pub version: Version,
    pub name: String,
    pub direction: Direction,
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
    pub environment: Option<String>,
    /// Present where the ledger has to be made first.
    pub create_ledger: Option<PlannedStatement>,
    /// Empty where there is nothing to do.
    pub steps: Vec<PlannedMigration>,
    /// What a person should know before saying yes.
    pub notices: Vec<String>,
    /// What dies with it.
    pub doomed: Vec<DoomedTable>,
}

impl MigrationPlan {
    /// What it would do, for a job's title: "Apply 3 migrations to raaf_eval".
    pub fn title(&self) -> String {
        let down = self.steps.iter().any(|step| step.direction == Direction::Down);
        let (verb, to) = if down { ("Roll back", "on") } else { ("Apply", "to") };
        let count = self.steps.len();
        let noun = if count == 1 { "migration" } else { "migrations" };
        format!("{verb} {count} {noun} {to} {}", self.database)
    }
}

/// Plans what is asked for. Only reads.
pub async fn plan_migrate(
    database: &Database,
    context: &MigrationContext,
    request: MigrationRequest,
) -> Result<MigrationPlan> {
    let mut session = database.pool().acquire().await?;
    plan_on(&mut session, &context.set, request).await
}

/// Plans on a session that may hold the locks already.
pub(super) async fn plan_on(
    session: &mut PgConnection,
    set: &MigrationSet,
    request: MigrationRequest,
) -> Result<MigrationPlan> {
    let assessment = Assessment::read(session, set).await?;
    assessment.ledger.check_usable()?;
    let chosen = choose::choose(&assessment, set, &request)?;
    let steps = statements::plan_steps(session, &chosen.steps).await?;
    let database: String =
        sqlx::query_scalar("select current_database()::text").fetch_one(&mut *session).await?;
    let create_ledger =
        (assessment.ledger.kind == LedgerKind::Missing && !steps.is_empty()).then(create_ledger);
    let mut plan = MigrationPlan {
        hash: String::new(),
        request,
        origin: set.origin().to_owned(),
        database,
        ledger: assessment.ledger.kind,
        environment: assessment.ledger.environment.clone(),
        create_ledger,
        doomed: doomed(session, &texts(&steps)).await?,
        steps,
        notices: chosen.notices,
    };
    plan.notices.extend(general_notices(&plan));
    plan.hash = plan.hash_with(&assessment.ledger.versions)?;
    Ok(plan)
}

/// A migration and the way it goes.
#[derive(Debug, Clone, Copy)]
struct Step<'a> {
    migration: &'a Migration,
    direction: Direction,
}

impl<'a> Step<'a> {
    fn script(&self) -> Result<&'a Script> {
        match self.direction {
            Direction::Up => Ok(&self.migration.up),
            Direction::Down => self.migration.down.as_ref().ok_or_else(|| irreversible(self.migration)),
        }
    }
}

fn irreversible(migration: &Migration) -> Error {
    let what = format!("{} {} cannot be taken back: it has no .down.sql", migration.version, migration.name);
    Error::new(ErrorKind::Precondition, what).hint("Write a new version that undoes it, or restore a backup.")
}

fn create_ledger() -> PlannedStatement {
    PlannedStatement {
        sql: CREATE_LEDGER.to_owned(),
        line: 0,
        purpose: StatementPurpose::Ledger,
        lock: None,
        relations: Vec::new(),
        blocks: Blocks::Nobody,
        consequence: "new table, nobody waits".to_owned(),
    }
}

fn texts(steps: &[PlannedMigration]) -> Vec<&str> {
    steps.iter().flat_map(|step| &step.statements).map(|statement| statement.sql.as_str()).collect()
}

fn general_notices(plan: &MigrationPlan) -> Vec<String> {
    let mut notices = Vec::new();
    if plan.ledger == LedgerKind::Rails && plan.steps.iter().any(|step| step.direction == Direction::Up) {
        notices.push(
            "Rails keeps this ledger too: rake db:rollback stops at a version without a Ruby file of its own.".to_owned(),
        );
    }
    let alone = plan.steps.iter().filter(|step| !step.transactional).count();
    if alone > 0 {
        let (which, broken) = match plan.steps.len() {
            1 => ("It runs".to_owned(), "it"),
            several if several == alone => ("They run".to_owned(), "one"),
            several => (format!("{alone} of {several} versions run"), "one"),
        };
        notices
            .push(format!("{which} without a transaction: if {broken} breaks off, what ran before stays."));
    }
    notices
}

impl MigrationPlan {
    /// Whether rows die with it.
    pub fn is_destructive(&self) -> bool {
        !self.doomed.is_empty()
    }

    /// How many statements it sends, the ledger's own left out.
    pub fn statement_count(&self) -> usize {
        self.steps.iter().map(|step| step.statements.len()).sum()
    }

    /// Over what decides the outcome: not over sizes, which change while a person reads.
    fn hash_with(&self, recorded: &[Version]) -> Result<String> {
        let text = serde_json::to_string(&(
            &self.database,
            &self.origin,
            &self.request,
            &self.create_ledger,
            &self.steps,
            recorded,
        ))?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

impl PlannedStatement {
    fn new(sql: String, line: u32, purpose: StatementPurpose, impact: Impact) -> Self {
        let Impact { lock, relations, blocks, consequence } = impact;
        Self { sql, line, purpose, lock, relations, blocks, consequence }
    }
}
