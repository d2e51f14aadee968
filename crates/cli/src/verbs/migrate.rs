//! `evaldesk migrate`

use clap::Subcommand;
use evaldesk_api::Result;
use evaldesk_api::commands::{
    MigrateApplyArguments, MigratePlanArguments, migrate_apply, migrate_plan, migrate_status,
};
use evaldesk_api::core::migrate::{
    MigrationPlan, MigrationRequest, MigrationState, PlannedMigration, Version,
};

use super::Context;
use crate::print::{self, Align, Table};
use crate::{confirm, follow};

#[derive(Subcommand)]
pub(crate) enum Migrate {
    /// Tell which migrations are up
    Status,
    /// Apply what is pending, or one version (the only way to an opt-in one)
    Up { version: Option<String> },
    /// Roll one version back, and before it whatever stands on it
    Down { version: String },
    /// Show the SQL of what is pending, its locks and their consequences
    Plan,
}

pub(crate) async fn run(context: &Context, verb: Migrate) -> Result<()> {
    match verb {
        Migrate::Status => status(context).await,
        Migrate::Up { version: None } => apply(context, MigrationRequest::Up).await,
        Migrate::Up { version: Some(version) } => {
            apply(context, MigrationRequest::UpOnly { version: Version::new(version) }).await
        }
        Migrate::Down { version } => {
            apply(context, MigrationRequest::Down { version: Version::new(version) }).await
        }
        Migrate::Plan => {
            let plan = plan(context, MigrationRequest::Up).await?;
            if context.common.json { print::json(&plan) } else { show(&plan) }
        }
    }
}

async fn status(context: &Context) -> Result<()> {
    let status = migrate_status(&context.session, context.target()?).await?;
    if context.common.json {
        return print::json(&status);
    }
    let mut table =
        Table::new(&["Status", "Migration ID", "Migration name", "Note"].map(|head| (head, Align::Left)));
    for row in status.migrations {
        let name = row.name.unwrap_or_else(|| "********** NO FILE **********".to_owned());
        table.row([
            word(row.state).to_owned(),
            row.version.as_str().to_owned(),
            name,
            row.note.unwrap_or_default(),
        ]);
    }
    table.print();
    print::note(&format!("{} pending", status.pending));
    Ok(())
}

/// As Rails spells them.
fn word(state: MigrationState) -> &'static str {
    match state {
        MigrationState::Up => "up",
        MigrationState::Down => "down",
        MigrationState::NoFile => "NO FILE",
        MigrationState::Conflict => "CONFLICT",
        MigrationState::OptIn => "opt-in",
    }
}

async fn plan(context: &Context, request: MigrationRequest) -> Result<MigrationPlan> {
    let arguments = MigratePlanArguments { connection: context.connection()?, request };
    migrate_plan(&context.session, arguments).await
}

async fn apply(context: &Context, request: MigrationRequest) -> Result<()> {
    let dies = matches!(request, MigrationRequest::Down { .. });
    let plan = plan(context, request).await?;
    plan.notices.iter().for_each(|notice| print::note(notice));
    if plan.steps.is_empty() {
        print::note("Nothing to do.");
        return if context.common.json { print::json(&plan) } else { Ok(()) };
    }
    if dies {
        // Before a question, what it is about: no part of the result.
        plan.steps.iter().for_each(|step| print::note(&described(step)));
    }
    if dies && plan.doomed.is_empty() {
        confirm::ask(&context.common, &format!("{}?", plan.title()))?;
    }
    let arguments = MigrateApplyArguments {
        connection: context.connection()?,
        plan,
        confirm: context.common.confirm.clone(),
    };
    let started = migrate_apply(&context.session, arguments).await?;
    let outcome = follow::follow(&context.session, &started.job).await?;
    if context.common.json {
        return print::json(&outcome);
    }
    status(context).await
}

fn show(plan: &MigrationPlan) -> Result<()> {
    if plan.steps.is_empty() {
        print::note("Nothing to do.");
    }
    plan.steps.iter().for_each(|step| print::line(&described(step)));
    Ok(())
}

fn described(step: &PlannedMigration) -> String {
    let direction = format!("{:?}", step.direction).to_lowercase();
    let mut text = format!("-- {} {} ({direction})", step.version.as_str(), step.name);
    for statement in &step.statements {
        let lock = statement.lock.as_deref().unwrap_or("no lock");
        text.push_str(&format!("\n{}\n--   {lock}: {}", statement.sql.trim(), statement.consequence));
    }
    text
}
