//! Mending what a state complains of, each by its own verb.

use evaldesk_core::migrate::log::EntryId;
use evaldesk_core::migrate::{self, Needed, RepairPlan, RepairVerb, Version};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::guard;
use crate::commands::ConnectionArguments;
use crate::{Result, Session};

/// Which version, and how.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateRepairArguments {
    pub connection: String,
    pub version: Version,
    pub verb: RepairVerb,
}

/// A plan that was shown. One with a request of its own is applied as a migration instead.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrateRepairApplyArguments {
    pub connection: String,
    pub plan: RepairPlan,
    /// Why, for the log.
    #[serde(default)]
    pub reason: Option<String>,
    /// The database's name, on production.
    #[serde(default)]
    pub confirm: Option<String>,
}

/// The log's entry that tells of a repair.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RepairApplied {
    pub entry: EntryId,
}

/// Lists what needs a decision, and which verbs mend it.
pub async fn migrate_repair_list(session: &Session, arguments: ConnectionArguments) -> Result<Vec<Needed>> {
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::repairs(&arguments.open(session).await?, &context).await?)
}

/// Plans a repair. Only reads.
pub async fn migrate_repair_plan(session: &Session, arguments: MigrateRepairArguments) -> Result<RepairPlan> {
    let database = session.database(&arguments.connection).await?;
    let context = session.migration_context(&arguments.connection)?;
    Ok(migrate::plan_repair(&database, &context, &arguments.version, arguments.verb).await?)
}

/// Applies a repair that writes no more than the ledger, the log and a file.
pub async fn migrate_repair_apply(
    session: &Session,
    arguments: MigrateRepairApplyArguments,
) -> Result<RepairApplied> {
    let MigrateRepairApplyArguments { connection, plan, reason, confirm } = arguments;
    let database = session.database(&connection).await?;
    let context = session.migration_context(&connection)?;
    database.check_writable()?;
    guard::whatever_is_planned(&database, &context, confirm.as_deref()).await?;
    let applied = migrate::apply_repair(&database, &context, &plan, reason.as_deref()).await;
    let told = applied.as_ref().map_or_else(ToString::to_string, |_| "ok".to_owned());
    let target = format!("{}: {}", database.profile().name, database.profile().database);
    session.record("migrate_repair_apply", Some(target), &plan.title(), &told);
    Ok(RepairApplied { entry: applied? })
}
