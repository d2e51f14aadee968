//! The demo history on real servers: it fits both schemas, repeats itself, appends, refuses, and leaves nothing behind
//! when it is cancelled.

use std::sync::Arc;

use evaldesk_core::ErrorKind;
use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::demo::{DemoOptions, DemoOutcome, DemoPlan, apply_demo, load_demo, plan_demo};
use evaldesk_core::job::{JobContext, JobRegistry, JobRequest, JobState};
use support::{TestDatabase, any_database, empty_database, for_each_version, usual};

fn options(runs: u32, results: u32) -> DemoOptions {
    DemoOptions { runs, results, ..DemoOptions::new("2025-11-20T14:30:00Z".parse().unwrap()) }
}

async fn load(database: &Database, options: &DemoOptions) -> DemoOutcome {
    load_demo(database, options, &JobContext::detached()).await.unwrap()
}

/// Everything in the four tables, in one hash.
async fn contents(test: &TestDatabase) -> Vec<Option<String>> {
    let mut hashes = Vec::new();
    for table in ["evaluation_runs", "evaluation_spans", "evaluation_configurations", "evaluation_results"] {
        hashes.push(
            test.value(&format!("select md5(string_agg(md5(t::text), '' order by id)) from {table} t")).await,
        );
    }
    hashes
}

#[tokio::test(flavor = "multi_thread")]
async fn it_loads_on_every_version_what_it_says_and_moves_the_sequences_on() {
    for_each_version(|test| async move {
        let database = test.open().await;
        let outcome = load(&database, &options(60, 600)).await;
        assert_eq!((outcome.runs, outcome.results), (60, 600));
        assert_eq!(test.count("evaluation_runs").await, 60);
        assert_eq!(test.count("evaluation_results").await, 600);
        assert_eq!(test.count("evaluation_spans").await as u64, outcome.spans);
        assert_eq!(test.count("evaluation_configurations").await as u64, outcome.configurations);
        let next = "insert into evaluation_runs (name, baseline_span_id, created_at, updated_at)
            values ('mine', 's', now(), now())";
        test.run(next).await;
        assert_eq!(test.value("select max(id) from evaluation_runs").await.as_deref(), Some("61"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_seed_writes_the_same_rows_into_two_databases() {
    let (one, two) = (any_database().await, any_database().await);
    load(&one.open().await, &options(30, 200)).await;
    load(&two.open().await, &options(30, 200)).await;
    assert_eq!(contents(&one).await, contents(&two).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_that_are_there_are_refused_and_appended_to_when_told() {
    let test = any_database().await;
    let database = test.open().await;
    load(&database, &options(20, 100)).await;
    let error = load_demo(&database, &options(20, 100), &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(error.hint_text().unwrap().contains("--append"));
    load(&database, &DemoOptions { append: true, ..options(20, 100) }).await;
    assert_eq!(test.count("evaluation_runs").await, 40);
    let repeated = "select count(*) - count(distinct span_id) from evaluation_spans";
    assert_eq!(test.value(repeated).await.as_deref(), Some("0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn either_name_of_the_changes_column_will_do() {
    let test = any_database().await;
    let old = test
        .value("select count(*) from pg_attribute where attrelid = 'evaluation_configurations'::regclass and attname = 'changes'")
        .await;
    let (from, to) = if old.as_deref() == Some("1") {
        ("changes", "configuration_changes")
    } else {
        ("configuration_changes", "changes")
    };
    test.run(&format!("alter table evaluation_configurations rename column {from} to {to}")).await;
    load(&test.open().await, &options(10, 50)).await;
    let models =
        test.value(&format!("select count(*) > 0 from evaluation_configurations where {to} ? 'model'")).await;
    assert_eq!(models.as_deref(), Some("true"));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_which_tables_are_missing_and_changes_nothing_on_a_read_only_connection() {
    let empty = empty_database(usual()).await;
    let error = plan_demo(&empty.open().await, &options(10, 50)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(
        error.message().contains("evaluation_spans") && error.hint_text().unwrap().contains("migrate up")
    );

    let test = any_database().await;
    let parsed = parse_url(&test.url).unwrap();
    let profile = evaldesk_core::connection::ConnectionProfile { read_only: true, ..parsed.profile };
    let database = Database::open(&profile, parsed.password.as_ref()).await.unwrap();
    let error = load_demo(&database, &options(10, 50), &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_only_reads_survives_the_wire_and_is_stopped_by_runs_that_came_meanwhile() {
    let test = any_database().await;
    let database = test.open().await;
    let plan = plan_demo(&database, &options(10, 50)).await.unwrap();
    assert_eq!(test.count("evaluation_runs").await, 0);
    assert!(plan.statements.iter().any(|text| text.starts_with("copy \"evaluation_results\"")));
    let wired: DemoPlan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
    assert_eq!(apply_demo(&database, &wired, &JobContext::detached()).await.unwrap().results, 50);
    let error = apply_demo(&database, &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_halfway_it_leaves_nothing_and_the_next_load_succeeds() {
    let test = any_database().await;
    let database = test.open().await;
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock("2026-01-01T00:00:00Z".parse().unwrap()));
    let (halfway, told) = tokio::sync::mpsc::unbounded_channel();
    let registry =
        JobRegistry::new(folder.path(), clock, Arc::new(move |record| drop(halfway.send(record.clone()))));
    let request = JobRequest {
        kind: "demo_load".into(),
        title: "Load demo data".into(),
        connection_id: None,
        database: Some(database.clone()),
    };
    let working = database.clone();
    let id = registry
        .start(request, |job| async move { load_demo(&working, &options(100, 200_000), &job).await })
        .unwrap();
    until_rows(told).await;
    registry.cancel(&id).await.unwrap();
    assert_eq!(registry.wait(&id).await.unwrap().state, JobState::Cancelled);
    for table in ["evaluation_runs", "evaluation_spans", "evaluation_configurations", "evaluation_results"] {
        assert_eq!(test.count(table).await, 0, "{table}");
    }
    assert_eq!(load(&database, &options(10, 50)).await.results, 50);
}

async fn until_rows(mut told: tokio::sync::mpsc::UnboundedReceiver<evaldesk_core::job::JobRecord>) {
    while let Some(record) = told.recv().await {
        assert!(!record.state.is_final(), "{record:?}");
        if record.progress.done.is_some_and(|done| done > 0) {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_default_history_holds_every_dirty_state_and_what_analysts_look_for() {
    let test = any_database().await;
    let outcome = load(&test.open().await, &options(300, 6_000)).await;
    assert!(outcome.dirt.iter().all(|dirt| dirt.count > 0), "{:?}", outcome.dirt);
    for (found, query) in [
        ("5", RUNS_WITH_DANGLING_BASELINE),
        ("30", ORPHAN_SPANS),
        ("30", RESULTS_OF_ANOTHER_RUN),
        ("true", FLASH_REGRESSION),
        ("true", BILLING_JUMP),
        ("true", DEEP_AND_WIDE_TRACES),
        ("true", LONG_CONVERSATIONS),
        ("3", METRIC_DIALECTS),
    ] {
        assert_eq!(test.value(query).await.as_deref(), Some(found), "{query}");
    }
}

const RUNS_WITH_DANGLING_BASELINE: &str = "select count(*) from evaluation_runs r
    where not exists (select from evaluation_spans s where s.span_id = r.baseline_span_id)";
const ORPHAN_SPANS: &str = "select count(*) from evaluation_spans s where s.evaluation_run_id is null
    and not exists (select from evaluation_runs r where r.baseline_span_id = s.span_id)
    and not exists (select from evaluation_results r where r.result_span_id = s.span_id)";
const RESULTS_OF_ANOTHER_RUN: &str = "select count(*) from evaluation_results r
    join evaluation_configurations c on c.id = r.evaluation_configuration_id
    where c.evaluation_run_id <> r.evaluation_run_id";
const FLASH_REGRESSION: &str =
    "select avg(score) filter (where at < '2025-10-06') - avg(score) filter (where at >= '2025-10-06') > 0.1
    from (select r.created_at as at, (r.ai_comparison ->> 'semantic_similarity_score')::numeric as score
      from evaluation_results r join evaluation_configurations c on c.id = r.evaluation_configuration_id
      where c.name = 'gemini-2.5-flash' and r.ai_comparison_status = 'completed') scored";
const BILLING_JUMP: &str = "select avg(n) filter (where at >= '2025-10-21') / avg(n) filter (where at < '2025-10-21') > 1.5
    from (select created_at as at, (span_data #>> '{metadata,input_tokens}')::numeric as n from evaluation_spans
      where span_data ->> 'agent_name' = 'BillingAgent' and evaluation_run_id is null) spans";
const DEEP_AND_WIDE_TRACES: &str = "with recursive tree as (
      select span_id, trace_id, 1 as depth from evaluation_spans where parent_span_id is null
      union all
      select s.span_id, s.trace_id, tree.depth + 1 from evaluation_spans s join tree on s.parent_span_id = tree.span_id)
    select bool_or(depth >= 6 and spans >= 40)
    from (select max(depth) as depth, count(*) as spans from tree group by trace_id) traces";
const LONG_CONVERSATIONS: &str = "select count(*) > 10 from evaluation_spans
    where jsonb_typeof(span_data -> 'input_messages') = 'array' and jsonb_array_length(span_data -> 'input_messages') >= 30";
const METRIC_DIALECTS: &str = "select (bool_or(latency_metrics ? 'result_ms'))::int
      + (bool_or(latency_metrics ? 'total_time_ms'))::int + (bool_or(latency_metrics ? 'result_latency_ms'))::int
    from evaluation_results";
