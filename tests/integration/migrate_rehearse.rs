//! Rehearsals against real servers: what is measured is what the server does, and the plan foresaw it.

mod copy;
mod locks;
mod run;

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationPlan, MigrationRequest, MigrationSet, Rehearsal, RehearsalMeans,
    RehearsalRequest, plan_migrate, rehearse,
};

/// One migration of these statements.
fn context(up: &str) -> MigrationContext {
    let set = MigrationSet::from_files("test", [("1_a.up.sql", up.as_bytes())]).unwrap();
    MigrationContext::new(set)
}

async fn planned(database: &Database, context: &MigrationContext) -> MigrationPlan {
    plan_migrate(database, context, MigrationRequest::Up).await.unwrap()
}

async fn rehearsed(database: &Database, up: &str) -> Rehearsal {
    let context = context(up);
    let plan = planned(database, &context).await;
    let request = RehearsalRequest::default();
    let done =
        rehearse(database, &context, &plan, &request, &RehearsalMeans::default(), &JobContext::detached())
            .await;
    done.unwrap_or_else(|error| panic!("{up}: {error}"))
}
