//! Migrations: status, plan, apply; each further subject in a file of its own.

mod after;
mod diff;
mod files;
mod log;
mod matrix;
mod verify;

use evaldesk_core::migrate::{
    self, Doomed, MigrationPlan, MigrationRequest, MigrationSource, MigrationState, MigrationStatus, Version,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use diff::*;
pub use files::*;
pub use log::*;
pub use matrix::*;
pub use verify::*;

use super::confirm::{require_on_production, require_where_data_dies, require_where_rails_says_production};
use super::{ConnectionArguments, JobStarted};
use crate::{Result, Session};

/// What to plan.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigratePlanArguments {
    pub connection: String,
    pub request: MigrationRequest,
}

/// A plan that was shown, and on production the database's name as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateApplyArguments {
    pub connection: String,
    pub plan: MigrationPlan,
    #[serde(default)]
    pub confirm: Option<String>,
}

/// Which migration's files.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateSourceArguments {
    pub connection: String,
    pub version: Version,
}

/// Tells which migrations are up.
pub async fn migrate_status(session: &Session, arguments: ConnectionArguments) -> Result<MigrationStatus> {
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::migration_status(&arguments.open(session).await?, &context).await?)
}

/// Reads the files of one migration.
pub async fn migrate_source(session: &Session, arguments: MigrateSourceArguments) -> Result<MigrationSource> {
    Ok(session.migration_context(&arguments.connection)?.set.source(&arguments.version)?)
}

/// Plans up or down, and says what another connection has to have first. Only reads.
pub async fn migrate_plan(session: &Session, arguments: MigratePlanArguments) -> Result<MigrationPlan> {
    let database = session.database(&arguments.connection).await?;
    let context = session.migration_context(&arguments.connection)?;
    let mut plan = migrate::plan_migrate(&database, &context, arguments.request).await?;
    after::flag(session, &arguments.connection, &mut plan).await;
    Ok(plan)
}

/// Starts what the plan says.
pub async fn migrate_apply(session: &Session, arguments: MigrateApplyArguments) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let plan = arguments.plan;
    database.check_writable()?;
    require_on_production(&database, arguments.confirm.as_deref())?;
    require_where_rails_says_production(
        &database,
        plan.environment.as_deref(),
        arguments.confirm.as_deref(),
    )?;
    if let Some(dies) = doomed(&plan) {
        require_where_data_dies(&database, arguments.confirm.as_deref(), &dies)?;
    }
    after::require(session, &arguments.connection, &plan).await?;
    let title = plan.title();
    let context = session.migration_context(&arguments.connection)?;
    let target = database.clone();
    let job = session.start_job("migrate_apply", title, Some(&database), |job| async move {
        migrate::apply_migrate(&target, &context, &plan, &job).await
    })?;
    Ok(JobStarted { job })
}

/// Whether a version of this state is in effect: others may rely on it.
fn is_in_effect(state: &MigrationState) -> bool {
    state.is_in_effect()
}

fn doomed(plan: &MigrationPlan) -> Option<String> {
    let data = plan.doomed.iter().filter(|doomed| doomed.kind.is_data());
    let things: Vec<String> = data.map(Doomed::in_words).collect();
    (!things.is_empty()).then(|| things.join(", "))
}
