//! Plans of real servers: what is measured, what is advised, and what is left behind.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, WriteMode};
use evaldesk_core::query::QueryConsent;
use evaldesk_core::query::explain::{
    ExplainParameters, ExplainRan, ExplainReply, ExplainReport, ExplainRequest, explain,
};
use support::{TestDatabase, for_each_version};

fn request(sql: &str) -> ExplainRequest {
    ExplainRequest { text: sql.to_owned(), buffers: true, ..ExplainRequest::default() }
}

async fn planned(test: &TestDatabase, sql: &str) -> ExplainReport {
    report_of(explain(&test.open().await, &request(sql)).await.unwrap())
}

async fn analyzed(test: &TestDatabase, sql: &str) -> ExplainReport {
    let request = ExplainRequest { analyze: true, may_write: true, ..request(sql) };
    report_of(explain(&test.open().await, &request).await.unwrap())
}

fn report_of(reply: ExplainReply) -> ExplainReport {
    match reply {
        ExplainReply::Explained { report } => *report,
        other => panic!("{other:?}"),
    }
}

fn names(report: &ExplainReport) -> Vec<&str> {
    report.plan.nodes.iter().map(|node| node.name.as_str()).collect()
}

#[tokio::test]
async fn a_statement_is_planned_without_being_run() {
    for_each_version(|test| async move {
        test.run("create table t as select g as a from generate_series(1, 100) g").await;
        let report = planned(&test, "select 1; delete from t where a < 50").await;
        assert_eq!((report.ran, report.sql.as_str()), (ExplainRan::Planned, "select 1"));
        let at_delete = ExplainRequest { offset: 12, ..request("select 1; delete from t where a < 50") };
        let report = report_of(explain(&test.open().await, &at_delete).await.unwrap());
        assert_eq!((report.from, report.to, names(&report)), (10, 36, vec!["Delete", "Seq Scan"]));
        assert!(report.plan.execution_ms.is_none() && report.plan.nodes[1].measured.is_none());
        assert_eq!(test.count("t").await, 100);
    })
    .await;
}

#[tokio::test]
async fn a_read_is_run_in_a_transaction_that_may_only_read() {
    for_each_version(|test| async move {
        test.run("create sequence s").await;
        let report = analyzed(&test, "select count(*) from generate_series(1, 1000) g").await;
        assert_eq!((report.ran, report.limit_ms), (ExplainRan::ReadOnly, Some(30_000)));
        assert!(report.plan.execution_ms.unwrap() > 0.0);
        assert_eq!(report.plan.nodes[1].measured.as_ref().unwrap().rows, 1000.0);
        assert!(report.text.contains("Execution Time: "), "{}", report.text);
    })
    .await;
}

#[tokio::test]
async fn a_write_is_run_and_rolled_back_and_says_what_that_does_not_undo() {
    for_each_version(|test| async move {
        test.run("create table t (id serial primary key, a int); insert into t (a) values (1), (2)").await;
        let report = analyzed(&test, "update t set a = a + 1 where a > 0").await;
        assert_eq!((report.ran, report.plan.rows), (ExplainRan::RolledBack, Some(2.0)));
        assert!(report.notes.iter().any(|note| note.contains("sequence")), "{:?}", report.notes);
        assert_eq!(test.value("select sum(a) from t").await.as_deref(), Some("3"));
    })
    .await;
}

#[tokio::test]
async fn a_write_is_not_run_on_a_read_only_connection() {
    for_each_version(|test| async move {
        test.run("create table t (a int)").await;
        let mut profile = test.open().await.profile().clone();
        profile.read_only = true;
        let database = Database::open(&profile, None).await.unwrap();
        let insert = request("insert into t values (1)");
        let write = ExplainRequest { analyze: true, may_write: true, ..insert.clone() };
        let error = explain(&database, &write).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(explain(&database, &insert).await.is_ok());
        assert_eq!(test.count("t").await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_write_is_run_only_by_who_may_and_only_as_agreed() {
    for_each_version(|test| async move {
        test.run("create table t (a int); insert into t values (1)").await;
        let mut profile = test.open().await.profile().clone();
        profile.writes = Some(WriteMode::Confirm);
        let database = Database::open(&profile, None).await.unwrap();
        let delete = ExplainRequest { analyze: true, ..request("delete from t where a = 1") };
        let reply = explain(&database, &delete).await.unwrap();
        assert!(matches!(reply, ExplainReply::Writes { .. }), "{reply:?}");
        let allowed = ExplainRequest { may_write: true, ..delete };
        let ExplainReply::Asks { plan } = explain(&database, &allowed).await.unwrap() else {
            panic!("it did not ask")
        };
        let consent = Some(QueryConsent { hash: plan.hash, name: plan.name });
        let agreed = ExplainRequest { consent, ..allowed };
        assert_eq!(report_of(explain(&database, &agreed).await.unwrap()).ran, ExplainRan::RolledBack);
        assert_eq!(test.count("t").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_function_that_writes_is_a_write_although_it_is_selected() {
    for_each_version(|test| async move {
        test.run("create sequence s").await;
        let next = ExplainRequest { analyze: true, ..request("select nextval('s')") };
        let reply = explain(&test.open().await, &next).await.unwrap();
        assert!(matches!(reply, ExplainReply::Writes { .. }), "{reply:?}");
        assert_eq!(test.value("select is_called from s").await.as_deref(), Some("false"));
    })
    .await;
}

#[tokio::test]
async fn parameters_without_values_have_a_plan_for_any() {
    for_each_version(|test| async move {
        test.run("create table t (a int, b text)").await;
        let report = planned(&test, "select * from t where a = $1 and b = :name").await;
        assert_eq!(report.parameters, ExplainParameters::Generic);
        let filter = report.plan.nodes[0].condition("Filter").unwrap();
        assert!(filter.contains("$1") && filter.contains("$2"), "{filter}");
    })
    .await;
}

#[tokio::test]
async fn an_error_is_placed_in_the_text_that_was_given() {
    for_each_version(|test| async move {
        let text = "select '😀'; select 1, nothing from pg_class";
        let wanted = ExplainRequest { offset: 20, ..request(text) };
        let error = explain(&test.open().await, &wanted).await.unwrap_err();
        let server = error.server().unwrap();
        assert_eq!((server.sqlstate.as_str(), server.position), ("42703", Some(23)));
    })
    .await;
}

#[tokio::test]
async fn what_takes_too_long_is_stopped_and_planned() {
    for_each_version(|test| async move {
        let mut profile = test.open().await.profile().clone();
        profile.timeouts.statement_ms = 300;
        let database = Database::open(&profile, None).await.unwrap();
        let request = ExplainRequest { analyze: true, ..request("select pg_sleep(60)") };
        let report = report_of(explain(&database, &request).await.unwrap());
        assert!(report.stopped.unwrap().contains("300 ms"));
        assert!(report.plan.nodes[0].measured.is_none());
    })
    .await;
}

#[tokio::test]
async fn whoever_may_not_read_a_table_is_told_so() {
    for_each_version(|test| async move {
        let role = format!("poor_{}", test.name);
        test.run(&format!("create role \"{role}\" login password 'poor'; create table secret (a int)")).await;
        let database = Database::from_url(&test.url_as(&role, "poor")).await.unwrap();
        let error = explain(&database, &request("select * from secret")).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        assert!(error.hint_text().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_plan_of_thousands_of_nodes_and_one_of_hundreds_of_levels_are_read() {
    for_each_version(|test| async move {
        test.run("create table t (a int)").await;
        let wide = vec!["select a from t"; 2_000].join(" union all ");
        assert_eq!(analyzed(&test, &wide).await.plan.nodes.len(), 2_001);
        let deep = (0..300).fold("select a from t".to_owned(), |inner, at| {
            format!("select a from ({inner}) as q{at} where a > {at} offset 0")
        });
        let report = planned(&test, &deep).await;
        assert!(report.plan.nodes.iter().any(|node| node.level > 128), "{}", report.plan.nodes.len());
    })
    .await;
}

#[tokio::test]
async fn names_are_kept_as_they_are_whatever_is_in_them() {
    for_each_version(|test| async move {
        let name = "<script>alert('x')</script> \"quoted\" 😀\nline";
        let quoted = name.replace('"', "\"\"");
        test.run(&format!("create table \"{quoted}\" (\"a<b>\" int)")).await;
        let report = analyzed(&test, &format!("select * from \"{quoted}\" where \"a<b>\" = 1")).await;
        assert_eq!(report.plan.nodes[0].relation.as_deref(), Some(name));
    })
    .await;
}

#[tokio::test]
async fn what_took_the_time_is_charged_to_it_alone() {
    for_each_version(|test| async move {
        let sql = "with slow as materialized (select pg_sleep(0.3), 1 as a) \
                   select * from slow one, slow other where one.a = (select count(*) from pg_sleep(0.3))";
        let report = analyzed(&test, sql).await;
        let root = report.plan.nodes[0].measured.clone().unwrap();
        let together: f64 = report.plan.nodes.iter().map(|node| node.own_ms()).sum();
        let whole = root.total_ms.unwrap();
        assert!((together - whole).abs() < whole * 0.05, "{together} of {whole}\n{}", report.text);
        for node in &report.plan.nodes {
            let sleeps = node.kind == "Function Scan" || node.kind == "Result";
            assert!(sleeps || node.own_ms() < 100.0, "{} took {}\n{}", node.name, node.own_ms(), report.text);
        }
    })
    .await;
}

#[tokio::test]
async fn the_text_is_the_servers_own() {
    for_each_version(|test| async move {
        test.run("create table \"we\"\"ird\" (a int primary key, \"B\" text); create table u (a int)").await;
        for sql in [
            "select * from \"we\"\"ird\" w join u using (a) where \"B\" = 'x' order by w.\"B\" desc limit 3",
            "select count(*), max(a) from u group by a having count(*) > 1",
            "with recent as materialized (select * from u) select * from recent r left join \"we\"\"ird\" on r.a = \"we\"\"ird\".a",
            "select (select max(a) from u where u.a = w.a) from \"we\"\"ird\" w where a > (select min(a) from u)",
            "update u set a = 1 where a in (select a from \"we\"\"ird\")",
            "select * from generate_series(1, 3) g union all values (1)",
        ] {
            let report = planned(&test, sql).await;
            let own = own_text(&test, sql).await;
            assert_eq!(report.text.lines().take_while(|line| !line.contains("Planning")).collect::<Vec<_>>(), own);
        }
    })
    .await;
}

async fn own_text(test: &TestDatabase, sql: &str) -> Vec<String> {
    let mut session = test.session().await;
    let explain = sqlx::AssertSqlSafe(format!("explain (verbose, settings) {sql}"));
    sqlx::query_scalar(explain).fetch_all(&mut session).await.unwrap()
}
