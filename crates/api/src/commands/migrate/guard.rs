//! What has to be typed before a schema changes.

use evaldesk_core::connection::Database;
use evaldesk_core::migrate::{self, Doomed, MigrationContext, MigrationPlan};

use crate::Result;
use crate::commands::confirm::{
    require_on_production, require_where_data_dies, require_where_rails_says_production,
};

/// Production is what the profile says, or what Rails wrote down.
pub(super) fn production(database: &Database, environment: Option<&str>, typed: Option<&str>) -> Result<()> {
    require_on_production(database, typed)?;
    require_where_rails_says_production(database, environment, typed)
}

/// Production, for what has no plan with an environment in it: the database is asked.
pub(super) async fn whatever_is_planned(
    database: &Database,
    context: &MigrationContext,
    typed: Option<&str>,
) -> Result<()> {
    let status = migrate::migration_status(database, context).await?;
    production(database, status.environment.as_deref(), typed)
}

/// Production, and whatever dies with a plan, asks for the database's name.
pub(super) fn plan(database: &Database, plan: &MigrationPlan, typed: Option<&str>) -> Result<()> {
    production(database, plan.environment.as_deref(), typed)?;
    match doomed(plan) {
        Some(dies) => require_where_data_dies(database, typed, &dies),
        None => Ok(()),
    }
}

fn doomed(plan: &MigrationPlan) -> Option<String> {
    let data = plan.doomed.iter().filter(|doomed| doomed.kind.is_data());
    let things: Vec<String> = data.map(Doomed::in_words).collect();
    (!things.is_empty()).then(|| things.join(", "))
}
