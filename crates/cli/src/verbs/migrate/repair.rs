//! `evaldesk migrate repair`: what needs a decision, and one decision: plan, ask, apply.

use clap::Args;
use evaldesk_api::commands::{
    MigrateRepairApplyArguments, MigrateRepairArguments, migrate_repair_apply, migrate_repair_list,
    migrate_repair_plan,
};
use evaldesk_api::core::migrate::{RepairPlan, RepairVerb, Version};
use evaldesk_api::{MigrationWishes, Result};

use super::arguments::Manner;
use super::change;
use crate::verbs::Context;
use crate::{confirm, print};

/// Which version, and how.
#[derive(Args)]
pub(super) struct Repair {
    /// The version; without one, everything that needs a decision is listed
    version: Option<String>,
    /// resume, undo, accept-change, accept-order, forget, restore-file, strike, release or record
    verb: Option<String>,
    /// Why, for the log
    #[arg(long, value_name = "REASON", requires = "verb")]
    because: Option<String>,
    #[command(flatten)]
    manner: Manner,
}

impl Repair {
    pub(super) fn wishes(&self) -> MigrationWishes {
        self.manner.wishes()
    }
}

pub(super) async fn run(context: &Context, repair: Repair) -> Result<()> {
    let (Some(version), Some(verb)) = (&repair.version, &repair.verb) else {
        return list(context, repair.version).await;
    };
    let verb: RepairVerb = verb.parse()?;
    let arguments =
        MigrateRepairArguments { connection: context.connection()?, version: Version::new(version), verb };
    let plan = migrate_repair_plan(&context.session, arguments).await?;
    match plan.request.clone() {
        // What is left of a version runs as a migration: with its own plan, locks and questions.
        Some(request) => change::request(context, request, None).await,
        None => apply(context, plan, repair.because).await,
    }
}

/// What needs a decision; of one version, where that is named without a verb.
async fn list(context: &Context, version: Option<String>) -> Result<()> {
    let mut needed = migrate_repair_list(&context.session, context.target()?).await?;
    if let Some(version) = version.map(Version::new) {
        needed.retain(|one| one.version == version);
    }
    context.show(&needed, |needed| print::migrate::needed(needed))
}

async fn apply(context: &Context, plan: RepairPlan, reason: Option<String>) -> Result<()> {
    print::migrate::repair(&plan);
    confirm::ask(&context.common, &format!("{} on {}?", plan.title(), plan.database))?;
    let arguments = MigrateRepairApplyArguments {
        connection: context.connection()?,
        plan,
        reason,
        confirm: context.common.confirm.clone(),
    };
    let applied = migrate_repair_apply(&context.session, arguments).await?;
    context.show(&applied, |applied| {
        print::note(&format!("Done. `evaldesk migrate log {}` tells of it.", applied.entry));
    })
}
