//! An index for the order of a whole result: advised where sorting takes its part, checked with HypoPG where that is.

use evaldesk_core::query::explain::{
    ExplainIndexCheck, ExplainPurpose, ExplainReply, ExplainReport, ExplainRequest, explain,
};
use support::{TestDatabase, for_each_version, hypopg_database};

const ARROW: &str = "select id, at, note from r where data ->> 'found' = 'true' order by at desc";

/// 40,000 rows, one of twenty found, and little memory to sort them in.
async fn large(test: &TestDatabase) {
    test.run(
        "create table r (id int primary key, data jsonb, v int, at timestamptz, note text);
         insert into r select n, jsonb_build_object('found', n % 20 = 0), n % 20,
             '2025-01-01'::timestamptz + n * interval '1 minute', repeat('x', 200) from generate_series(1, 40000) n;
         create index r_data on r using gin (data);
         create index r_v on r (v);
         create table c as select n as id, n * 40 as r_id from generate_series(1, 1000) n;
         alter table c add primary key (id)",
    )
    .await;
    test.run("vacuum analyze r, c").await;
    for setting in ["work_mem = '64kB'", "max_parallel_workers_per_gather = 0"] {
        test.run(&format!("alter database \"{}\" set {setting}", test.name)).await;
    }
}

async fn report(test: &TestDatabase, sql: &str, value: Option<&str>) -> ExplainReport {
    let parameters =
        value.map(|value| serde_json::from_value(serde_json::json!({"name": "1", "value": value})));
    let request = ExplainRequest {
        text: sql.to_owned(),
        analyze: true,
        buffers: true,
        parameters: parameters.into_iter().collect::<Result<_, _>>().unwrap(),
        ..ExplainRequest::default()
    };
    match explain(&test.open().await, &request).await.unwrap() {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn sorts(report: &ExplainReport) -> bool {
    report.plan.nodes.iter().any(|node| node.kind == "Sort")
}

#[tokio::test]
async fn the_order_of_what_a_rewrite_finds_is_worth_a_partial_index() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = report(&test, ARROW, None).await;
        let [index] = found.indexes.as_slice() else { panic!("{:?}\n{}", found.indexes, found.text) };
        assert_eq!((index.purpose, index.rewritten), (ExplainPurpose::Order, true));
        assert_eq!(
            index.sql,
            "create index concurrently on \"public\".\"r\" using btree (\"at\") \
             where \"data\" @> '{\"found\": true}'::jsonb;"
        );
        // Of two thousand rows, not of forty thousand.
        assert!(index.bytes.is_some_and(|bytes| bytes < 100_000), "{:?}", index.bytes);
        assert!(matches!(index.check, ExplainIndexCheck::NotChecked { .. }));
        test.run(&index.sql).await;
        let after = report(&test, &found.rewrite.unwrap().sql, None).await;
        assert!(!sorts(&after) && after.indexes.is_empty(), "{}", after.text);
    })
    .await;
}

#[tokio::test]
async fn the_order_follows_what_the_filter_compares() {
    for_each_version(|test| async move {
        large(&test).await;
        let sql = "select * from r where v = 7 order by at";
        // Of rows that are anywhere, on a disk where that is dear: the planner would not take it.
        let found = report(&test, sql, None).await;
        assert!(sorts(&found) && found.indexes.is_empty(), "{:?}\n{}", found.indexes, found.text);
        test.run(&format!("alter database \"{}\" set random_page_cost = 1.1", test.name)).await;
        let found = report(&test, sql, None).await;
        let [index] = found.indexes.as_slice() else { panic!("{:?}\n{}", found.indexes, found.text) };
        assert!(index.sql.ends_with("using btree (\"v\", \"at\");"), "{}", index.sql);
        assert_eq!((index.purpose, index.rewritten), (ExplainPurpose::Order, false));
        test.run(&index.sql).await;
        let after = report(&test, sql, None).await;
        assert!(!sorts(&after) && after.indexes.is_empty(), "{}", after.text);
    })
    .await;
}

#[tokio::test]
async fn no_index_is_advised_for_an_order_that_none_would_serve() {
    for_each_version(|test| async move {
        large(&test).await;
        for (sql, value) in [
            // All rows of the table.
            ("select * from r order by at", None),
            // Half of them.
            ("select * from r where v < 10 order by at", None),
            // An expression, and a column of another table.
            ("select * from r where v = 7 order by lower(note)", None),
            ("select r.* from r join c on c.r_id = r.id where r.v = 7 order by c.r_id % 7, r.at", None),
            // Rows of one value of a parameter.
            ("select id, at, note from r where data @> $1::jsonb order by at", Some("{\"found\": true}")),
        ] {
            let found = report(&test, sql, value).await;
            assert!(sorts(&found), "{sql}: {}", found.text);
            assert!(found.indexes.is_empty(), "{sql}: {:?}", found.indexes);
        }
    })
    .await;
}

#[tokio::test]
async fn hypopg_says_what_an_index_for_the_order_saves() {
    let test = hypopg_database().await;
    large(&test).await;
    test.run("create extension hypopg").await;
    let found = report(&test, ARROW, None).await;
    let [index] = found.indexes.as_slice() else { panic!("{:?}\n{}", found.indexes, found.text) };
    assert!(index.sql.contains("where \"data\" @> "), "{}", index.sql);
    let ExplainIndexCheck::Taken { cost_before, cost } = index.check else { panic!("{:?}", index.check) };
    // Held against the rewrite, which needs no scan of the whole table any more.
    assert_eq!(cost_before, found.rewrite.as_ref().unwrap().gain.as_ref().unwrap().cost);
    assert!(cost < cost_before, "{cost} of {cost_before}");
}
