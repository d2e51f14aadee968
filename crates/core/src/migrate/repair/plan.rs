//! What a repair would do: the statements, the files, and what a person should know.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use ts_rs::TS;

use super::RepairVerb;
use super::choose::{Chosen, choose};
use crate::Result;
use crate::connection::Database;
use crate::migrate::assess::Assessment;
use crate::migrate::log::LogPlace;
use crate::migrate::{LedgerKind, MigrationContext, MigrationRequest, Version};

/// A file that would be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "RepairedFile")]
pub struct FileWrite {
    #[ts(type = "string")]
    pub path: PathBuf,
    pub text: String,
}

/// What a repair would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepairPlan {
    pub hash: String,
    pub version: Version,
    pub name: Option<String>,
    pub verb: RepairVerb,
    pub database: String,
    /// What it comes to, in one sentence.
    pub outcome: String,
    /// Present for a half that is resumed or undone: that is planned and applied as a migration.
    pub request: Option<MigrationRequest>,
    /// What makes the ledger or the schema `evaldesk` first, where they are missing.
    pub prepare: Vec<String>,
    /// What changes the ledger.
    pub statements: Vec<String>,
    pub files: Vec<FileWrite>,
    /// Where the decision is written down.
    pub log_place: LogPlace,
    /// What a person should know before saying yes.
    pub notices: Vec<String>,
}

/// Plans a repair. Only reads.
///
/// # Errors
/// `Precondition` where the verb does not fit the version's state, `Refused` where consent is missing, `NotFound` where
/// the log does not have what it takes.
pub async fn plan_repair(
    database: &Database,
    context: &MigrationContext,
    version: &Version,
    verb: RepairVerb,
) -> Result<RepairPlan> {
    let mut session = database.pool().acquire().await?;
    Ok(plan_on(&mut session, context, version, verb).await?.0)
}

/// Plans on a session that may hold the locks already. What is chosen is what runs.
pub(super) async fn plan_on(
    session: &mut PgConnection,
    context: &MigrationContext,
    version: &Version,
    verb: RepairVerb,
) -> Result<(RepairPlan, Chosen)> {
    let assessment = Assessment::read(session, context).await?;
    let chosen = choose(session, context, &assessment, version, verb).await?;
    let database = sqlx::query_scalar("select current_database()::text").fetch_one(session).await?;
    let mut plan = RepairPlan {
        hash: String::new(),
        version: version.clone(),
        name: chosen.name.clone(),
        verb,
        database,
        outcome: chosen.outcome.clone(),
        request: chosen.request.clone(),
        prepare: chosen.prepare.iter().map(ToString::to_string).collect(),
        statements: chosen.writes.iter().map(ToString::to_string).collect(),
        files: chosen.files.clone(),
        log_place: log_place(context, &assessment),
        notices: chosen.notices.clone(),
    };
    plan.notices.extend(production(&assessment));
    plan.hash = plan.sum()?;
    Ok((plan, chosen))
}

/// With consent the schema is made first, and the log is in it.
fn log_place(context: &MigrationContext, assessment: &Assessment<'_>) -> LogPlace {
    if context.own_schema { LogPlace::Database } else { assessment.log_place }
}

fn production(assessment: &Assessment<'_>) -> Option<String> {
    let rails = assessment.ledger.kind == LedgerKind::Rails;
    let environment = assessment.ledger.environment.as_deref().filter(|_| rails)?;
    crate::migrate::status::is_production(environment)
        .then(|| "Rails wrote down that this is a database of production.".to_owned())
}

impl RepairPlan {
    /// What it would do, for a job's title or an audit line: "Strike 20251106000001 create_tables".
    pub fn title(&self) -> String {
        let name = self.name.as_deref().map_or(String::new(), |name| format!(" {name}"));
        format!("Repair {}{name}: {}", self.version, self.verb)
    }

    fn sum(&self) -> Result<String> {
        let text = serde_json::to_string(&(
            &self.database,
            &self.version,
            self.verb,
            &self.request,
            (&self.prepare, &self.statements, &self.files, self.log_place),
        ))?;
        Ok(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }
}
