//! What the command line ran stays known: every run in the history, what was agreed to in the audit log.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use support::{Cli, any_database};

fn history(cli: &Cli) -> Vec<Value> {
    cli.json(&["call", "query_history_list", r#"{"count":100}"#]).as_array().unwrap().clone()
}

fn outcomes(cli: &Cli) -> Vec<(String, String)> {
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap().to_owned();
    history(cli).iter().map(|entry| (text(entry, "sql"), text(entry, "outcome"))).collect()
}

#[tokio::test]
async fn every_run_is_in_the_history_writes_and_failures_too() {
    let (cli, database) = (Cli::new(), any_database().await);
    for n in 1..=10 {
        let sql = format!("update evaluation_runs set name = name where id = {n}");
        let _ = cli.run(&["query", &sql, "--url", &database.url]).expect(0);
    }
    let _ = cli.run(&["query", "select 1; select * from nope", "--url", &database.url]).expect(1);
    let found = outcomes(&cli);
    assert_eq!(found.len(), 11, "{found:?}");
    assert_eq!(found[0], ("select 1; select * from nope".to_owned(), "failed".to_owned()));
    let done =
        |n: usize| (format!("update evaluation_runs set name = name where id = {n}"), "done".to_owned());
    assert_eq!(found[1..], (1..=10).rev().map(done).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_was_agreed_to_is_in_the_audit_log_as_well_and_holds_no_value() {
    let (cli, database) = (Cli::new(), any_database().await);
    database.run("create table gone (a text); insert into gone values ('x')").await;
    let truncate = ["query", "truncate gone", "--yes", "--url", &database.url];
    let _ = cli.run(&truncate).expect(0);
    let delete = ["query", "delete from gone where 'hunter2' = 'hunter2'", "--yes", "--url", &database.url];
    let _ = cli.run(&delete).expect(0);
    let _ = cli.run(&["query", "drop table gone", "--url", &database.url]).expect(4);
    assert_eq!(outcomes(&cli).len(), 2, "what was refused did not run");
    let audit = cli.json(&["audit", "--json"]);
    let told: Vec<(&str, &str)> = audit
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["action"] == "query_run")
        .map(|line| (line["subject"].as_str().unwrap(), line["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(told.len(), 2, "{audit}");
    for ((subject, outcome), verb) in told.iter().zip(["truncate", "delete"]) {
        let subject = subject.to_lowercase();
        assert!(subject.contains(verb) && subject.contains("gone") && *outcome == "ok", "{audit}");
        assert!(!subject.contains("hunter2"), "{audit}");
    }
}

#[tokio::test]
async fn an_interrupted_run_is_in_the_history_as_cancelled() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "select pg_sleep(100) as interrupted";
    let mut command: Command = cli.command();
    command.args(["query", sql, "--url", &database.url]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    let running = "select count(*) from pg_stat_activity where query like '%interrupted%' and state = 'active' \
        and pid <> pg_backend_pid()";
    while database.value(running).await.as_deref() != Some("1") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(1));
    assert_eq!(outcomes(&cli), [(sql.to_owned(), "cancelled".to_owned())]);
}

#[tokio::test]
async fn a_reader_that_goes_away_hides_no_run() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "select repeat('x', 100) from generate_series(1, 100000)";
    let mut command: Command = cli.command();
    command.args(["query", sql, "--json", "--url", &database.url]).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut String::new()).unwrap();
    out.by_ref().take(10).read_to_end(&mut Vec::new()).unwrap();
    drop(out);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(outcomes(&cli), [(sql.to_owned(), "done".to_owned())]);
}

#[tokio::test]
async fn a_run_that_a_call_began_ends_with_it_and_is_known() {
    let (cli, database) = (Cli::new(), any_database().await);
    let asked = r#"{"tab":"t","text":"select pg_sleep(100)","range":{"kind":"all"}}"#;
    let _ = cli.run(&["call", "query_run", asked, "--url", &database.url]).expect(0);
    assert_eq!(outcomes(&cli), [("select pg_sleep(100)".to_owned(), "cancelled".to_owned())]);
}
