//! The overview and its checks against real servers.

use chrono::{DateTime, Utc};
use evaldesk_core::connection::Database;
use evaldesk_core::health::{AttentionAction, CheckState, Overview, Severity, index_sizes, overview};
use support::{any_database, empty_database, for_each_version, usual};

fn now() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

async fn read(database: &Database) -> Overview {
    overview(database, now()).await.unwrap()
}

fn state(overview: &Overview, name: &str) -> CheckState {
    overview.checks.iter().find(|check| check.name == name).unwrap().state
}

const RUNS: &str = "
    insert into evaluation_runs (id, name, status, baseline_span_id, created_at, updated_at) values
        (1, 'a', 'running', 'b', '2026-10-31 12:00', '2026-10-31 12:00'),
        (2, 'b', 'running', 'b', '2026-11-02 11:59', '2026-11-02 11:59'),
        (3, 'c', 'completed', 'b', '2026-01-01', '2026-01-01');
    insert into evaluation_configurations (id, evaluation_run_id, name, configuration_type, changes, created_at, updated_at)
        values (1, 3, 'c', 'combined', '{}', now(), now());
    insert into evaluation_results (evaluation_run_id, evaluation_configuration_id, result_span_id, status, created_at, updated_at)
        select 3, 1, 'r' || n, case when n = 1 then 'failed' else 'completed' end, now(), now() from generate_series(1, 4) n;";

#[tokio::test]
async fn the_overview_counts_and_finds_stuck_runs() {
    for_each_version(|test| async move {
        test.run(RUNS).await;
        let found = read(&test.open().await).await;
        assert_eq!((found.tables.len(), found.missing_tables.len()), (4, 0));
        assert_eq!((found.counts.runs.rows, found.counts.runs.exact), (Some(3), true));
        assert_eq!(found.counts.runs_this_week.rows, Some(2));
        assert_eq!(found.counts.results_completed_percent, Some(75.0));
        assert!(found.size_bytes.unwrap() > 0 && found.activity.max_connections > 0);
        let stuck =
            found.attention.iter().find(|item| item.action == Some(AttentionAction::ShowRuns)).unwrap();
        assert_eq!(
            (stuck.title.as_str(), stuck.object.as_ref().unwrap().name.as_str()),
            ("1 run is stuck in running", "1")
        );
        assert!(stuck.detail.contains("2 days"), "{}", stuck.detail);
        assert_eq!(state(&found, "expected indexes"), CheckState::Ok);
        assert_eq!(state(&found, "invalid indexes"), CheckState::Ok);
    })
    .await;
}

#[tokio::test]
async fn indexes_are_expected_by_definition_and_not_by_name() {
    let test = any_database().await;
    let database = test.open().await;
    test.run("alter index index_evaluation_runs_on_status rename to whatever").await;
    assert_eq!(state(&read(&database).await, "expected indexes"), CheckState::Ok);
    test.run("drop index whatever; drop index index_evaluation_spans_on_span_data").await;
    let found = read(&database).await;
    let missing = found.attention.iter().find(|item| item.action == Some(AttentionAction::Migrate)).unwrap();
    assert_eq!(missing.title, "2 expected indexes are missing");
    assert_eq!(missing.detail, "evaluation_runs (status), evaluation_spans using gin (span_data)");
}

#[tokio::test]
async fn an_index_left_invalid_is_a_failure() {
    for_each_version(|test| async move {
        test.run("create table twice (v int); insert into twice values (1), (1)").await;
        let mut session = test.session().await;
        let built =
            sqlx::raw_sql("create unique index concurrently once on twice (v)").execute(&mut session).await;
        assert!(built.is_err());
        let database = test.open().await;
        let found = read(&database).await;
        assert_eq!(state(&found, "invalid indexes"), CheckState::Failed);
        assert_eq!(found.attention[0].severity, Severity::Failed);
        assert_eq!(found.attention[0].object.as_ref().unwrap().name, "once");
        let sizes = index_sizes(&database).await.unwrap();
        let once = sizes.iter().find(|size| size.index == "once").unwrap();
        assert!(!once.valid && once.unique && once.keys == "v" && once.table == "twice");
        assert!(sizes.windows(2).all(|pair| pair[0].bytes >= pair[1].bytes));
    })
    .await;
}

#[tokio::test]
async fn a_transaction_left_open_is_seen_only_when_it_is_old() {
    let test = any_database().await;
    let mut session = test.session().await;
    sqlx::raw_sql("begin; select 1").execute(&mut session).await.unwrap();
    let found = read(&test.open().await).await;
    assert!(found.activity.idle_in_transaction.unwrap() >= 1);
    assert_eq!(state(&found, "idle in transaction"), CheckState::Ok);
}

#[tokio::test]
async fn a_database_without_the_tables_is_told_apart_from_a_healthy_one() {
    let database = empty_database(usual()).await.open().await;
    let found = read(&database).await;
    assert_eq!((found.tables.len(), found.missing_tables.len()), (0, 4));
    assert_eq!(found.attention[0].title, "The evaluation tables are missing");
    assert_eq!(state(&found, "stuck runs"), CheckState::Skipped);
    assert_eq!(state(&found, "expected indexes"), CheckState::Skipped);
    assert_eq!(found.counts.runs.rows, None);
}

#[tokio::test]
async fn what_a_role_may_not_see_is_skipped_and_not_ok() {
    let test = any_database().await;
    test.run(RUNS).await;
    let role = format!("poor_{}", test.name);
    test.run(&format!("create role \"{role}\" login password 'poor'")).await;
    let _other = test.session().await;
    let database = Database::from_url(&test.url_as(&role, "poor")).await.unwrap();
    let found = read(&database).await;
    assert_eq!(state(&found, "evaluation tables"), CheckState::Attention);
    assert_eq!(state(&found, "stuck runs"), CheckState::Skipped);
    assert_eq!(state(&found, "idle in transaction"), CheckState::Skipped);
    assert_eq!(found.activity.idle_in_transaction, None);
    assert_eq!(found.counts.results_completed_percent, None);
}
