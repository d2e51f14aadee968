//! Migrations: status, plan, apply; each further subject in a file of its own.

mod adopt;
mod after;
mod diff;
mod drift;
mod files;
mod guard;
mod lint;
mod log;
pub(super) mod matrix;
mod rehearse;
mod repair;
mod verify;

use evaldesk_core::migrate::{
    self, MigrationLockHolder, MigrationPlan, MigrationRequest, MigrationSource, MigrationStatus, Version,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use adopt::*;
pub use diff::*;
pub use drift::*;
pub use files::*;
pub use lint::*;
pub use log::*;
pub use matrix::*;
pub use rehearse::*;
pub use repair::*;
pub use verify::*;

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

/// Tells which migrations are up. What was seen is kept for the matrix.
pub async fn migrate_status(session: &Session, arguments: ConnectionArguments) -> Result<MigrationStatus> {
    let context = session.migration_context(&arguments.connection)?;
    let database = arguments.open(session).await?;
    let status = migrate::migration_status(&database, &context).await?;
    matrix::seen::keep_status(session, database.profile(), &status);
    Ok(status)
}

/// Tells who migrates a database right now: the small part of the status that changes by itself.
pub async fn migrate_lock(
    session: &Session,
    arguments: ConnectionArguments,
) -> Result<Option<MigrationLockHolder>> {
    Ok(migrate::migration_lock_holder(&arguments.open(session).await?).await?)
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
    session.keep_plan(&arguments.connection, &plan);
    Ok(plan)
}

/// Starts what the plan says.
pub async fn migrate_apply(session: &Session, arguments: MigrateApplyArguments) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let plan = arguments.plan;
    database.check_writable()?;
    let context = session.migration_context(&arguments.connection)?;
    // What dies and where is asked of the database, not of what came over the wire, its hash included.
    let known = if session.made_plan(&arguments.connection, &plan) {
        plan.clone()
    } else {
        migrate::plan_migrate(&database, &context, plan.request.clone()).await?
    };
    guard::plan(&database, &known, arguments.confirm.as_deref())?;
    after::require(session, &arguments.connection, &known).await?;
    let title = known.title();
    files::write_twins(session, &context.set, &known)?;
    let target = database.clone();
    let job = session.start_job("migrate_apply", title, Some(&database), |job| async move {
        migrate::apply_migrate(&target, &context, &plan, &job).await
    })?;
    Ok(JobStarted { job })
}
