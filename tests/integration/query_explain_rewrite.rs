//! Rewrites on the demo's evaluation data: each gives the rows of what it stands for, and is served by the GIN index.

use evaldesk_core::connection::Database;
use evaldesk_core::demo::{DemoOptions, load_demo};
use evaldesk_core::job::JobContext;
use evaldesk_core::query::QueryParameter;
use evaldesk_core::query::explain::{
    ExplainCheck, ExplainReply, ExplainReport, ExplainRequest, ExplainRewrite, explain,
};
use support::{TestDatabase, for_each_version};

/// The demo, in which no table counts as small.
async fn demo(test: &TestDatabase) -> Database {
    let database = test.open().await;
    let begins = DemoOptions::new("2025-11-20T14:30:00Z".parse().unwrap());
    let options = DemoOptions { runs: 60, results: 1_500, ..begins };
    load_demo(&database, &options, &JobContext::detached()).await.unwrap();
    // The index of a small table, or for most of its rows, would be passed over: it is the condition that is looked at here.
    for setting in
        ["min_parallel_table_scan_size = 0", "enable_seqscan = off", "max_parallel_workers_per_gather = 0"]
    {
        test.run(&format!("alter database \"{}\" set {setting}", test.name)).await;
    }
    test.run("analyze").await;
    test.open().await
}

async fn asked(database: &Database, sql: &str, value: Option<&str>) -> ExplainReport {
    let parameters =
        value.map(|value| QueryParameter { name: "1".to_owned(), value: Some(value.to_owned()) });
    let request = ExplainRequest {
        text: sql.to_owned(),
        analyze: true,
        parameters: parameters.into_iter().collect(),
        ..ExplainRequest::default()
    };
    match explain(database, &request).await.unwrap() {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

/// The ids that a statement gives, its parameter written into it.
async fn ids(test: &TestDatabase, sql: &str, value: Option<&str>) -> String {
    let sql = sql.replace("$1", &format!("'{}'", value.unwrap_or_default()));
    test.value(&format!("select coalesce(array_agg(id order by id)::text, 'none') from ({sql}) as found"))
        .await
        .unwrap()
}

/// The rewrite of a statement, proven: it gives the same ids as the statement, and some.
async fn proven(test: &TestDatabase, database: &Database, sql: &str, value: Option<&str>) -> ExplainRewrite {
    let report = asked(database, sql, value).await;
    let rewrite = report.rewrite.unwrap_or_else(|| panic!("{}: none of {sql}\n{}", test.major, report.text));
    assert!(matches!(rewrite.check, ExplainCheck::Same { rows: 1.. }), "{}: {rewrite:?}", test.major);
    let (one, other) = (ids(test, sql, value).await, ids(test, &rewrite.sql, value).await);
    assert!(one == other && one != "none", "{}: {sql} and {}", test.major, rewrite.sql);
    let gain = rewrite.gain.as_ref().unwrap();
    let served = &gain.shown.plan;
    assert!(gain.measured.is_some() && served.execution_ms.is_some(), "{}: {}", test.major, rewrite.sql);
    assert!(
        served.nodes.iter().any(|node| node.kind == "Bitmap Index Scan"),
        "{}: {}",
        test.major,
        rewrite.sql
    );
    rewrite
}

#[tokio::test]
async fn values_parameters_lists_and_keys_are_asked_of_the_index() {
    for_each_version(|test| async move {
        let database = demo(&test).await;
        let model = test.value("select span_data ->> 'model' from evaluation_spans where span_data ->> 'model' is not null limit 1");
        let model = model.await.unwrap();
        let total = "select token_metrics -> 'result' ->> 'total' from evaluation_results \
                     where jsonb_typeof(token_metrics -> 'result' -> 'total') = 'number' limit 1";
        let total = test.value(total).await.unwrap();
        let cases = [
            ("evaluation_spans", format!("span_data ->> 'model' = '{model}'"), None, "\"model\": \""),
            ("evaluation_spans", "span_data ->> 'model' = $1".to_owned(), Some(model.as_str()), "to_jsonb($1::text)"),
            ("evaluation_spans", format!("span_data ->> 'model' in ('{model}', 'none')"), None, " or "),
            ("evaluation_spans", "span_data ->> 'model' is not null".to_owned(), None, " ? 'model'"),
            ("evaluation_spans", "span_data -> 'parameters' ->> 'temperature' is not null".to_owned(), None, "? 'parameters' and"),
            ("evaluation_results", "baseline_comparison ->> 'regression_detected' = 'true'".to_owned(), None, ": true"),
            ("evaluation_results", "baseline_comparison ->> 'regression_detected' = $1".to_owned(), Some("true"), "text::boolean"),
            ("evaluation_results", "(baseline_comparison ->> 'regression_detected')::boolean".to_owned(), None, ": true"),
            ("evaluation_results", "(baseline_comparison ->> 'regression_detected')::boolean = true".to_owned(), None, ": true"),
            ("evaluation_results", "(baseline_comparison ->> 'regression_detected')::boolean is true".to_owned(), None, ": true"),
            ("evaluation_results", "baseline_comparison -> 'regression_detected' = 'true'::jsonb".to_owned(), None, ": true"),
            ("evaluation_results", format!("(token_metrics -> 'result' ->> 'total')::int = {total}"), None, ": {\"total\": "),
            ("evaluation_results", "(token_metrics -> 'result' ->> 'total')::int = $1".to_owned(), Some(total.as_str()), "$1::int"),
            ("evaluation_results", format!("token_metrics -> 'result' ->> 'total' = '{total}'"), None, ": {\"total\": "),
        ];
        for (table, condition, value, expected) in cases {
            let sql = format!("select id from {table} where {condition}");
            let rewrite = Box::pin(proven(&test, &database, &sql, value)).await;
            assert!(rewrite.after.contains(expected), "{condition} became {}", rewrite.after);
        }
    })
    .await;
}

#[tokio::test]
async fn a_parameter_that_is_null_finds_nothing_before_and_after() {
    for_each_version(|test| async move {
        test.run("create table j (id int, d jsonb); insert into j values (1, '{\"k\": null}'), (2, '{\"k\": \"x\"}')").await;
        let before = "select count(*) from j where d ->> 'k' = null::text";
        let after = "select count(*) from j where d @> jsonb_set('{\"k\": null}', array['k'], to_jsonb(null::text))";
        assert_eq!((test.value(before).await, test.value(after).await), (Some("0".into()), Some("0".into())));
    })
    .await;
}

#[tokio::test]
async fn a_key_with_a_null_is_not_taken_for_one_with_a_value() {
    for_each_version(|test| async move {
        test.run(
            "create table j (id int, d jsonb);
             insert into j select n, jsonb_build_object('k', case when n % 500 = 0 then 1 end) from generate_series(1, 1000) n;
             insert into j select n, '{}' from generate_series(1001, 20000) n;
             create index j_d on j using gin (d); analyze j",
        )
        .await;
        test.run(&format!("alter database \"{}\" set min_parallel_table_scan_size = 0", test.name)).await;
        let sql = "select id from j where d ->> 'k' is not null";
        let rewrite = asked(&test.open().await, sql, None).await.rewrite.unwrap();
        assert_eq!(rewrite.after, "(d ? 'k' and d ->> 'k' is not null)");
        assert_eq!(rewrite.check, ExplainCheck::Same { rows: 2 });
        let plain = "insert into j select n, '{\"k\": 2}' from generate_series(20001, 20010) n; delete from j where d -> 'k' = 'null'";
        test.run(plain).await;
        let rewrite = asked(&test.open().await, sql, None).await.rewrite.unwrap();
        assert_eq!((rewrite.after.as_str(), rewrite.check), ("d ? 'k'", ExplainCheck::Same { rows: 12 }));
    })
    .await;
}

#[tokio::test]
async fn an_index_of_paths_alone_knows_no_keys() {
    for_each_version(|test| async move {
        test.run(
            "create table j (id int, d jsonb);
             insert into j select n, jsonb_build_object('k', n, 'b', n % 1000 <> 0) from generate_series(1, 20000) n;
             create index j_d on j using gin (d jsonb_path_ops); analyze j",
        )
        .await;
        test.run(&format!("alter database \"{}\" set min_parallel_table_scan_size = 0", test.name)).await;
        let database = test.open().await;
        assert!(
            asked(&database, "select id from j where d ->> 'k' is not null", None).await.rewrite.is_none()
        );
        let equal = asked(&database, "select id from j where d ->> 'k' = '7'", None).await.rewrite.unwrap();
        assert_eq!(
            (equal.after.as_str(), equal.check),
            ("d @> '{\"k\": 7}'", ExplainCheck::Same { rows: 1 })
        );
        let few = asked(&database, "select id from j where (d ->> 'b')::boolean = false", None).await.rewrite.unwrap();
        assert_eq!((few.after.as_str(), few.check), ("d @> '{\"b\": false}'", ExplainCheck::Same { rows: 20 }));
    })
    .await;
}
