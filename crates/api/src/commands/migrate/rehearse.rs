//! Rehearsing a plan, and what came of earlier rehearsals.

use evaldesk_core::migrate::{
    self, MigrationRequest, RehearsalMeans, RehearsalPlace, RehearsalRequest, RehearsalSummary,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::guard;
use crate::commands::{ConnectionArguments, JobStarted};
use crate::{Result, Session};

/// What to rehearse, and where. It is planned for the rehearsal: whose plan it was, its hash tells.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateRehearseArguments {
    pub connection: String,
    pub request: MigrationRequest,
    #[serde(default)]
    pub rehearsal: RehearsalRequest,
    /// The database's name: a rehearsal in production itself takes its locks for real.
    #[serde(default)]
    pub confirm: Option<String>,
}

/// Starts a rehearsal; its outcome is a `Rehearsal`.
pub async fn migrate_rehearse(session: &Session, arguments: MigrateRehearseArguments) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    let MigrateRehearseArguments { connection, request, rehearsal, confirm } = arguments;
    let context = session.migration_context(&connection)?;
    database.check_writable()?;
    let plan = migrate::plan_migrate(&database, &context, request).await?;
    if rehearsal.place == RehearsalPlace::Here {
        guard::production(&database, plan.environment.as_deref(), confirm.as_deref())?;
    }
    let title = format!("Rehearse: {}", plan.title());
    let means =
        RehearsalMeans { tools: session.local().client_tools(), folder: session.folder().join("migrations") };
    let target = database.clone();
    let job = session.start_job("migrate_rehearse", title, Some(&database), |job| async move {
        migrate::rehearse(&target, &context, &plan, &rehearsal, &means, &job).await
    })?;
    Ok(JobStarted { job })
}

/// Lists what was rehearsed on a database, newest first.
pub async fn migrate_rehearsal_list(
    session: &Session,
    arguments: ConnectionArguments,
) -> Result<Vec<RehearsalSummary>> {
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::rehearsals(&arguments.open(session).await?, &context).await?)
}
