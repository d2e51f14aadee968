//! `evaldesk query --format F --out FILE`: all rows, whole cells, as they come.

use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use evaldesk_core::query::export::ExportManifest;
use support::{Cli, TestDatabase, any_database};

/// In a list of columns the series is made row by row; in a from clause the server would lay all of it down first.
const ENDLESS: &str = "select /* endless */ generate_series(1, 1000000000), repeat('x', 100)";

/// Waits until the server works on nothing of ours.
async fn nothing_runs(database: &TestDatabase) {
    let running = "select count(*) from pg_stat_activity where query like '%endless%' and state = 'active' \
        and pid <> pg_backend_pid()";
    while database.value(running).await.as_deref() != Some("0") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn started(cli: &Cli, arguments: &[&str]) -> Child {
    let mut command: Command = cli.command();
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn interrupt(child: &Child) {
    let process = rustix::process::Pid::from_child(child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
}

#[tokio::test]
async fn each_format_is_written_to_standard_output() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "select 1 as a, null::text as b, 'x,\"y\"' as c";
    for (format, wanted) in [
        ("csv", "a,b,c\r\n1,,\"x,\"\"y\"\"\"\r\n"),
        ("tsv", "a\tb\tc\n1\t\\N\tx,\"y\"\n"),
        ("json", "[\n{\"a\":1,\"b\":null,\"c\":\"x,\\\"y\\\"\"}\n]\n"),
        ("jsonl", "{\"a\":1,\"b\":null,\"c\":\"x,\\\"y\\\"\"}\n"),
        ("insert", "insert into t (\"a\", \"b\", \"c\") values\n(1, null, 'x,\"y\"');\n"),
    ] {
        let table = if format == "insert" { &["--table", "T"][..] } else { &[] };
        let asked = ["query", sql, "--format", format, "--url", &database.url];
        let ran = cli.run(&[&asked[..], table].concat()).expect(0);
        assert_eq!(
            ran.out,
            if format == "insert" { wanted.replace(" t ", " \"t\" ") } else { wanted.to_owned() }
        );
        assert_eq!(ran.err, "", "{format}");
    }
    let table = cli.run(&["query", sql, "--url", &database.url]).expect(0);
    assert!(table.out.contains("NULL") && table.err == "1 row\n", "{}{}", table.out, table.err);
    let parquet = cli.command().args(["query", sql, "--format", "parquet", "--url", &database.url]).output();
    let parquet = parquet.unwrap().stdout;
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[tokio::test]
async fn a_file_is_whole_or_not_there_and_has_its_manifest() {
    let (cli, database) = (Cli::new(), any_database().await);
    let asked =
        ["query", "select n from generate_series(1, :many::int) n", "--param", "many=7", "--out", "n.csv"];
    let asked = [&asked[..], &["--url", &database.url]].concat();
    let ran = cli.run(&asked).expect(0);
    assert!(ran.out.is_empty() && ran.err.contains("7 rows"), "{}", ran.err);
    let file = cli.home().join("n.csv");
    assert_eq!(std::fs::read_to_string(&file).unwrap().lines().count(), 8);
    let manifest = std::fs::read(cli.home().join("n.csv.manifest.json")).unwrap();
    let manifest: ExportManifest = serde_json::from_slice(&manifest).unwrap();
    assert_eq!((manifest.rows, manifest.parameters[0].value.as_deref()), (7, Some("7")));
    let sum = Command::new("sha256sum").arg(&file).output().unwrap().stdout;
    assert!(String::from_utf8(sum).unwrap().starts_with(&manifest.sha256));

    let refused = cli.run(&asked).expect(1);
    assert!(refused.err.contains("n.csv is already there"), "{}", refused.err);
    let done = cli.json(&[&asked[..], &["--overwrite", "--json"]].concat());
    assert_eq!((&done["rows"], &done["sha256"]), (&7.into(), &manifest.sha256.into()));
}

#[tokio::test]
async fn rows_that_go_out_as_they_come_are_in_the_history_like_all_others() {
    let (cli, database) = (Cli::new(), any_database().await);
    let url = ["--url", &database.url];
    for asked in [
        &["query", "select 'streamed' as a", "--format", "csv"][..],
        &["query", "select 'filed' as a;", "--out", "a.csv"],
        &["query", "select 'shown' as a"],
    ] {
        cli.run(&[asked, &url].concat()).expect_code(0);
    }
    cli.run(&[&["query", "select nothing", "--format", "csv"], &url[..]].concat()).expect_code(1);
    // Refused before anything was sent: no run.
    cli.run(&[&["query", "select 'filed' as a", "--out", "a.csv"], &url[..]].concat()).expect_code(1);
    let history = cli.json(&["call", "query_history_list", "{}"]);
    let mut runs: Vec<_> =
        history.as_array().unwrap().iter().map(|run| (&run["sql"], &run["outcome"], &run["rows"])).collect();
    runs.reverse();
    let one = serde_json::json!(1);
    assert_eq!(
        runs,
        [
            (&"select 'streamed' as a".into(), &"done".into(), &one),
            (&"select 'filed' as a".into(), &"done".into(), &one),
            (&"select 'shown' as a".into(), &"done".into(), &one),
            (&"select nothing".into(), &"failed".into(), &serde_json::Value::Null),
        ]
    );
    let failed = &history[0]["error"];
    assert_eq!(failed["sqlstate"], "42703");
}

#[tokio::test]
async fn json_has_whole_cells_and_every_row() {
    let (cli, database) = (Cli::new(), any_database().await);
    let sql = "select n, case when n = 2 then repeat('ä', 3000000) when n = 3 then null else '' end as long \
        from generate_series(1, 2500) n; select 'second' as s where false";
    let document = cli.json(&["query", sql, "--json", "--url", &database.url]);
    assert_eq!(document["statements"][0]["tag"], "SELECT 2500");
    let rows = document["rows"][0].as_array().unwrap();
    assert_eq!((rows.len(), document["rows"][1].as_array().unwrap().len()), (2500, 0));
    assert_eq!(rows[0], serde_json::json!(["1", ""]));
    assert_eq!(rows[1][1].as_str().unwrap(), "ä".repeat(3_000_000));
    assert_eq!((&rows[2][1], &rows[2499][0]), (&serde_json::Value::Null, &"2500".into()));
}

#[tokio::test]
async fn what_writes_and_scripts_run_first_and_then_their_rows_are_written() {
    let (cli, database) = (Cli::new(), any_database().await);
    let target = ["--format", "csv", "--url", &database.url];
    let script = "create table t (a int, b text); insert into t values (1, 'x') returning a; select b from t";
    let ran = cli.run(&[&["query", script][..], &target].concat()).expect(0);
    assert_eq!(ran.out, "a\r\n1\r\nb\r\nx\r\n");
    assert!(ran.err.contains("CREATE TABLE"), "{}", ran.err);
    let insert = ["query", "insert into t values (2, 'y') returning *", "--out", "t.jsonl"];
    let _ = cli.run(&[&insert[..], &["--url", &database.url]].concat()).expect(0);
    assert_eq!(std::fs::read_to_string(cli.home().join("t.jsonl")).unwrap(), "{\"a\":2,\"b\":\"y\"}\n");
    let refused = cli.run(&[&insert[..], &["--url", &database.url, "--read-only", "--overwrite"]].concat());
    refused.expect_code(4);
    let shown = cli.run(&[&["query", "show server_version_num"][..], &target].concat()).expect(0);
    assert!(shown.out.starts_with("server_version_num\r\n"), "{}", shown.out);
}

#[tokio::test]
async fn what_is_not_understood_is_said_before_anything_is_sent() {
    let (cli, database) = (Cli::new(), any_database().await);
    let url = ["--url", &database.url];
    for (asked, said) in [
        (&["query", "create table u (); select 1", "--out", "a.csv"][..], "one statement"),
        (&["query", "select 1", "--out", "a.dat"], "--format csv"),
        (&["query", "select 1", "--out", "a.csv", "--format", "table"], "--format csv"),
        (&["query", "select 1", "--json", "--format", "csv"], "two formats"),
        (&["query", "select :x", "--format", "csv"], "--param NAME=VALUE"),
        (&["query", "select 1", "--format", "xml"], "possible values"),
    ] {
        let refused = cli.run(&[asked, &url].concat()).expect(2);
        assert!(refused.err.contains(said) && refused.out.is_empty(), "{}", refused.err);
    }
    let failed = cli.run(&[&["query", "select nothing", "--format", "csv"], &url[..]].concat()).expect(1);
    assert!(failed.err.contains("nothing") && failed.out.is_empty(), "{}", failed.err);
    assert_eq!(database.value("select to_regclass('u')").await, None);
}

#[tokio::test]
async fn a_closed_pipe_ends_it_quietly_and_cancels_on_the_server() {
    let (cli, database) = (Cli::new(), any_database().await);
    for format in ["csv", "jsonl"] {
        let mut child = started(&cli, &["query", ENDLESS, "--format", format, "--url", &database.url]);
        let mut head = [0; 1000];
        child.stdout.take().unwrap().read_exact(&mut head).unwrap();
        let ended = child.wait_with_output().unwrap();
        assert_eq!((ended.status.code(), String::from_utf8_lossy(&ended.stderr).as_ref()), (Some(0), ""));
        nothing_runs(&database).await;
    }
}

#[tokio::test]
async fn an_interrupt_cancels_on_the_server_and_leaves_no_half_file() {
    let (cli, database) = (Cli::new(), any_database().await);
    let child = started(&cli, &["query", ENDLESS, "--out", "half.csv", "--url", &database.url]);
    let aside = cli.home().join("half.csv.partial");
    while std::fs::metadata(&aside).map_or(0, |found| found.len()) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    interrupt(&child);
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("cancelled"));
    assert!(!aside.exists() && !cli.home().join("half.csv").exists());
    nothing_runs(&database).await;
}
