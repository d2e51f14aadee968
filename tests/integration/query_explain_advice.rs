//! What is advised, with evidence from real servers; and what is not.

use evaldesk_core::query::explain::{
    ExplainCheck, ExplainIndexCheck, ExplainLevel, ExplainReply, ExplainReport, ExplainRequest,
    ExplainWarning, explain,
};
use support::{TestDatabase, for_each_version, hypopg_database};

async fn explained(test: &TestDatabase, sql: &str, analyze: bool, without_seq_scan: bool) -> ExplainReport {
    let request = ExplainRequest {
        text: sql.to_owned(),
        analyze,
        buffers: true,
        without_seq_scan,
        ..ExplainRequest::default()
    };
    report_of(explain(&test.open().await, &request).await.unwrap())
}

fn report_of(reply: ExplainReply) -> ExplainReport {
    match reply {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn warning<'a>(report: &'a ExplainReport, rule: &str) -> Option<&'a ExplainWarning> {
    report.warnings.iter().find(|warning| warning.rule == rule)
}

/// 40,000 rows of some hundred bytes: more than `min_parallel_table_scan_size`.
async fn large(test: &TestDatabase, value: &str) {
    test.run(&format!(
        "create table r (id int primary key, data jsonb, note text);
         insert into r select n, jsonb_build_object('found', {value}, 'n', n), repeat('x', 200)
             from generate_series(1, 40000) n;
         create index r_data on r using gin (data);
         analyze r"
    ))
    .await;
}

const ARROW: &str = "select id, note from r where data ->> 'found' = 'true' order by id";

#[tokio::test]
async fn an_arrow_is_rewritten_and_both_ways_give_the_same_rows() {
    for_each_version(|test| async move {
        large(&test, "n % 1000 = 0").await;
        let report = explained(&test, ARROW, true, false).await;
        let rewrite = report.rewrite.as_ref().unwrap();
        assert_eq!(rewrite.before, "data ->> 'found' = 'true'");
        assert_eq!(rewrite.after, "data @> '{\"found\": true}'");
        assert_eq!(rewrite.check, ExplainCheck::Same { rows: 40 });
        let (from, to) = (rewrite.from as usize, rewrite.to as usize);
        assert_eq!(&ARROW[from..to], rewrite.before);
        let gain = rewrite.gain.as_ref().unwrap();
        let (touched, before) = gain.measured.and_then(|real| real.touched.zip(real.touched_before)).unwrap();
        assert!(touched < before / 4, "{touched} of {before}");
        assert!(gain.shown.plan.nodes.iter().any(|node| node.index.as_deref() == Some("r_data")));
        let first = &report.warnings[0];
        assert_eq!((first.rule.as_str(), first.node), ("containment", Some(rewrite.node)));
    })
    .await;
}

#[tokio::test]
async fn a_string_that_says_true_is_found_by_trying() {
    for_each_version(|test| async move {
        large(&test, "case when n % 1000 = 0 then 'true' else 'false' end").await;
        let rewrite = explained(&test, ARROW, true, false).await.rewrite.unwrap();
        assert_eq!(rewrite.after, "data @> '{\"found\": \"true\"}'");
        assert_eq!(rewrite.check, ExplainCheck::Same { rows: 40 });
    })
    .await;
}

#[tokio::test]
async fn a_rewrite_that_gives_other_rows_is_never_offered() {
    for_each_version(|test| async move {
        let mixed = "case n % 1000 when 0 then to_jsonb(true) when 1 then to_jsonb('true'::text) end";
        large(&test, mixed).await;
        let rewrite = explained(&test, ARROW, true, false).await.rewrite.unwrap();
        assert_eq!(rewrite.check, ExplainCheck::Different { rows: 80, rewritten: 40 });
        assert!(rewrite.gain.is_none() && !rewrite.may_help());
        let planned = explained(&test, ARROW, false, false).await.rewrite.unwrap();
        assert!(matches!(planned.check, ExplainCheck::NotChecked { .. }), "{:?}", planned.check);
    })
    .await;
}

#[tokio::test]
async fn a_rewrite_is_checked_with_the_values_of_its_parameters() {
    for_each_version(|test| async move {
        large(&test, "n % 1000 = 0").await;
        let request = ExplainRequest {
            text: "select id from r where data ->> 'found' = 'true' and note <> :other -- last\n".to_owned(),
            analyze: true,
            parameters: vec![serde_json::from_str(r#"{"name": "other", "value": "y"}"#).unwrap()],
            ..ExplainRequest::default()
        };
        let report = report_of(explain(&test.open().await, &request).await.unwrap());
        assert_eq!(report.rewrite.unwrap().check, ExplainCheck::Same { rows: 40 });
    })
    .await;
}

#[tokio::test]
async fn a_rewrite_that_the_index_would_not_serve_either_is_not_offered() {
    for_each_version(|test| async move {
        large(&test, "n % 1000 = 0").await;
        let beside = "select id from r where data ->> 'found' = 'true' or note = 'y'";
        for analyze in [false, true] {
            let report = explained(&test, beside, analyze, false).await;
            assert!(
                report.rewrite.is_none() && warning(&report, "containment").is_none(),
                "{:?}",
                report.rewrite
            );
        }
    })
    .await;
}

#[tokio::test]
async fn on_a_small_table_a_sequential_scan_is_right() {
    for_each_version(|test| async move {
        test.run(
            "create table small (id int primary key, data jsonb);
             insert into small select n, jsonb_build_object('model', 'gpt-4o') from generate_series(1, 50) n;
             create index small_data on small using gin (data); analyze small",
        )
        .await;
        for sql in [
            "select * from small where data @> '{\"model\": \"gpt-4o\"}'",
            "select * from small where data ->> 'model' = 'gpt-4o'",
            "select * from small where id = 7",
        ] {
            let report = explained(&test, sql, true, true).await;
            let faults: Vec<_> =
                report.warnings.iter().filter(|warning| warning.level != ExplainLevel::Note).collect();
            assert!(faults.is_empty() && report.rewrite.is_none() && report.indexes.is_empty(), "{faults:?}");
            let note = warning(&report, "small_table").unwrap();
            assert!(note.text.contains("min_parallel_table_scan_size"), "{}", note.text);
            let other = report.without_seq_scan.unwrap();
            assert!(other.cost < 1.0e9 && other.shown.is_some(), "{}", other.cost);
        }
    })
    .await;
}

#[tokio::test]
async fn without_sequential_scans_both_ways_are_measured() {
    for_each_version(|test| async move {
        large(&test, "n % 2 = 0").await;
        let sql = "select * from r where id > 5";
        let report = explained(&test, sql, true, true).await;
        let other = report.without_seq_scan.unwrap();
        assert_eq!(other.indexes, ["r_pkey"]);
        assert!(other.ms.is_some() && other.ms_now.is_some() && !other.still_scans, "{}", other.words);
        assert!(other.words.contains("r_pkey"), "{}", other.words);
    })
    .await;
}

#[tokio::test]
async fn columns_that_depend_on_one_another_are_misestimated_and_advised_about() {
    for_each_version(|test| async move {
        test.run(
            "create table c (a int, b int, pad text);
             insert into c select n % 300, n % 300, 'x' from generate_series(1, 600000) n",
        )
        .await;
        // What a session changed may reach the statistics only after it is gone.
        let changed = "select n_mod_since_analyze from pg_stat_all_tables where relname = 'c'";
        for _ in 0..100 {
            test.run("analyze c; select pg_sleep(0.1)").await;
            if test.value(changed).await.as_deref() == Some("0") {
                break;
            }
        }
        let report = explained(&test, "select * from c where a = 7 and b = 7", true, false).await;
        let found = warning(&report, "misestimate").unwrap();
        assert!(found.title.contains("more rows than guessed"), "{}", found.title);
        assert!(found.text.contains("a and b"), "{}", found.text);
        let advice = found.sql.clone().unwrap();
        test.run(&advice).await;
        let after = explained(&test, "select * from c where a = 7 and b = 7", true, false).await;
        assert!(warning(&after, "misestimate").is_none(), "{:?}", after.warnings);
    })
    .await;
}

#[tokio::test]
async fn a_table_that_was_never_analyzed_says_so() {
    for_each_version(|test| async move {
        test.run("create table n (a int) with (autovacuum_enabled = off); insert into n select g % 7 from generate_series(1, 30000) g")
            .await;
        let report = explained(&test, "select * from n where a >= 0", true, false).await;
        if let Some(found) = warning(&report, "misestimate") {
            assert!(found.sql.as_deref().unwrap().starts_with("analyze "), "{:?}", found.sql);
        }
        let join = explained(&test, "select * from n x where a = 3", true, false).await;
        let found = warning(&join, "misestimate").unwrap();
        assert!(found.text.contains("never analyzed"), "{}", found.text);
    })
    .await;
}

#[tokio::test]
async fn a_sort_that_spilled_says_what_it_would_need_and_does_not_spill_with_it() {
    for_each_version(|test| async move {
        test.run(&format!("alter database \"{}\" set work_mem = '64kB'", test.name)).await;
        let sql = "select g from generate_series(1, 20000) g order by -g";
        let report = explained(&test, sql, true, false).await;
        let found = warning(&report, "spilled_sort").unwrap();
        assert!(found.text.starts_with("work_mem is 64 KB"), "{}", found.text);
        let needed = found
            .sql
            .clone()
            .unwrap()
            .replace("set work_mem", &format!("alter database \"{}\" set work_mem", test.name));
        test.run(&needed).await;
        assert!(warning(&explained(&test, sql, true, false).await, "spilled_sort").is_none());
    })
    .await;
}

#[tokio::test]
async fn an_index_is_advised_where_none_serves_the_filter() {
    for_each_version(|test| async move {
        large(&test, "false").await;
        let report =
            explained(&test, "select * from r where lower(note) = 'y' and id > 3", true, false).await;
        let filter = warning(&report, "filter").unwrap();
        assert!(filter.title.contains("40,000"), "{}", filter.title);
        assert!(warning(&report, "function").is_some());
        let index = &report.indexes[0];
        assert!(
            index.sql.starts_with("create index concurrently on \"public\".\"r\" using btree ((lower(note))"),
            "{}",
            index.sql
        );
        assert!(matches!(index.check, ExplainIndexCheck::NotChecked { .. }));
        test.run(&index.sql).await;
        assert!(
            explained(&test, "select * from r where lower(note) = 'y' and id > 3", true, false)
                .await
                .indexes
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn hypopg_decides_which_index_is_advised() {
    let test = hypopg_database().await;
    large(&test, "n % 1000 = 0").await;
    test.run("create schema ext; create extension hypopg schema ext").await;
    let report = explained(&test, "select id from r where data ->> 'n' = '77'", false, false).await;
    assert!(report.indexes.is_empty(), "the rewrite serves it: {:?}", report.indexes);
    let report = explained(&test, "select id from r where note = 'y'", true, false).await;
    let [index] = report.indexes.as_slice() else { panic!("{:?}", report.indexes) };
    let ExplainIndexCheck::Taken { cost_before, cost } = index.check else { panic!("{:?}", index.check) };
    assert!(
        cost < cost_before / 10.0 && index.bytes.is_some_and(|bytes| bytes > 8192),
        "{cost} of {cost_before}"
    );
    // The planner is asked, and says no: every row has this note.
    let report = explained(&test, "select id from r where note = repeat('x', 200)", true, false).await;
    assert!(report.indexes.is_empty(), "{:?}", report.indexes);
}

#[tokio::test]
async fn an_index_in_the_order_is_advised_where_only_the_first_rows_are_wanted() {
    for_each_version(|test| async move {
        large(&test, "false").await;
        test.run(
            "alter table r add v int, add s varchar(20); update r set v = id % 100, s = 's' || id % 100",
        )
        .await;
        test.run("vacuum analyze r").await;
        for (sql, keys) in [
            ("select * from r where s = 's7' order by note limit 5", "(\"s\", \"note\")"),
            ("select * from r order by v desc, note desc limit 5", "(\"v\", \"note\")"),
            ("select * from r where v = 7 order by note limit 5", "(\"v\", \"note\")"),
            ("select * from r order by note, v desc nulls last limit 5", "(\"note\", \"v\" desc nulls last)"),
        ] {
            let report = explained(&test, sql, true, false).await;
            let [index] = report.indexes.as_slice() else { panic!("{sql}: {:?}", report.indexes) };
            assert!(index.sql.ends_with(&format!("using btree {keys};")), "{sql}: {}", index.sql);
            assert!(index.why.contains("order") && index.bytes.is_some(), "{index:?}");
        }
        for sql in [
            "select * from r order by v, note",
            "select * from r order by v, note limit 30000",
            "select * from r order by lower(note) limit 5",
            "select * from r order by id limit 5",
        ] {
            let report = explained(&test, sql, true, false).await;
            assert!(report.indexes.is_empty(), "{sql}: {:?}", report.indexes);
        }
        let sql = "select * from r order by v desc, note desc limit 5";
        let advice = explained(&test, sql, true, false).await.indexes.remove(0);
        test.run(&advice.sql).await;
        let after = explained(&test, sql, true, false).await;
        assert!(
            after.indexes.is_empty() && after.plan.nodes.iter().all(|node| node.kind != "Sort"),
            "{}",
            after.text
        );
    })
    .await;
}

#[tokio::test]
async fn hypopg_decides_whether_an_order_is_worth_an_index() {
    let test = hypopg_database().await;
    large(&test, "false").await;
    test.run("create extension hypopg; alter table r add v int; update r set v = id % 100").await;
    test.run("vacuum analyze r").await;
    let report = explained(&test, "select * from r where v = 7 order by note limit 5", false, false).await;
    let [index] = report.indexes.as_slice() else { panic!("{:?}", report.indexes) };
    assert!(index.sql.contains("(\"v\", \"note\")"), "{}", index.sql);
    assert!(
        matches!(index.check, ExplainIndexCheck::Taken { cost_before, cost } if cost < cost_before / 10.0),
        "{index:?}"
    );
    // All rows would be looked up for the few that pass the filter: the planner keeps the scan.
    let report =
        explained(&test, "select * from r where note <> repeat('x', 200) order by v limit 5", false, false)
            .await;
    assert!(report.indexes.is_empty(), "{:?}", report.indexes);
}
