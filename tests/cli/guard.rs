//! What the command line refuses, and what it asks for first.

use support::{Cli, any_database, for_each_version};

#[tokio::test]
async fn production_asks_for_the_databases_name() {
    let (cli, database) = (Cli::new(), any_database().await);
    add(&cli, &database.url, &["--environment", "production"]);
    let load = ["demo", "load", "--runs", "3", "--results", "6", "--connection", "Here"];
    for verb in [&load[..], &["maintain", "vacuum", "--connection", "Here"]] {
        let refused = cli.run(&[verb, &["--yes"]].concat()).expect(4);
        assert!(refused.err.contains(&format!("--confirm {}", database.name)), "{}", refused.err);
        let _ = cli.run(&[verb, &["--confirm", "another"]].concat()).expect(4);
    }
    assert_eq!(database.count("evaluation_runs").await, 0);
    let _ = cli.run(&[&load[..], &["--confirm", &database.name]].concat()).expect(0);
    assert_eq!(database.count("evaluation_runs").await, 3);
}

#[tokio::test]
async fn a_yes_does_not_delete_tables() {
    let (cli, database) = (Cli::new(), any_database().await);
    let down = ["migrate", "down", "20251106000001", "--yes", "--url", &database.url];
    let refused = cli.run(&down).expect(4);
    assert!(refused.err.contains("this deletes"), "{}", refused.err);
    let _ = cli.run(&[&down[..], &["--confirm", "another"]].concat()).expect(4);
    assert_eq!(database.count("evaluation_runs").await, 0);
}

#[tokio::test]
async fn a_read_only_connection_writes_nothing() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli.run(&["connection", "add", "Other", "--url", &database.url]).expect(0);
    add(&cli, &database.url, &["--read-only"]);
    for verb in
        [&["demo", "load"][..], &["maintain", "vacuum"], &["migrate", "down", "20251106000001", "--yes"]]
    {
        let refused = cli.run(&[verb, &["--connection", "Here"]].concat()).expect(4);
        assert!(refused.err.contains("Here is read-only"), "{}", refused.err);
    }
    // The URL of saved connections is the most careful of them, with its guard, and with its own sslmode.
    let _ = cli.run(&["demo", "load", "--url", &database.url]).expect(4);
    let _ = cli.run(&["run", "list", "--url", &format!("{}?sslmode=require", database.url)]).expect(3);
    let _ = cli.run(&["run", "list", "--connection", "Here"]).expect(0);
}

/// Free as it is, the connection takes all of these in a tab.
#[tokio::test]
async fn an_export_is_no_way_around_what_only_reads() {
    for_each_version(|database| async move {
        let cli = Cli::new();
        add(&cli, &database.url, &["--writes", "free"]);
        let (marked, out) = (cli.home().join("marked"), cli.home().join("x.csv"));
        let program = format!("copy (select 1) to program 'touch {}'", marked.display());
        for sql in [
            program.as_str(),
            "select pg_terminate_backend(0)",
            "select pg_advisory_lock(1)",
            "select pg_read_file('postgresql.conf')",
            "notify c",
            "do $$ begin end $$",
            "lock table evaluation_runs",
            "commit",
            "rollback",
        ] {
            let asked =
                serde_json::json!({ "connection": "Here", "text": sql, "format": "csv", "path": out });
            let called = cli.run(&["call", "query_export", &asked.to_string()]).expect(4);
            assert!(called.err.contains("was not sent") && called.err.contains("hint:"), "{}", called.err);
            let asked = ["query", sql, "--out", "x.csv", "--read-only", "--connection", "Here"];
            if !matches!(sql, "commit" | "rollback") {
                cli.run(&asked).expect_code(4);
            }
            assert!(!out.exists() && !marked.exists(), "{sql}");
        }
    })
    .await;
}

fn add(cli: &Cli, url: &str, more: &[&str]) {
    let _ = cli.run(&[&["connection", "add", "Here", "--url", url][..], more].concat()).expect(0);
}
