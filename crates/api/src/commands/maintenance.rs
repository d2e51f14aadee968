//! Maintenance of tables: plan, show, apply.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, Environment};
use evaldesk_core::maintenance::{self, VacuumPlan, VacuumRequest};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::JobStarted;
use crate::{ErrorReport, Result, Session};

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
    require_confirmation(&database, arguments.confirm.as_deref())?;
    database.check_writable()?;
    let plan = arguments.plan;
    let title = plan.title();
    let target = database.clone();
    let job = session.start_job("maintenance_apply", title, Some(&database), |job| async move {
        maintenance::apply_vacuum(&target, &plan, &job).await
    })?;
    Ok(JobStarted { job })
}

/// Production asks for its database's name, typed.
pub(crate) fn require_confirmation(database: &Database, typed: Option<&str>) -> Result<()> {
    let profile = database.profile();
    if profile.environment != Environment::Production || typed == Some(profile.database.as_str()) {
        return Ok(());
    }
    let message = match typed {
        None => format!("{} is production: its name is asked for", profile.name),
        Some(typed) => format!("{typed} is not the name of the database, which is {}", profile.database),
    };
    Err(ErrorReport::new(ErrorKind::Refused, message).hint(format!(
        "Type {} to confirm; on the command line --confirm {}.",
        profile.database, profile.database
    )))
}
