//! Taking over a database that another tool has migrated.

use evaldesk_core::migrate::{self, AdoptPlan};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::guard;
use crate::commands::{ConnectionArguments, JobStarted};
use crate::{Result, Session};

/// A plan that was shown.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateAdoptArguments {
    pub connection: String,
    pub plan: AdoptPlan,
    /// The database's name, on production.
    #[serde(default)]
    pub confirm: Option<String>,
}

/// Looks what others have applied, and which versions of ours stand there. Changes nothing in the database itself; versions
/// that nothing else proves are run in a scratch database beside it, which is dropped again.
pub async fn migrate_adopt_plan(session: &Session, arguments: ConnectionArguments) -> Result<AdoptPlan> {
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::plan_adopt(&arguments.open(session).await?, &context).await?)
}

/// Starts to write the versions down that the plan binds; its outcome is an `AdoptOutcome`.
pub async fn migrate_adopt_apply(session: &Session, arguments: MigrateAdoptArguments) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let MigrateAdoptArguments { connection, plan, confirm } = arguments;
    let context = session.migration_context(&connection)?;
    database.check_writable()?;
    guard::whatever_is_planned(&database, &context, confirm.as_deref()).await?;
    let title = format!("Adopt {} migrations of {}", plan.binds(), plan.database);
    let target = database.clone();
    let job = session.start_job("migrate_adopt_apply", title, Some(&database), |job| async move {
        migrate::apply_adopt(&target, &context, &plan, &job).await
    })?;
    Ok(JobStarted { job })
}
