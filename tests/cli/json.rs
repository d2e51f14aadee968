//! `--json`: one document on stdout, whatever happens; an error is a document on stderr.

use serde_json::Value;
use support::{Cli, any_database, empty_database, usual};

#[tokio::test]
async fn every_verb_writes_one_document() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let _ = cli.run(&["connection", "add", "Here", "--url", &database.url]).expect(0);
    let svg = cli.home().join("sizes.svg");
    let mut id = String::new();
    for verb in [
        &["connection", "list"][..],
        &["connection", "show", "Here"],
        &["connection", "test", "Here"],
        &["migrate", "status"],
        &["migrate", "plan"],
        &["migrate", "up"],
        &["demo", "load", "--runs", "3", "--results", "6"],
        &["run", "list"],
        &["run", "show", "1"],
        &["result", "list", "1"],
        &["schema", "show"],
        &["schema", "show", "evaluation_runs"],
        &["health", "report"],
        &["health", "indexes"],
        &["maintain", "vacuum"],
        &["chart", "index-sizes", "--out", svg.to_str().unwrap()],
        &["call", "demo_load", r#"{"runs": 2, "results": 2, "append": true}"#],
        &["call", "--list"],
        &["job", "list"],
        &["audit"],
        &["local", "status"],
        &["migrate", "down", "20251106000001", "--yes", "--confirm", &database.name],
        &["connection", "remove", "Here", "--yes"],
    ] {
        let aimed = !matches!(verb[0], "connection" | "local");
        let target: &[&str] = if aimed { &["--connection", "Here"] } else { &[] };
        let document = cli.json(&[verb, target, &["--json"]].concat());
        if verb == ["job", "list"] {
            id = document[0]["id"].as_str().unwrap().to_owned();
        }
    }
    assert_eq!(cli.json(&["job", "show", &id, "--json"])["state"], "done");
}

#[test]
fn an_error_is_a_report_on_stderr_and_nothing_on_stdout() {
    let url = "postgres://me@127.0.0.1:9/raaf";
    let finished = Cli::new().run(&["run", "list", "--json", "--url", url]).expect(3);
    assert_eq!(finished.out, "");
    let report: Value = serde_json::from_str(finished.err.lines().last().unwrap()).unwrap();
    assert_eq!(report["code"], "connection_refused");
    assert!(report["hint"].is_string());
}

#[tokio::test]
async fn a_result_that_cannot_be_written_is_a_failure() {
    let (cli, database) = (Cli::new(), any_database().await);
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let status = cli.command().args(["run", "list", "--url", &database.url]).stdout(full).status().unwrap();
    assert_eq!(status.code(), Some(1));
}
