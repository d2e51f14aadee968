//! Maintenance of tables: plan, show, apply.

use evaldesk_core::maintenance::{self, VacuumPlan, VacuumRequest};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobStarted;
use super::confirm::require_on_production;
use crate::{Result, Session};

/// Which tables to vacuum and analyze.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MaintenancePlanArguments {
    pub connection: String,
    #[serde(default)]
    pub request: VacuumRequest,
}

/// A plan that was shown, and on production the database's name as it was typed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MaintenanceApplyArguments {
    pub connection: String,
    pub plan: VacuumPlan,
    #[serde(default)]
    pub confirm: Option<String>,
}

/// Plans VACUUM, ANALYZE or both. Only reads.
pub async fn maintenance_plan(session: &Session, arguments: MaintenancePlanArguments) -> Result<VacuumPlan> {
    let database = session.database(&arguments.connection).await?;
    Ok(maintenance::plan_vacuum(&database, arguments.request).await?)
}

/// Starts what the plan says.
pub async fn maintenance_apply(
    session: &Session,
    arguments: MaintenanceApplyArguments,
) -> Result<JobStarted> {
    let database = session.database(&arguments.connection).await?;
    require_on_production(&database, arguments.confirm.as_deref())?;
    database.check_writable()?;
    let plan = arguments.plan;
    let title = plan.title();
    let target = database.clone();
    let job = session.start_job("maintenance_apply", title, Some(&database), |job| async move {
        maintenance::apply_vacuum(&target, &plan, &job).await
    })?;
    Ok(JobStarted { job })
}
