//! A text of several statements on the command line: where it failed, what was left, what a transaction came to.

use serde_json::Value;
use support::{Cli, Finished, any_database};

/// The report that is the last line of standard error.
fn report(finished: &Finished) -> Value {
    serde_json::from_str(finished.err.lines().last().unwrap()).unwrap_or_else(|_| panic!("{}", finished.err))
}

#[tokio::test]
async fn a_transaction_that_is_left_open_is_no_success() {
    let (cli, database) = (Cli::new(), any_database().await);
    database.run("create table t as select 1 as n").await;
    let url = ["--url", &database.url];
    let left = "begin; update t set n = 2 where n > 0";
    let lost = cli.run(&[&["query", left][..], &url].concat()).expect(1);
    assert!(lost.err.contains("UPDATE 1") && lost.err.contains("was rolled back"), "{}", lost.err);
    assert!(lost.err.contains("hint:") && lost.err.contains("commit"), "{}", lost.err);
    let lost = cli.run(&[&["query", left, "--json"][..], &url].concat()).expect(1);
    assert_eq!(report(&lost)["code"], "precondition");
    assert!(lost.out.contains("\"transaction\": \"open\""), "{}", lost.out);
    let rows = [&["query", "begin; select n from t", "--format", "csv"][..], &url].concat();
    assert!(cli.run(&rows).expect(1).err.contains("was rolled back"));
    assert_eq!(database.value("select n from t").await.as_deref(), Some("1"));

    let failed = cli
        .run(&[&["query", "begin; update t set n = 2 where n > 0; select 1 / 0; commit"][..], &url].concat());
    let failed = failed.expect(1);
    assert!(failed.err.contains("division by zero") && failed.err.contains("rolled back"), "{}", failed.err);
    assert_eq!(database.value("select n from t").await.as_deref(), Some("1"));

    let kept =
        "begin; update t set n = 2 where n > 0; commit; begin; update t set n = 3 where n > 0; rollback";
    let _ = cli.run(&[&["query", kept][..], &url].concat()).expect(0);
    assert_eq!(database.value("select n from t").await.as_deref(), Some("2"));
}

#[tokio::test]
async fn an_error_says_which_statement_where_and_what_was_not_run() {
    let (cli, database) = (Cli::new(), any_database().await);
    let url = ["--url", &database.url];
    let script = "select 1;\nselect 'ä', x\n  from nope;\nselect 3;\nselect 4";
    let failed = cli.run(&[&["query", script][..], &url].concat()).expect(1);
    let lines: Vec<&str> = failed.err.lines().collect();
    let at = lines.iter().position(|line| line.starts_with("error:")).unwrap();
    assert_eq!(
        lines[at..],
        [
            "error: relation \"nope\" does not exist (SQLSTATE 42P01)",
            "LINE 3:   from nope;",
            "               ^",
            "where: statement 2 of 4; 2 after it were not run",
        ],
    );
    let place = &report(&cli.run(&[&["query", script, "--json"][..], &url].concat()).expect(1))["place"];
    assert_eq!(
        *place,
        serde_json::json!({
            "statement": 2, "statements": 4, "notRun": 2, "line": 3, "column": 8, "excerpt": "  from nope;", "caret": 7
        })
    );

    let one = cli.run(&[&["query", "selct 1"][..], &url].concat()).expect(1);
    assert!(one.err.contains("LINE 1: selct 1\n        ^") && !one.err.contains("where:"), "{}", one.err);
    let no_place = cli.run(&[&["query", "select 1;\nselect 1 / 0"][..], &url].concat()).expect(1);
    assert!(no_place.err.ends_with("where: statement 2 of 2, in line 2\n"), "{}", no_place.err);
}

#[tokio::test]
async fn a_secret_that_was_typed_is_not_in_the_error() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "alter role nobody with password 'hunter2' nonsense";
    for more in [&[][..], &["--json"]] {
        let failed = cli.run(&[&["query", sql, "--url", &database.url][..], more].concat()).expect(1);
        assert!(!failed.err.contains("hunter2"), "{}", failed.err);
    }
}
