//! How long a statement may run: by the connection, by `--timeout`, and into a file.

use support::{Cli, any_database};

#[tokio::test]
async fn a_limit_is_given_for_one_command_and_none_by_zero() {
    let (cli, database) = (Cli::new(), any_database().await);
    let url = ["--url", &database.url];
    for (given, shown) in [(&[][..], "30s"), (&["--timeout", "33"], "33s"), (&["--timeout", "0"], "0")] {
        let asked = [&["query", "show statement_timeout"][..], given, &url].concat();
        assert_eq!(cli.run(&asked).expect(0).out.lines().last(), Some(shown));
    }
    let late = [&["query", "select pg_sleep(100)", "--timeout", "0.2"][..], &url].concat();
    let late = cli.run(&late).expect(1);
    assert!(late.err.contains("0.2 s") && late.err.contains("--timeout SECONDS"), "{}", late.err);
    let refused = cli.run(&[&["query", "select 1", "--timeout=-1"][..], &url].concat()).expect(2);
    assert!(refused.err.contains("no limit"), "{}", refused.err);
}

#[tokio::test]
async fn rows_into_a_file_have_no_limit_but_the_one_that_is_given() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli.run(&["connection", "add", "Here", "--url", &database.url]).expect(0);
    let _ = cli.run(&["connection", "edit", "Here", "--statement-timeout", "0.2"]).expect(0);
    let slow = ["query", "select pg_sleep(0.5)", "--out", "a.csv", "--connection", "Here"];
    let _ = cli.run(&slow).expect(0);
    let late = cli.run(&[&slow[..], &["--overwrite", "--timeout", "0.2"]].concat()).expect(1);
    assert!(late.err.contains("longer than 0.2 s") && late.err.contains("--timeout"), "{}", late.err);
    let piped = ["query", "select pg_sleep(100)", "--format", "csv", "--timeout", "0.2", "-c", "Here"];
    assert!(cli.run(&piped).expect(1).err.contains("longer than 0.2 s"));
}

#[tokio::test]
async fn the_limits_of_a_connection_are_set_and_shown() {
    let (cli, database) = (Cli::new(), any_database().await);
    let limits = [
        "--statement-timeout",
        "45",
        "--lock-timeout",
        "1.5",
        "--idle-timeout",
        "0",
        "--connect-timeout",
        "5",
    ];
    let _ =
        cli.run(&[&["connection", "add", "Here", "--url", &database.url][..], &limits].concat()).expect(0);
    let shown = cli.json(&["connection", "show", "Here", "--json"]);
    assert_eq!(
        shown["timeouts"],
        serde_json::json!({"connectMs": 5000, "statementMs": 45000, "lockMs": 1500, "idleInTransactionMs": 0})
    );
    let read = cli.run(&["connection", "show", "Here"]).expect(0).out;
    assert!(read.contains("45 s") && read.contains("none"), "{read}");
    let sql = "select current_setting('statement_timeout') || ' ' || current_setting('lock_timeout')";
    let ran = cli.run(&["query", sql, "--connection", "Here"]).expect(0);
    assert_eq!(ran.out.lines().last(), Some("45s 1500ms"));
}
