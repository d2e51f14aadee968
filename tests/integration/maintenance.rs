//! Vacuum and analyze on real servers: what it cleans, who it waits for, how it ends when asked to.

use std::sync::Arc;
use std::time::Duration;

use evaldesk_core::catalog::TableName;
use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::job::{JobContext, JobRecord, JobRegistry, JobRequest, JobState};
use evaldesk_core::maintenance::{
    SkipReason, VacuumPlan, VacuumRequest, VacuumWork, apply_vacuum, apply_vacuum_analyze, plan_vacuum,
    plan_vacuum_analyze,
};
use evaldesk_core::{ErrorKind, QualifiedName};
use support::{TestDatabase, any_database, for_each_version};

const RUNS: &str = "insert into evaluation_runs (name, baseline_span_id, created_at, updated_at)
    select 'run ' || n, 's' || n, now(), now() from generate_series(1, 2000) as n";

async fn all_four(database: &Database) -> VacuumPlan {
    plan_vacuum_analyze(database, Vec::new()).await.unwrap()
}

async fn runs_alone(database: &Database) -> VacuumPlan {
    plan_vacuum_analyze(database, vec![QualifiedName::new("public", "evaluation_runs")]).await.unwrap()
}

/// Starts the plan as a job of a registry that keeps every change.
fn start(database: &Database, plan: VacuumPlan, folder: &std::path::Path) -> (JobRegistry, String) {
    let clock = Arc::new(FixedClock("2026-01-01T00:00:00Z".parse().unwrap()));
    let registry = JobRegistry::new(folder, clock, Arc::new(|_| {}));
    let request = JobRequest {
        kind: "maintenance_apply".into(),
        title: "Vacuum".into(),
        connection_id: None,
        database: Some(database.clone()),
    };
    let database = database.clone();
    let id = registry
        .start(request, |job| async move { apply_vacuum_analyze(&database, &plan, &job).await })
        .unwrap();
    (registry, id)
}

/// Waits until a job says something, and gives what it said.
async fn until(registry: &JobRegistry, id: &str, says: impl Fn(&JobRecord) -> bool) -> JobRecord {
    for _ in 0..100 {
        let record = registry.get(id).unwrap();
        if says(&record) {
            return record;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job never said it: {:?}", registry.get(id));
}

#[tokio::test]
async fn dead_rows_are_cleaned_and_counted_before_and_after() {
    for_each_version(|test| async move {
        test.run(RUNS).await;
        test.run("delete from evaluation_runs where id % 2 = 0").await;
        let database = test.open().await;
        let outcome = apply_vacuum_analyze(&database, &all_four(&database).await, &JobContext::detached())
            .await
            .unwrap();
        assert_eq!(outcome.tables.len(), 4);
        let runs = &outcome.tables[0];
        assert_eq!(runs.table, TableName::new("public", "evaluation_runs"));
        assert!(runs.bytes_before.unwrap() > 0 && runs.skipped.is_none());
        assert_eq!(runs.dead_after, Some(0));
        let planned = runs_alone(&database).await;
        assert!(planned.steps[0].last_vacuum.is_some() && planned.steps[0].last_analyze.is_some());
        assert_eq!(planned.steps[0].live_rows, Some(1000));
    })
    .await;
}

#[tokio::test]
async fn the_plan_shows_the_statements_and_that_nobody_waits() {
    let test = any_database().await;
    let planned = all_four(&test.open().await).await;
    let statements: Vec<_> = planned.work().map(|(_, sql)| sql.to_owned()).collect();
    assert_eq!(statements[0], r#"vacuum (analyze) "public"."evaluation_runs""#);
    assert_eq!(statements.len(), 4);
    assert!(planned.steps.iter().all(|step| step.consequence == "reads and writes go on"));
}

#[tokio::test]
async fn each_work_is_its_own_statement() {
    for_each_version(|test| async move {
        let database = test.open().await;
        for work in [VacuumWork::Vacuum, VacuumWork::Analyze] {
            let planned = plan_vacuum(&database, VacuumRequest { tables: Vec::new(), work }).await.unwrap();
            apply_vacuum(&database, &planned, &JobContext::detached()).await.unwrap();
        }
        let counts = "select vacuum_count || ' ' || analyze_count from pg_stat_user_tables where relname = 'evaluation_spans'";
        assert_eq!(test.value(counts).await.as_deref(), Some("1 1"));
    })
    .await;
}

#[tokio::test]
async fn what_the_role_may_not_vacuum_is_skipped_with_why() {
    for_each_version(|test| async move {
        let role = format!("reader_{}", test.major);
        test.run(&format!(
            "create role {role} login password 'p'; grant select on all tables in schema public to {role}"
        ))
        .await;
        let database = Database::from_url(&test.url_as(&role, "p")).await.unwrap();
        let planned = all_four(&database).await;
        let denied = SkipReason::NotPermitted { owner: "postgres".into() };
        assert!(planned.steps.iter().all(|step| step.skip == Some(denied.clone()) && step.sql.is_none()));
        let outcome = apply_vacuum_analyze(&database, &planned, &JobContext::detached()).await.unwrap();
        assert!(outcome.tables[0].skipped.as_deref().unwrap().contains("belongs to postgres"));
        if test.major >= 17 {
            test.run(&format!("grant maintain on evaluation_runs to {role}")).await;
            assert_eq!(all_four(&database).await.work().count(), 1);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_or_no_table_is_said() {
    let test = any_database().await;
    test.run("create view a_view as select 1 as one").await;
    let names = vec![QualifiedName::new("public", "nothing"), QualifiedName::new("public", "a_view")];
    let planned = plan_vacuum_analyze(&test.open().await, names).await.unwrap();
    assert_eq!(planned.steps[0].skip, Some(SkipReason::Missing));
    assert_eq!(planned.steps[1].skip, Some(SkipReason::NotATable));
}

#[tokio::test]
async fn odd_names_and_partitions_are_vacuumed_too() {
    for_each_version(|test| async move {
        test.run(
            r#"create table "Odd ""name" (id int) partition by range (id);
            create table part partition of "Odd ""name" for values from (0) to (1000);
            insert into "Odd ""name" select n from generate_series(1, 500) as n"#,
        )
        .await;
        let database = test.open().await;
        let planned =
            plan_vacuum_analyze(&database, vec![QualifiedName::new("public", "Odd \"name")]).await.unwrap();
        assert!(planned.steps[0].bytes.unwrap() > 0);
        apply_vacuum_analyze(&database, &planned, &JobContext::detached()).await.unwrap();
        assert_eq!(
            test.value("select reltuples from pg_class where relname = 'part'").await.as_deref(),
            Some("500")
        );
    })
    .await;
}

#[tokio::test]
async fn a_wait_for_a_lock_names_who_and_cancel_ends_it() {
    for_each_version(|test| async move {
        let database = test.open().await;
        let mut other = test.session().await;
        sqlx::raw_sql("set application_name = 'loader'; begin; lock table evaluation_runs in share mode")
            .execute(&mut other)
            .await
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (registry, id) = start(&database, runs_alone(&database).await, folder.path());
        let waiting =
            until(&registry, &id, |record| record.progress.phase.contains("waiting for a lock")).await;
        let detail = waiting.progress.detail.unwrap();
        assert!(detail.contains("(postgres, loader, idle in transaction) since 2"), "{detail}");
        registry.cancel(&id).await.unwrap();
        let ended = registry.wait(&id).await.unwrap();
        assert_eq!(ended.state, JobState::Cancelled);
        assert_eq!(working(&test).await, "0");
    })
    .await;
}

/// How many sessions still vacuum in this database.
async fn working(test: &TestDatabase) -> String {
    let sql = "select count(*) from pg_stat_activity where datname = current_database() and query like 'vacuum%' and state = 'active'";
    test.value(sql).await.unwrap()
}

#[tokio::test]
async fn the_servers_phase_and_blocks_are_told_and_cancel_reaches_it() {
    for_each_version(|test| async move {
        test.run("create table big as select n as id, repeat('x', 200) as filler from generate_series(1, 200000) as n").await;
        // A slow vacuum: it naps after every few blocks. The setting of the database reaches the worker's session.
        test.run(&format!(
            "alter database \"{}\" set vacuum_cost_delay = 100; alter database \"{}\" set vacuum_cost_limit = 50",
            test.name, test.name
        ))
        .await;
        let database = test.open().await;
        let planned = plan_vacuum_analyze(&database, vec![QualifiedName::new("public", "big")]).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (registry, id) = start(&database, planned.clone(), folder.path());
        let told = until(&registry, &id, |record| record.progress.done.is_some_and(|done| done > 0)).await;
        assert_eq!(told.progress.phase, "big (1 of 1): scanning heap");
        assert!(told.progress.total.unwrap() > 4000);
        assert_eq!(told.progress.unit.as_deref(), Some("blocks"));
        let second = plan_vacuum_analyze(&database, vec![QualifiedName::new("public", "big")]).await.unwrap();
        assert!(matches!(second.steps[0].skip, Some(SkipReason::BeingVacuumed { .. })));
        let stale = apply_vacuum_analyze(&database, &planned, &JobContext::detached()).await.unwrap_err();
        assert_eq!(stale.kind(), ErrorKind::StalePlan);
        registry.cancel(&id).await.unwrap();
        assert_eq!(registry.wait(&id).await.unwrap().state, JobState::Cancelled);
        assert_eq!(working(&test).await, "0");
    })
    .await;
}

#[tokio::test]
async fn cancel_reaches_the_server_without_a_registry_too() {
    let test = any_database().await;
    let database = test.open().await;
    let mut other = test.session().await;
    sqlx::raw_sql("begin; lock table evaluation_runs in share mode").execute(&mut other).await.unwrap();
    let job = JobContext::detached();
    let (planned, cancel) = (runs_alone(&database).await, job.clone());
    let canceller = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(500)).await;
        cancel.cancel();
    });
    let error = apply_vacuum_analyze(&database, &planned, &job).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    canceller.await.unwrap();
}

#[tokio::test]
async fn a_statement_slipped_into_a_plan_is_not_run() {
    let test = any_database().await;
    let database = test.open().await;
    let mut planned = runs_alone(&database).await;
    planned.steps[0].sql = Some("drop table evaluation_runs cascade".to_owned());
    apply_vacuum_analyze(&database, &planned, &JobContext::detached()).await.unwrap();
    assert_eq!(test.count("evaluation_runs").await, 0);
}

#[tokio::test]
async fn a_read_only_connection_vacuums_nothing() {
    let test = any_database().await;
    let mut parsed = parse_url(&test.url).unwrap();
    parsed.profile.read_only = true;
    let database = Database::open(&parsed.profile, parsed.password.as_ref()).await.unwrap();
    let planned = all_four(&database).await;
    let error = apply_vacuum_analyze(&database, &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}
