//! Every rule of the warnings against plans of real servers: one that has what the rule is about, and one that has not.

use evaldesk_core::query::explain::{
    ExplainLevel, ExplainReply, ExplainReport, ExplainRequest, ExplainWarning, explain,
};
use support::{TestDatabase, for_each_version, hypopg_database};

async fn asked(test: &TestDatabase, sql: &str, analyze: bool) -> ExplainReport {
    let request = ExplainRequest {
        text: sql.to_owned(),
        analyze,
        buffers: true,
        without_seq_scan: analyze,
        may_write: true,
        ..ExplainRequest::default()
    };
    match explain(&test.open().await, &request).await.unwrap() {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

/// The warning of a rule, about a statement that was run.
async fn told(test: &TestDatabase, rule: &str, sql: &str) -> ExplainWarning {
    let report = asked(test, sql, true).await;
    let found = report.warnings.iter().find(|warning| warning.rule == rule);
    found.cloned().unwrap_or_else(|| panic!("{}: no {rule} of {sql}\n{}", test.major, report.text))
}

async fn is_quiet(test: &TestDatabase, rule: &str, sql: &str) {
    let report = asked(test, sql, true).await;
    let found = report.warnings.iter().find(|warning| warning.rule == rule);
    assert!(found.is_none(), "{}: {found:?} of {sql}\n{}", test.major, report.text);
}

/// Settings of the sessions that come.
async fn set(test: &TestDatabase, settings: &[(&str, &str)]) {
    for (name, value) in settings {
        test.run(&format!("alter database \"{}\" set {name} = '{value}'", test.name)).await;
    }
}

async fn reset(test: &TestDatabase) {
    test.run(&format!("alter database \"{}\" reset all", test.name)).await;
}

/// 40,000 rows of some hundred bytes: more than `min_parallel_table_scan_size`.
async fn large(test: &TestDatabase) {
    test.run(
        "create table r (id int primary key, v int, data jsonb, note text);
         insert into r select n, n % 10, jsonb_build_object('found', n % 1000 = 0, 'n', n), repeat('x', 200)
             from generate_series(1, 40000) n;
         create index r_data on r using gin (data)",
    )
    .await;
    test.run("vacuum analyze r").await;
}

#[tokio::test]
async fn containment_is_advised_where_an_arrow_keeps_the_index_out() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "containment", "select id from r where data ->> 'found' = 'true'").await;
        assert!(found.text.contains("r_data") && found.text.contains("@>"), "{found:?}");
        is_quiet(&test, "containment", "select id from r where data @> '{\"found\": true}'").await;
    })
    .await;
}

#[tokio::test]
async fn a_scan_of_a_large_table_is_told_where_an_index_could_serve_or_was_faster() {
    for_each_version(|test| async move {
        large(&test).await;
        let chosen = asked(&test, "select * from r where id > 5", false).await;
        let found = chosen.warnings.iter().find(|warning| warning.rule == "seq_scan").unwrap();
        assert!(found.title.contains("r_pkey") && found.level == ExplainLevel::Note, "{found:?}");
        is_quiet(&test, "seq_scan", "select * from r where id = 5").await;
        is_quiet(&test, "seq_scan", "select * from r where note = 'no index has it'").await;
        // The planner is told that pages out of order are far: run both ways, the index is faster.
        set(&test, &[("random_page_cost", "6000"), ("max_parallel_workers_per_gather", "0")]).await;
        let found = told(&test, "seq_scan", "select note from r where id between 1 and 20").await;
        assert!(found.title.contains("r_pkey is faster") && found.text.contains("6000"), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_scan_of_a_small_table_is_said_to_be_right_and_of_a_large_one_not() {
    for_each_version(|test| async move {
        large(&test).await;
        test.run("create table little as select n as a from generate_series(1, 100) n; analyze little").await;
        let found = told(&test, "small_table", "select * from little where a = 7").await;
        assert!(found.level == ExplainLevel::Note && found.text.contains("8 MB"), "{found:?}");
        is_quiet(&test, "small_table", "select * from r where note = 'y'").await;
    })
    .await;
}

#[tokio::test]
async fn rows_that_came_otherwise_than_guessed_are_told_and_those_as_guessed_not() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "misestimate", "select id from r where (data ->> 'n')::int % 2 = 0").await;
        assert!(found.title.contains("more rows than guessed"), "{found:?}");
        assert!(found.text.contains("200 guessed, 20,000 came"), "{found:?}");
        is_quiet(&test, "misestimate", "select id from r where v = 3").await;
    })
    .await;
}

#[tokio::test]
async fn a_hash_that_went_to_disk_says_what_it_would_need_and_does_not_go_there_with_it() {
    for_each_version(|test| async move {
        test.run(
            "create table one as select n as a, repeat('x', 20) as pad from generate_series(1, 30000) n;
             create table other as select n as a, repeat('y', 20) as pad from generate_series(1, 30000) n;
             analyze one; analyze other",
        )
        .await;
        let join = "select count(one.pad || other.pad) from one join other using (a)";
        let forced = [
            ("enable_mergejoin", "off"),
            ("enable_nestloop", "off"),
            ("max_parallel_workers_per_gather", "0"),
        ];
        set(&test, &forced).await;
        set(&test, &[("work_mem", "64kB")]).await;
        let found = told(&test, "spilled_hash", join).await;
        assert!(found.title.contains("batches") && found.text.starts_with("work_mem is 64 KB"), "{found:?}");
        take(&test, &found).await;
        is_quiet(&test, "spilled_hash", join).await;
    })
    .await;
}

/// Does as a warning advises, for the sessions that come.
async fn take(test: &TestDatabase, warning: &ExplainWarning) {
    let sql = warning.sql.clone().unwrap();
    test.run(&sql.replace("set ", &format!("alter database \"{}\" set ", test.name))).await;
}

#[tokio::test]
async fn an_aggregate_that_went_to_disk_is_told_from_13_on_before_it_never_does() {
    for_each_version(|test| async move {
        test.run("create table one as select n as a from generate_series(1, 60000) n; analyze one").await;
        set(&test, &[("enable_sort", "off"), ("work_mem", "64kB"), ("max_parallel_workers_per_gather", "0")])
            .await;
        let groups = "select a % 50000, count(*) from one group by 1";
        if test.major == 12 {
            return is_quiet(&test, "spilled_hash", groups).await;
        }
        let found = told(&test, "spilled_hash", groups).await;
        assert!(found.title.starts_with("The aggregate spilled"), "{found:?}");
        set(&test, &[("work_mem", "64MB")]).await;
        is_quiet(&test, "spilled_hash", groups).await;
    })
    .await;
}

#[tokio::test]
async fn a_sort_that_went_to_disk_is_told_and_one_in_memory_not() {
    for_each_version(|test| async move {
        let sql = "select g from generate_series(1, 20000) g order by -g";
        set(&test, &[("work_mem", "64kB")]).await;
        assert!(told(&test, "spilled_sort", sql).await.title.contains("spilled"));
        reset(&test).await;
        is_quiet(&test, "spilled_sort", sql).await;
    })
    .await;
}

#[tokio::test]
async fn an_inner_side_that_was_run_very_often_is_told() {
    for_each_version(|test| async move {
        test.run(
            "create table outside as select n as a from generate_series(1, 300) n;
             create table inside as select n as a from generate_series(1, 5000) n;
             analyze outside; analyze inside",
        )
        .await;
        let join = "select count(*) from outside join inside on outside.a = inside.a";
        is_quiet(&test, "nested_loop", join).await;
        set(&test, &[("enable_hashjoin", "off"), ("enable_mergejoin", "off"), ("enable_material", "off")])
            .await;
        let found = told(&test, "nested_loop", join).await;
        assert!(found.title.contains("300 times") || found.title.contains("5,000 times"), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn rows_that_were_read_for_nothing_are_told() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "filter", "select id from r where note = 'y'").await;
        assert!(found.title.starts_with("40,000 of 40,000"), "{found:?}");
        is_quiet(&test, "filter", "select id from r where note <> 'y'").await;
    })
    .await;
}

#[tokio::test]
async fn lookups_of_an_index_only_scan_are_told_until_the_table_is_vacuumed() {
    for_each_version(|test| async move {
        test.run(
            "create table h (id int primary key) with (autovacuum_enabled = off);
             insert into h select n from generate_series(1, 20000) n; analyze h",
        )
        .await;
        set(&test, &[("enable_seqscan", "off"), ("enable_bitmapscan", "off")]).await;
        let sql = "select id from h where id < 15000";
        let found = told(&test, "heap_fetches", sql).await;
        assert!(found.title.starts_with("14,999 rows") && found.text.contains("never vacuumed"), "{found:?}");
        let vacuum = found.sql.unwrap();
        // A page that somebody looks at just then is left for the next time.
        for _ in 0..100 {
            test.run(&vacuum).await;
            let all = "select relallvisible = relpages from pg_class where relname = 'h'";
            if test.value(all).await.as_deref() == Some("true") {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        is_quiet(&test, "heap_fetches", sql).await;
    })
    .await;
}

#[tokio::test]
async fn a_function_in_the_filter_of_a_large_scan_is_told() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "function", "select id from r where upper(note) = 'Y'").await;
        assert!(found.title.starts_with("upper(") && found.text.starts_with("40,000 rows"), "{found:?}");
        is_quiet(&test, "function", "select id from r where note = 'Y'").await;
    })
    .await;
}

#[tokio::test]
async fn a_bitmap_that_remembered_pages_is_told_and_one_with_room_not() {
    for_each_version(|test| async move {
        test.run(
            "create table wide as select n as id, n % 10 as v, repeat('x', 700) as pad from generate_series(1, 30000) n;
             create index wide_v on wide (v); analyze wide",
        )
        .await;
        let forced = [("enable_seqscan", "off"), ("enable_indexscan", "off"), ("max_parallel_workers_per_gather", "0")];
        set(&test, &forced).await;
        set(&test, &[("work_mem", "64kB")]).await;
        let sql = "select count(pad) from wide where v = 3";
        let found = told(&test, "lossy_bitmap", sql).await;
        assert!(found.title.contains("lossy") && found.text.contains("64 KB"), "{found:?}");
        set(&test, &[("work_mem", "16MB")]).await;
        is_quiet(&test, "lossy_bitmap", sql).await;
    })
    .await;
}

#[tokio::test]
async fn counting_all_of_a_large_table_is_told_and_counting_some_not() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "count_all", "select count(*) from r").await;
        assert!(found.text.contains("40,000"), "{found:?}");
        let reltuples = test.value(found.sql.unwrap().trim_end_matches(';')).await;
        assert_eq!(reltuples.as_deref(), Some("40000"));
        is_quiet(&test, "count_all", "select count(*) from r where id = 3").await;
        is_quiet(&test, "count_all", "select v, count(*) from r group by v").await;
    })
    .await;
}

#[tokio::test]
async fn rows_that_are_computed_to_be_skipped_are_told() {
    for_each_version(|test| async move {
        large(&test).await;
        let found = told(&test, "offset", "select id from r order by id offset 20000 limit 5").await;
        assert!(found.title.starts_with("20,005 rows") && found.title.contains("show 5"), "{found:?}");
        is_quiet(&test, "offset", "select id from r order by id limit 5").await;
    })
    .await;
}

#[tokio::test]
async fn workers_that_could_not_be_had_are_told() {
    for_each_version(|test| async move {
        large(&test).await;
        let sql = "select sum(v) from r";
        let cheap = [
            ("parallel_setup_cost", "0"),
            ("parallel_tuple_cost", "0"),
            ("min_parallel_table_scan_size", "0"),
            ("max_parallel_workers_per_gather", "2"),
            ("max_parallel_workers", "0"),
        ];
        set(&test, &cheap).await;
        assert!(told(&test, "workers", sql).await.title.starts_with("0 of 2"));
        set(&test, &[("max_parallel_workers_per_gather", "0")]).await;
        is_quiet(&test, "workers", sql).await;
    })
    .await;
}

#[tokio::test]
async fn a_foreign_key_without_an_index_that_took_the_time_is_told() {
    for_each_version(|test| async move {
        test.run(
            "create table parent (id int primary key);
             create table child (id int, parent int constraint child_of_parent references parent);
             create table alone (id int primary key);
             insert into parent select n from generate_series(1, 1000) n;
             insert into alone select n from generate_series(1, 1000) n;
             insert into child select n, 900 + n % 50 from generate_series(1, 20000) n;
             analyze parent; analyze child; analyze alone",
        )
        .await;
        let found = told(&test, "trigger", "delete from parent where id <= 100").await;
        assert!(
            found.title.starts_with("child_of_parent") && found.text.starts_with("100 calls"),
            "{found:?}"
        );
        is_quiet(&test, "trigger", "delete from alone where id <= 100").await;
        assert_eq!(test.count("parent").await, 1000);
    })
    .await;
}

/// Only Debian's server has a compiler here.
#[tokio::test]
async fn compiling_that_took_its_part_of_the_time_is_told() {
    let test = hypopg_database().await;
    let sums: Vec<String> =
        (0..150).map(|n| format!("sum(g * {n} + length(repeat('x', g % {})))", n + 2)).collect();
    let sql = format!("select {} from generate_series(1, 300) g", sums.join(", "));
    let always = [
        ("jit", "on"),
        ("jit_above_cost", "0"),
        ("jit_inline_above_cost", "0"),
        ("jit_optimize_above_cost", "0"),
    ];
    set(&test, &always).await;
    let found = told(&test, "jit", &sql).await;
    assert!(found.title.starts_with("Compiling took"), "{found:?}");
    take(&test, &found).await;
    is_quiet(&test, "jit", &sql).await;
}
