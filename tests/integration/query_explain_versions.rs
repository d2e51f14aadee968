//! What FORMAT JSON of 12 to 18 says in different words is read alike: buffers, I/O, WAL, index searches, fractions.

use evaldesk_core::query::explain::{ExplainNode, ExplainReply, ExplainReport, ExplainRequest, explain};
use support::{TestDatabase, for_each_version};

async fn analyzed(test: &TestDatabase, sql: &str, buffers: bool) -> ExplainReport {
    let request = ExplainRequest {
        text: sql.to_owned(),
        analyze: true,
        buffers,
        may_write: true,
        ..ExplainRequest::default()
    };
    match explain(&test.open().await, &request).await.unwrap() {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn node<'a>(report: &'a ExplainReport, kind: &str) -> &'a ExplainNode {
    report.plan.nodes.iter().find(|node| node.kind == kind).unwrap_or_else(|| panic!("{}", report.text))
}

async fn rows(test: &TestDatabase) {
    test.run(
        "create table t (id int primary key, a int);
         insert into t select n, n % 7 from generate_series(1, 5000) n; analyze t",
    )
    .await;
}

#[tokio::test]
async fn buffers_are_counted_where_asked_for_and_nowhere_else() {
    for_each_version(|test| async move {
        rows(&test).await;
        let with = analyzed(&test, "select * from t where id = 7", true).await;
        assert!(with.plan.buffers.is_some_and(|buffers| buffers.touched() >= 2 * 8192), "{}", with.text);
        // From 18 on ANALYZE counts them of itself.
        let without = analyzed(&test, "select * from t where id = 7", false).await;
        assert_eq!(
            (without.plan.buffers, without.text.contains("Buffers")),
            (None, false),
            "{}",
            without.text
        );
    })
    .await;
}

#[tokio::test]
async fn the_time_of_reading_is_kept_under_the_name_that_the_server_gives_it() {
    for_each_version(|test| async move {
        rows(&test).await;
        test.run(&format!("alter database \"{}\" set track_io_timing = on", test.name)).await;
        let report = analyzed(&test, "select sum(a) from t", true).await;
        let label = if test.major >= 17 { "Shared I/O Read Time" } else { "I/O Read Time" };
        let scan = node(&report, "Seq Scan");
        assert!(
            scan.fact(label).is_some_and(|ms| ms.parse::<f64>().is_ok()),
            "{}: {:?}",
            test.major,
            scan.facts
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_write_logs_is_said_from_13_on() {
    for_each_version(|test| async move {
        rows(&test).await;
        let report = analyzed(&test, "update t set a = a + 1 where id <= 100", true).await;
        let records =
            node(&report, "ModifyTable").fact("WAL Records").map(|count| count.parse::<u64>().unwrap());
        assert_eq!(records.is_some(), test.major >= 13, "{}", report.text);
        assert!(records.is_none_or(|records| records >= 100), "{records:?}");
        assert_eq!(report.plan.rows, Some(100.0));
    })
    .await;
}

#[tokio::test]
async fn how_often_an_index_was_searched_is_said_by_18() {
    for_each_version(|test| async move {
        rows(&test).await;
        let report = analyzed(&test, "select a from t where id in (1, 2000, 4000)", true).await;
        let scan = report.plan.nodes.iter().find(|node| node.index.is_some()).unwrap();
        let searches = scan.fact("Index Searches");
        assert_eq!(searches.is_some(), test.major >= 18, "{:?}", scan.facts);
        assert_eq!(scan.measured.as_ref().unwrap().rows, 3.0);
    })
    .await;
}

#[tokio::test]
async fn a_mean_of_less_than_a_row_has_its_decimals_in_18_and_is_rounded_before() {
    for_each_version(|test| async move {
        rows(&test).await;
        let loops =
            "set enable_hashjoin = off; set enable_mergejoin = off; set enable_memoize = off".split("; ");
        for setting in loops.filter(|setting| test.major >= 14 || !setting.contains("memoize")) {
            test.run(&format!("alter database \"{}\" {setting}", test.name)).await;
        }
        let join = "select * from generate_series(4951, 5150) g join t on t.id = g";
        let report = analyzed(&test, join, true).await;
        let scan = report.plan.nodes.iter().find(|node| node.index.is_some()).unwrap();
        let measured = scan.measured.as_ref().unwrap();
        assert_eq!(measured.loops, 200.0, "{}", report.text);
        if test.major >= 18 {
            assert_eq!((measured.rows_per_loop, measured.rows), (0.25, 50.0));
        } else {
            assert_eq!(measured.rows_per_loop.fract(), 0.0);
        }
        assert_eq!(report.plan.rows, Some(50.0), "the whole is exact on every server");
    })
    .await;
}

#[tokio::test]
async fn memory_of_a_hash_and_of_a_sort_is_bytes_on_every_server() {
    for_each_version(|test| async move {
        rows(&test).await;
        for join in ["enable_mergejoin", "enable_nestloop"] {
            test.run(&format!("alter database \"{}\" set {join} = off", test.name)).await;
        }
        let report = analyzed(
            &test,
            "select * from t one join t other on one.a = other.id order by one.id + other.a",
            true,
        )
        .await;
        let hash = node(&report, "Hash").hash.unwrap();
        assert!(hash.batches == 1 && hash.bytes > 100_000, "{hash:?}");
        let sort = node(&report, "Sort").sort.clone().unwrap();
        assert!(!sort.on_disk && sort.bytes > 100_000, "{sort:?}");
    })
    .await;
}

#[tokio::test]
async fn what_the_planner_was_forbidden_costs_no_ten_thousand_millions() {
    for_each_version(|test| async move {
        rows(&test).await;
        let request = ExplainRequest {
            text: "select * from t where a = 3".to_owned(),
            without_seq_scan: true,
            ..ExplainRequest::default()
        };
        let ExplainReply::Explained { report } = explain(&test.open().await, &request).await.unwrap() else {
            panic!("nothing to answer")
        };
        let other = report.without_seq_scan.unwrap();
        assert!(other.still_scans && other.cost < 1.0e6, "{}: {}", test.major, other.cost);
    })
    .await;
}
