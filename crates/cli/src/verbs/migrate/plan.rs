//! `evaldesk migrate plan`.

use clap::ValueEnum;
use evaldesk_api::Result;
use evaldesk_api::commands::{MigratePlanArguments, migrate_plan};
use evaldesk_api::core::migrate::{MigrationPlan, MigrationRequest};

use super::arguments::Way;
use super::twins;
use crate::print;
use crate::verbs::Context;

/// How a plan is printed.
#[derive(Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A line a statement
    #[default]
    Table,
    /// The statements whole, what they do as comments
    Sql,
    /// The plan as the window has it
    Json,
}

pub(super) async fn run(context: &Context, way: Option<Way>, format: Format) -> Result<()> {
    let request = way.as_ref().map_or(MigrationRequest::Up, Way::request);
    let ruby = way.as_ref().and_then(Way::write_ruby);
    twins::check(ruby)?;
    let plan = plan(context, request).await?;
    match format {
        Format::Json => print::json(&plan),
        Format::Sql => context.show(&plan, print::migrate::plan_sql),
        Format::Table => context.show(&plan, print::migrate::plan),
    }?;
    twins::tell(&plan, ruby, "It would be written for rake too:");
    Ok(())
}

/// The plan for a request.
pub(super) async fn plan(context: &Context, request: MigrationRequest) -> Result<MigrationPlan> {
    let arguments = MigratePlanArguments { connection: context.connection()?, request };
    migrate_plan(&context.session, arguments).await
}
