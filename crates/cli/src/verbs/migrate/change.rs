//! The verbs that change a schema: plan, show, ask, apply.

use std::path::Path;

use evaldesk_api::Result;
use evaldesk_api::commands::{MigrateApplyArguments, migrate_apply};
use evaldesk_api::core::migrate::{Direction, MigrationPlan, MigrationRequest};

use super::arguments::Way;
use super::plan::plan;
use super::twins;
use crate::verbs::Context;
use crate::{confirm, follow, print};

/// A verb as it was typed.
pub(super) async fn run(context: &Context, way: &Way) -> Result<()> {
    twins::check(way.write_ruby())?;
    request(context, way.request(), way.write_ruby()).await
}

/// What is asked for, with the folder where each version is written for rake too.
pub(super) async fn request(context: &Context, request: MigrationRequest, ruby: Option<&Path>) -> Result<()> {
    let plan = plan(context, request).await?;
    if plan.steps.is_empty() {
        print::migrate::notices(&plan);
        print::note("Nothing to do.");
        return if context.common.json { print::json(&plan) } else { Ok(()) };
    }
    ask(context, &plan)?;
    apply(context, plan, ruby).await
}

/// Before a question, what it is about. Where data dies the facade asks for the database's name instead.
fn ask(context: &Context, plan: &MigrationPlan) -> Result<()> {
    let down = plan.steps.iter().any(|step| step.direction == Direction::Down);
    if !down {
        print::migrate::notices(plan);
        return Ok(());
    }
    print::migrate::plan_notes(plan);
    if plan.is_destructive() { Ok(()) } else { confirm::ask(&context.common, &format!("{}?", plan.title())) }
}

async fn apply(context: &Context, plan: MigrationPlan, ruby: Option<&Path>) -> Result<()> {
    let arguments = MigrateApplyArguments {
        connection: context.connection()?,
        plan: plan.clone(),
        confirm: context.common.confirm.clone(),
    };
    let started = migrate_apply(&context.session, arguments).await?;
    twins::tell(&plan, ruby, "Written for rake too:");
    let outcome = follow::follow(&context.session, &started.job).await?;
    if context.common.json {
        return print::json(&outcome);
    }
    print::migrate::outcome(&follow::read(outcome)?);
    Ok(())
}
