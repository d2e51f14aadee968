//! `evaldesk migrate adopt`: a plan, and with `--apply` its rows.

use evaldesk_api::ErrorReport;
use evaldesk_api::Result;
use evaldesk_api::commands::{MigrateAdoptArguments, migrate_adopt_apply, migrate_adopt_plan};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::migrate::{AdoptOutcome, AdoptPlan};

use crate::verbs::Context;
use crate::{confirm, follow, print};

pub(super) async fn run(context: &Context, apply: bool) -> Result<()> {
    let plan = migrate_adopt_plan(&context.session, context.target()?).await?;
    if !apply {
        return context.show(&plan, print::migrate::adopt);
    }
    if let Some(why) = &plan.blocked {
        return Err(ErrorReport::new(ErrorKind::Refused, why.clone()));
    }
    if plan.binds() == 0 {
        print::note("Nothing to write down: no version that is not recorded stands here.");
        return context.show(&plan, |_| ());
    }
    ask(context, &plan)?;
    let arguments = MigrateAdoptArguments {
        connection: context.connection()?,
        plan,
        confirm: context.common.confirm.clone(),
    };
    let started = migrate_adopt_apply(&context.session, arguments).await?;
    let outcome: AdoptOutcome = follow::read(follow::follow(&context.session, &started.job).await?)?;
    context.show(&outcome, |outcome| {
        let bound: Vec<_> = outcome.bound.iter().map(ToString::to_string).collect();
        print::note(&format!("Written down, nothing was run: {}.", bound.join(", ")));
    })
}

fn ask(context: &Context, plan: &AdoptPlan) -> Result<()> {
    plan.makes_ledger.iter().chain(&plan.records).for_each(|statement| print::note(&print::tame(statement)));
    confirm::ask(&context.common, &format!("Write {} versions down in {}?", plan.binds(), plan.database))
}
