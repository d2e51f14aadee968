//! Databases that other tools have migrated: found by shape, taken over without a statement that changes a schema.

mod others;
mod rails;
mod real_tools;
mod traced;

use evaldesk_core::catalog::fingerprint::quick_fingerprint;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    AdoptOutcome, AdoptPlan, AdoptVerdict, FoundTool, MigrationContext, Version, apply_adopt, detect,
    plan_adopt,
};
use support::{TestDatabase, fresh_database};

/// The evaluation tables are there, and nobody has written anything down.
async fn unrecorded(major: u32) -> TestDatabase {
    let test = fresh_database(major).await;
    test.run("drop table schema_migrations").await;
    test
}

fn with_consent() -> MigrationContext {
    MigrationContext { own_schema: true, ..MigrationContext::embedded().unwrap() }
}

async fn tools(test: &TestDatabase) -> Vec<FoundTool> {
    detect(&test.open().await).await.unwrap()
}

async fn plan(test: &TestDatabase, context: &MigrationContext) -> AdoptPlan {
    plan_adopt(&test.open().await, context).await.unwrap()
}

async fn adopt(test: &TestDatabase, context: &MigrationContext) -> AdoptOutcome {
    let database = test.open().await;
    let plan = plan_adopt(&database, context).await.unwrap();
    apply_adopt(&database, context, &plan, &JobContext::detached()).await.unwrap()
}

/// Every row of a table, as one text.
async fn rows(test: &TestDatabase, table: &str) -> String {
    test.value(&format!("select jsonb_agg(to_jsonb(t) order by t::text) from {table} as t"))
        .await
        .unwrap_or_default()
}

async fn schema(test: &TestDatabase) -> String {
    quick_fingerprint(&mut test.session().await).await.unwrap()
}

fn verdict<'a>(plan: &'a AdoptPlan, version: &str) -> &'a AdoptVerdict {
    let version = Version::new(version);
    &plan.versions.iter().find(|one| one.version == version).unwrap().verdict
}
