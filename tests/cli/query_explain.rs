//! `evaldesk query --explain`: the same answer as in the window.

use std::process::Stdio;
use std::time::Duration;

use support::{Cli, TestDatabase, any_database};

#[tokio::test]
async fn a_plan_is_printed_as_in_psql_with_what_it_means() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "select * from evaluation_spans where span_data @> '{\"metadata\": {\"model\": \"gpt-4o\"}}'";
    let planned = cli.run(&["query", sql, "--explain", "--url", &database.url]).expect(0);
    assert!(planned.out.contains("Scan on public.evaluation_spans"), "{}", planned.out);
    assert!(!planned.out.contains("actual time"), "{}", planned.out);
    assert!(planned.err.contains("Planned, not run."), "{}", planned.err);
    let measured = cli.run(&["query", sql, "--explain", "--analyze", "--url", &database.url]).expect(0);
    assert!(measured.out.contains("actual time="), "{}", measured.out);
    assert!(measured.err.contains("may only read"), "{}", measured.err);
    let json = cli.json(&["query", sql, "--explain", "--json", "--url", &database.url]);
    assert_eq!(json["ran"], "planned");
}

#[tokio::test]
async fn a_rewrite_is_printed_with_what_it_came_to() {
    let (cli, database) = (Cli::new(), any_database().await);
    database
        .run(
            "create table r as select n as id, jsonb_build_object('k', n) as data, repeat('x', 200) as note
                 from generate_series(1, 40000) n;
             create index r_data on r using gin (data); analyze r",
        )
        .await;
    let sql = "select id from r where data ->> 'k' = '7'";
    let planned = cli.run(&["query", sql, "--explain", "--url", &database.url]).expect(0);
    assert!(planned.out.contains("after the rewrite: cost "), "{}", planned.out);
    assert!(planned.out.contains(", estimated"), "{}", planned.out);
    let measured = cli.run(&["query", sql, "--explain", "--analyze", "--url", &database.url]).expect(0);
    let line = measured.out.lines().find(|line| line.contains("after the rewrite: ")).unwrap();
    assert!(line.matches(" → ").count() == 2 && line.ends_with(" touched"), "{line}");
}

#[tokio::test]
async fn a_write_is_rolled_back_and_refused_where_only_reads_are_meant() {
    let (cli, database) = (Cli::new(), any_database().await);
    database.run("create table t (a int); insert into t values (1)").await;
    let update = [
        "query",
        "update t set a = :new where a = 1",
        "--param",
        "new=2",
        "--explain",
        "--analyze",
        "--url",
        &database.url,
    ];
    let ran = cli.run(&[&update[..], &["--yes"]].concat()).expect(0);
    assert!(ran.err.contains("Ran, and rolled back."), "{}", ran.err);
    assert!(ran.err.contains("sequence"), "{}", ran.err);
    let refused = cli.run(&[&update[..], &["--read-only"]].concat()).expect(4);
    assert!(refused.err.contains("without --analyze"), "{}", refused.err);
    assert_eq!(database.value("select a from t").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn what_has_no_plan_is_refused_by_its_name() {
    let (cli, database) = (Cli::new(), any_database().await);
    let finished = cli.run(&["query", "vacuum", "--explain", "--url", &database.url]).expect(2);
    assert!(finished.err.contains("PostgreSQL has no plan for VACUUM"), "{}", finished.err);
}

#[tokio::test]
async fn ctrl_c_cancels_what_is_measured_on_the_server() {
    let (cli, database) = (Cli::new(), any_database().await);
    let arguments = ["query", "select pg_sleep(600)", "--explain", "--analyze", "--url", &database.url];
    let mut command = cli.command();
    let ran = command.args(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    until_measuring(&database, "1").await;
    let process = ran.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &process]).status().unwrap().success());
    let ended = ran.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert_eq!(
        (ended.status.code(), said.contains("the explanation was cancelled")),
        (Some(1), true),
        "{said}"
    );
    until_measuring(&database, "0").await;
}

async fn until_measuring(database: &TestDatabase, sessions: &str) {
    let asked = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and state = 'active' and query like 'explain%sleep%'",
        database.name
    );
    for _ in 0..600 {
        if database.value(&asked).await.as_deref() == Some(sessions) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {sessions}");
}
