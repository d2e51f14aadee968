//! Runs, results and spans as they are read from real servers, in every dialect and every dirty state.

use chrono::{DateTime, Utc};
use evaldesk_core::ErrorKind;
use evaldesk_core::RowId;
use evaldesk_core::connection::Database;
use evaldesk_core::eval::{
    CountMethod, Direction, Outcome, ResultFlag, ResultQuery, RunQuery, RunRow, RunSort, Verdict, result,
    results, run, run_facets, runs, span, span_tree,
};
use support::{TestDatabase, any_database, empty_database, for_each_version, usual};

/// One run for each outcome, results in three dialects and odd JSON.
const ROWS: &str = r#"
insert into evaluation_runs (id, name, status, baseline_span_id, initiated_by, metadata, started_at, completed_at,
    created_at, updated_at)
values
    (1, 'refund: ended', 'completed', 'base-a', 'ci', '{"tags":["nightly", 7, "v6"]}', '2026-11-01 10:00:00',
        '2026-11-01 10:00:02.5', '2026-11-01 10:00', '2026-11-01 10:01'),
    (2, 'refund: some failed', 'completed', 'base-c', 'ci', null, null, null, '2026-11-01 11:00', '2026-11-01 11:01'),
    (3, 'refund: all failed', 'completed', 'gone', null, '[]', null, null, '2026-11-01 12:00', '2026-11-01 12:01'),
    (4, '100%_odd', 'running', 'base-a', 'ci', '{}', null, null, '2026-11-01 13:00', '2026-11-01 13:01'),
    (5, 'live', 'running', 'base-a', 'ci', '{}', null, null, '2026-11-02 11:00', '2026-11-02 11:50'),
    (6, 'waits', 'pending', 'base-a', 'ci', '{}', null, null, '2026-11-02 11:00', '2026-11-02 11:00'),
    (7, 'broke', 'failed', 'base-a', 'ci', '{}', null, null, '2026-11-02 11:00', '2026-11-02 11:00'),
    (8, 'stopped', 'cancelled', 'base-a', 'ci', '{}', null, null, '2026-11-02 11:00', '2026-11-02 11:00'),
    (9, 'strange', 'archived', 'base-a', 'ci', '{}', null, null, '2026-11-02 11:00', '2026-11-02 11:00');
insert into evaluation_configurations (id, evaluation_run_id, name, configuration_type, changes, execution_order,
    created_at, updated_at)
values
    (1, 1, 'mini', 'combined', '{"model":"gpt-4o-mini","provider":"openai","parameters":{"temperature":0}}', 1, now(), now()),
    (2, 1, 'odd', 'whatever', '["not","an","object"]', 0, now(), now()),
    (3, 2, 'flat', 'parameter_change', '{"temperature":0.2}', 0, now(), now()),
    (4, 3, 'x', 'model_change', '{"model":"m"}', 0, now(), now());
insert into evaluation_spans (span_id, trace_id, parent_span_id, span_type, span_data, source, evaluation_run_id,
    created_at, updated_at)
values
    ('base-a', 'trace', null, 'agent', '{"agent_name":"RefundAgent","model":"gpt-4o","instructions":"Be kind.",
        "parameters":{"temperature":0.7},"provider_details":{"provider":"openai"},
        "input_messages":[{"role":"user","content":"Where?"}],
        "output_messages":[{"role":"assistant","content":"Soon."}],
        "metadata":{"tokens":300,"latency_ms":1450}}', 'evaluation_run', null, '2026-11-01', '2026-11-01'),
    ('base-c', 'trace', 'base-a', 'agent', '{"agent_name":"BillingAgent","metadata":{"model":"gpt-4o",
        "messages":[{"role":"user","content":[{"type":"text","text":"Split it"}]}],"output":"Done.",
        "usage":{"total_tokens":440}}}', 'production', null, '2026-11-02', '2026-11-02'),
    ('res-1', 'other', null, 'agent', '{"output_messages":[{"role":"user","content":"Where?"},
        {"role":"assistant","content":"It was sent Monday."}]}', 'evaluation_run', 1, now(), now()),
    ('list', 'cycle', 'list', 'tool', '[1, 2]', 'manual_upload', null, now(), now());
insert into evaluation_results (id, evaluation_run_id, evaluation_configuration_id, result_span_id, status,
    token_metrics, latency_metrics, ai_comparison, ai_comparison_status, baseline_comparison, error_message,
    created_at, updated_at)
values
    (1, 1, 1, 'res-1', 'completed',
        '{"baseline":{"total":300},"result":{"total":330},"percentage_change":10}',
        '{"baseline_ms":1450,"result_ms":1160}',
        '{"semantic_similarity_score":0.8,"coherence_score":0.9,"tone_consistency":0.8,"factuality_score":0.9}',
        'completed', '{"quality_score_delta":0.03,"regression_detected":true,"quality_change":"improved"}', null, now(), now()),
    (2, 1, 1, 'lost', 'completed',
        '{"total_tokens":360,"input_tokens":1}', '{"total_ms":1000}',
        '{"semantic_similarity_score":0.5,"coherence_score":0.5,"tone_consistency":0.5,"factuality_score":0.5,
          "hallucination_detected":false,"bias_detected":{"gender":false}}',
        'completed', '{"token_delta":60}', null, now(), now()),
    (3, 1, 2, 'lost-2', 'completed',
        '{"result_total_tokens":270,"baseline_total_tokens":0}', '{"result_ms":0,"baseline_ms":1450,"percentage_change":-100}',
        null, null, '"text"', null, now(), now()),
    (4, 2, 3, 'lost-3', 'running', '[]', 'null', '{"status":"skipped","reason":"off"}', null, null, null, now(), now()),
    (5, 2, 3, 'lost-4', 'failed', null, '7', '{}', 'failed', '{}', E'\nRateLimitError: 429\n  at x.rb:1', now(), now()),
    (6, 2, 3, 'lost-5', 'completed', '{"result":{"total":"many"}}', '{"result_latency_ms":1e300}', '{}', null, '{}',
        null, now(), now()),
    (7, 3, 4, 'lost-6', 'failed', '{}', '{}', '{}', null, '{}', 'boom', now(), now()),
    (8, 3, 1, 'lost-7', 'error', '{}', '{}', '{}', null, '{}', null, now(), now());
"#;

fn now() -> DateTime<Utc> {
    "2026-11-02T12:00:00Z".parse().unwrap()
}

async fn filled(test: &TestDatabase) -> Database {
    test.run(ROWS).await;
    test.open().await
}

async fn list(database: &Database, query: &RunQuery) -> Vec<RunRow> {
    runs(database, query, now()).await.unwrap().runs
}

fn ids(rows: &[RunRow]) -> Vec<i64> {
    rows.iter().map(|row| row.id.0).collect()
}

#[tokio::test]
async fn every_outcome_is_derived_and_the_filter_keeps_to_the_same_rule() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        let rows =
            list(&database, &RunQuery { sort: RunSort::Id, ascending: true, ..RunQuery::default() }).await;
        let expected = [
            Outcome::Completed,
            Outcome::PartlyFailed,
            Outcome::AllFailed,
            Outcome::Stuck,
            Outcome::Running,
            Outcome::Pending,
            Outcome::Failed,
            Outcome::Cancelled,
            Outcome::Unknown,
        ];
        assert_eq!(rows.iter().map(|row| row.outcome).collect::<Vec<_>>(), expected);
        for row in &rows {
            let query = RunQuery { outcomes: vec![row.outcome], ..RunQuery::default() };
            let page = runs(&database, &query, now()).await.unwrap();
            assert_eq!(ids(&page.runs), [row.id.0], "{:?}", row.outcome);
            assert_eq!((page.total.count, page.total.method), (Some(1), CountMethod::Exact));
        }
        let both = RunQuery { outcomes: vec![Outcome::Unknown, Outcome::Stuck], ..RunQuery::default() };
        assert_eq!(list(&database, &both).await.len(), 2);
        let facets = run_facets(&database, now(), None).await.unwrap();
        assert_eq!(facets.outcome.values.len(), 9);
        assert!(facets.agent.values.iter().any(|found| found.value.as_deref() == Some("BillingAgent")));
    })
    .await;
}

#[tokio::test]
async fn three_dialects_come_to_one_mean_and_what_was_not_measured_is_set_aside() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        let detail = run(&database, RowId(1), now(), None).await.unwrap();
        let measures = &detail.row.measures;
        assert_eq!((measures.results, measures.results_completed, measures.results_failed), (3, 3, 0));
        assert!((measures.score_mean.unwrap() - 0.85).abs() < 1e-9);
        assert_eq!((measures.score_count, measures.score_set_aside), (1, 1));
        assert_eq!(measures.verdict, Some(Verdict::Improved));
        assert_eq!((measures.tokens_mean, measures.tokens_count), (Some(320.0), 3));
        // 330 + 360 against 300 + 300; the third has no baseline.
        assert!((measures.tokens_delta_percent.unwrap() - 15.0).abs() < 1e-9);
        assert_eq!((measures.latency_p50_ms, measures.latency_count), (Some(1160.0), 1));
        assert_eq!(measures.latency_not_measured, 2);
        assert_eq!(measures.latency_delta_ms, Some(-290.0));
        assert!((measures.latency_delta_percent.unwrap() + 20.0).abs() < 1e-9);
        assert_eq!(detail.row.duration_ms, Some(2_500));
        assert_eq!(detail.row.tags, ["nightly", "v6"]);
    })
    .await;
}

#[tokio::test]
async fn a_run_names_its_baseline_and_what_each_configuration_changes() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        let detail = run(&database, RowId(1), now(), None).await.unwrap();
        assert!(detail.baseline.found);
        assert_eq!(detail.baseline.agent.as_deref(), Some("RefundAgent"));
        assert_eq!((detail.baseline.tokens, detail.baseline.latency_ms), (Some(300.0), Some(1450.0)));
        assert_eq!(detail.also_about_baseline.len(), 6);
        let names: Vec<_> = detail.configurations.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["odd", "mini"]);
        assert!(detail.configurations[0].changes.is_empty());
        let changes = &detail.configurations[1].changes;
        let told: Vec<_> =
            changes.iter().map(|one| (one.key.as_str(), one.before.as_deref(), one.after.as_str())).collect();
        // jsonb keeps its keys by length.
        assert_eq!(
            told,
            [
                ("model", Some("gpt-4o"), "gpt-4o-mini"),
                ("provider", Some("openai"), "openai"),
                ("parameters.temperature", Some("0.7"), "0"),
            ]
        );
        assert!(changes[1].same && changes[1].ignored_by_engine);
        assert_eq!(detail.configurations[1].scores.len(), 1);
        let lost = run(&database, RowId(3), now(), None).await.unwrap();
        assert!(!lost.baseline.found);
        assert!(lost.outcome_reason.contains("failed"), "{}", lost.outcome_reason);
    })
    .await;
}

#[tokio::test]
async fn either_name_of_the_changes_column_is_read() {
    let test = any_database().await;
    let database = filled(&test).await;
    test.run("alter table evaluation_configurations rename column changes to configuration_changes").await;
    let detail = run(&database, RowId(2), now(), None).await.unwrap();
    assert_eq!(detail.configurations[0].changes[0].key, "temperature");
}

#[tokio::test]
async fn results_carry_their_warnings_and_not_their_json() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        let page = results(&database, &ResultQuery::of(RowId(1))).await.unwrap();
        let flags: Vec<_> = page.results.iter().map(|row| row.flags.clone()).collect();
        assert_eq!(flags[0], [ResultFlag::RegressionDetected]);
        assert_eq!(
            flags[1],
            [ResultFlag::LatencyNotMeasured, ResultFlag::JudgeUnparsed, ResultFlag::SpanMissing]
        );
        assert_eq!(
            flags[2],
            [ResultFlag::LatencyNotMeasured, ResultFlag::SpanMissing, ResultFlag::MalformedMetrics]
        );
        assert_eq!(page.results[0].output_excerpt.as_deref(), Some("It was sent Monday."));
        assert_eq!((page.results[1].repetition, page.results[2].latency_ms), (2, None));
        let page = results(&database, &ResultQuery::of(RowId(2))).await.unwrap();
        assert!(page.results[0].flags.contains(&ResultFlag::LeftRunning));
        assert!(page.results[0].flags.contains(&ResultFlag::JudgeSkipped));
        assert_eq!(page.results[1].error_line.as_deref(), Some("RateLimitError: 429"));
        assert_eq!((page.results[2].tokens, page.results[2].latency_ms), (None, None));
        let page = results(&database, &ResultQuery::of(RowId(3))).await.unwrap();
        assert!(page.results[1].flags.contains(&ResultFlag::OtherRunsConfiguration));
        assert!(page.results[1].flags.contains(&ResultFlag::UnknownStatus));
        let first = ResultQuery { limit: Some(1), ..ResultQuery::of(RowId(1)) };
        let next = results(&database, &first).await.unwrap().next;
        let rest =
            ResultQuery { after: next, statuses: vec!["completed".into()], ..ResultQuery::of(RowId(1)) };
        assert_eq!(results(&database, &rest).await.unwrap().results.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_result_shows_every_column_as_it_is_stored() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        let detail = result(&database, RowId(5)).await.unwrap();
        assert_eq!(detail.metrics.len(), 8);
        assert_eq!((detail.metrics[0].json.as_deref(), detail.metrics[0].empty), (None, true));
        assert_eq!(detail.metrics[1].json_type.as_deref(), Some("number"));
        assert!(detail.error_message.unwrap().contains("x.rb"));
        assert_eq!(detail.configuration_name.as_deref(), Some("flat"));
        assert_eq!(result(&database, RowId(99)).await.unwrap_err().kind(), ErrorKind::NotFound);
    })
    .await;
}

#[tokio::test]
async fn a_span_is_a_conversation_in_every_dialect() {
    for_each_version(|test| async move {
        let database = filled(&test).await;
        for (id, asked, answered) in [("base-a", "Where?", "Soon."), ("base-c", "Split it", "Done.")] {
            let found = span(&database, id).await.unwrap();
            let told: Vec<_> = found.messages.iter().map(|message| message.content.as_str()).collect();
            assert_eq!((told, found.input_messages), (vec![asked, answered], 1));
            assert_eq!(found.model.as_deref(), Some("gpt-4o"));
        }
        let odd = span(&database, "list").await.unwrap();
        assert_eq!((odd.messages.len(), odd.json_type.as_str()), (0, "array"));
        assert_eq!(span(&database, "gone").await.unwrap_err().kind(), ErrorKind::NotFound);
        let tree = span_tree(&database, "trace").await.unwrap();
        let told: Vec<_> = tree.nodes.iter().map(|node| (node.span_id.as_str(), node.depth)).collect();
        assert_eq!(told, [("base-a", 0), ("base-c", 1)]);
        assert_eq!(tree.nodes[1].tokens, Some(440.0));
        assert!(span_tree(&database, "cycle").await.unwrap().nodes[0].in_cycle);
    })
    .await;
}

#[tokio::test]
async fn pages_meet_without_a_gap_in_every_order() {
    let test = any_database().await;
    let database = filled(&test).await;
    for sort in [RunSort::Created, RunSort::Name, RunSort::Id] {
        for ascending in [false, true] {
            let whole = RunQuery { sort, ascending, ..RunQuery::default() };
            let all = ids(&list(&database, &whole).await);
            let (mut seen, mut cursor, mut back) = (Vec::new(), None, None);
            loop {
                let query = RunQuery { cursor, limit: Some(2), ..whole.clone() };
                let page = runs(&database, &query, now()).await.unwrap();
                seen.extend(ids(&page.runs));
                back = page.newer.clone().or(back);
                cursor = page.older;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, all, "{sort:?} {ascending}");
            let query = RunQuery { cursor: back, direction: Direction::Newer, limit: Some(2), ..whole };
            assert_eq!(ids(&list(&database, &query).await), all[6..8], "{sort:?} {ascending}");
        }
    }
}

#[tokio::test]
async fn the_filter_takes_signs_for_signs() {
    let test = any_database().await;
    let database = filled(&test).await;
    let search = async |text: &str| {
        ids(&list(&database, &RunQuery { search: Some(text.into()), ..RunQuery::default() }).await)
    };
    assert_eq!(search("100%_").await, [4]);
    assert_eq!(search("REFUND").await, [3, 2, 1]);
    assert_eq!(search("#7").await, [7]);
    assert!(search("' or true --").await.is_empty());
    let since = RunQuery { created_since: Some("2026-11-02T13:00:00+02:00".into()), ..RunQuery::default() };
    assert_eq!(list(&database, &since).await.len(), 5);
    let agent = RunQuery { agents: vec!["BillingAgent".into()], ..RunQuery::default() };
    assert_eq!(ids(&list(&database, &agent).await), [2]);
    let bad = RunQuery { created_since: Some("yesterday-ish".into()), ..RunQuery::default() };
    assert_eq!(runs(&database, &bad, now()).await.unwrap_err().kind(), ErrorKind::InvalidArguments);
}

#[tokio::test]
async fn a_database_without_the_tables_says_so() {
    let database = empty_database(usual()).await.open().await;
    let error = runs(&database, &RunQuery::default(), now()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition);
    assert!(error.hint_text().unwrap().contains("migrations"));
}
