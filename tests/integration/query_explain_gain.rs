//! What a rewrite comes to beside the statement: run like it, guessed like it, and not advised where it is worse.

use evaldesk_core::connection::Database;
use evaldesk_core::query::explain::{
    ExplainCheck, ExplainLevel, ExplainReply, ExplainReport, ExplainRequest, ExplainRewrite, ExplainVerdict,
    explain,
};
use support::{TestDatabase, for_each_version};

const ARROW: &str = "select id from r where data ->> 'found' = 'true'";

/// 40,000 rows, of which one in `every` is found.
async fn large(test: &TestDatabase, every: u32) {
    test.run(&format!(
        "create table r (id int primary key, data jsonb, note text);
         insert into r select n, jsonb_build_object('found', n % {every} = 0, 'n', n), repeat('x', 200)
             from generate_series(1, 40000) n;
         create index r_data on r using gin (data);
         analyze r"
    ))
    .await;
}

async fn report(database: &Database, sql: &str, analyze: bool) -> ExplainReport {
    let request =
        ExplainRequest { text: sql.to_owned(), analyze, buffers: true, ..ExplainRequest::default() };
    match explain(database, &request).await.unwrap() {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn rewrite(report: &ExplainReport) -> &ExplainRewrite {
    report.rewrite.as_ref().unwrap_or_else(|| panic!("no rewrite:\n{}", report.text))
}

#[tokio::test]
async fn with_analyze_the_rewrite_is_run_and_both_figures_stand_beside_each_other() {
    for_each_version(|test| async move {
        large(&test, 1_000).await;
        let report = report(&test.open().await, ARROW, true).await;
        let gain = rewrite(&report).gain.as_ref().unwrap();
        let real = gain.measured.unwrap();
        assert_eq!(Some(real.ms_before), report.plan.execution_ms);
        assert_eq!(real.touched_before, report.plan.buffers.map(|buffers| buffers.touched()));
        assert_eq!(Some(real.ms), gain.shown.plan.execution_ms);
        assert!(real.touched < real.touched_before && gain.cost < gain.cost_before, "{real:?}");
        assert!(gain.shown.text.contains("Bitmap Index Scan on r_data"), "{}", gain.shown.text);
        assert!(gain.shown.text.contains("actual "), "{}", gain.shown.text);
        assert!(gain.shown.json.contains("Bitmap Index Scan"), "{}", gain.shown.json);
    })
    .await;
}

#[tokio::test]
async fn without_analyze_nothing_is_run_and_costs_are_said() {
    for_each_version(|test| async move {
        large(&test, 1_000).await;
        let report = report(&test.open().await, ARROW, false).await;
        let gain = rewrite(&report).gain.as_ref().unwrap();
        assert_eq!((gain.verdict, gain.measured), (ExplainVerdict::Guessed, None));
        assert_eq!(gain.cost_before, report.plan.cost);
        assert!(gain.cost < gain.cost_before, "{} of {}", gain.cost, gain.cost_before);
        assert!(gain.shown.plan.execution_ms.is_none() && !gain.shown.text.contains("actual "));
    })
    .await;
}

#[tokio::test]
async fn one_that_reads_more_says_so_and_is_not_advised() {
    for_each_version(|test| async move {
        // One row is at the beginning of the table; a bitmap is made of the whole index. No cost keeps the planner from it.
        large(&test, 2).await;
        for setting in ["enable_seqscan = off", "max_parallel_workers_per_gather = 0"] {
            test.run(&format!("alter database \"{}\" set {setting}", test.name)).await;
        }
        let report = report(&test.open().await, &format!("{ARROW} limit 1"), true).await;
        let rewrite = rewrite(&report);
        assert_eq!(rewrite.check, ExplainCheck::Same { rows: 1 });
        let gain = rewrite.gain.as_ref().unwrap();
        let real = gain.measured.unwrap();
        assert!(real.touched > real.touched_before, "{real:?}");
        assert_eq!(gain.verdict, ExplainVerdict::Worse, "{real:?}");
        assert!(gain.words.contains("not advised"), "{}", gain.words);
        assert!(!rewrite.may_help());
        let said = report.warnings.iter().find(|warning| warning.rule == "containment").unwrap();
        assert_eq!(said.level, ExplainLevel::Note, "{said:?}");
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_was_stopped_has_its_rewrite_run_all_the_same() {
    for_each_version(|test| async move {
        large(&test, 4_000).await;
        let mut profile = test.open().await.profile().clone();
        profile.timeouts.statement_ms = 2_000;
        let database = Database::open(&profile, None).await.unwrap();
        // It sleeps for every row that the scan looks at, before it looks at the document: for ten that the index gives.
        let slow = "select id from r where pg_sleep(0.001) is not null and data ->> 'found' = 'true'";
        let report = report(&database, slow, true).await;
        assert!(report.stopped.is_some(), "{}", report.text);
        let rewrite = rewrite(&report);
        assert!(matches!(&rewrite.check, ExplainCheck::NotChecked { why } if why.contains("stopped")));
        let real = rewrite.gain.as_ref().unwrap().measured.unwrap();
        assert!(real.before_stopped && real.touched_before.is_none() && real.touched.is_some(), "{real:?}");
        assert_eq!(real.ms_before, 2_000.0);
    })
    .await;
}
