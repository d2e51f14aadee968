//! What is said next fits a terminal: flags and verbs, no cursor and no list to reload.

use support::{Cli, any_database};

#[tokio::test]
async fn a_hint_names_the_flag_or_the_verb_that_helps() {
    let (cli, database) = (Cli::new(), any_database().await);
    std::fs::write(cli.home().join("there.csv"), "mine").unwrap();
    for (asked, code, said) in [
        (&["query", "select 1", "--out", "there.csv"][..], 1, "--overwrite"),
        (&["query", "select 1 as a", "--format", "insert"], 1, "--table NAME"),
        (&["run", "show", "99999"], 1, "evaldesk run list"),
        (&["query", "selct 1", "--explain"], 2, "it plans SELECT"),
    ] {
        let failed = cli.run(&[asked, &["--url", &database.url]].concat()).expect(code);
        assert!(failed.err.contains(said), "{asked:?}: {}", failed.err);
    }
    assert_eq!(std::fs::read_to_string(cli.home().join("there.csv")).unwrap(), "mine");
    for nothing in ["", " -- nothing\n"] {
        let failed = cli.run(&["query", nothing, "--url", &database.url]).expect(2);
        assert!(!failed.err.contains("cursor") && failed.err.contains("hint:"), "{}", failed.err);
    }
}

#[tokio::test]
async fn a_password_from_standard_input_is_for_the_connection_that_the_arguments_of_a_call_name() {
    let (cli, database) = (Cli::new(), any_database().await);
    database.run("create role asked_role login password 'right one'").await;
    database.run("grant pg_read_all_stats to asked_role; grant select on all tables in schema public to asked_role").await;
    let url = database.url_as("asked_role", "").replace(":@", "@");
    let _ = cli.run(&["connection", "add", "Asked", "--url", &url, "--ask"]).expect(0);
    let call = ["call", "run_list", r#"{"connection":"Asked","query":{}}"#];
    let asked = cli.run(&call).expect(3);
    assert!(asked.err.contains("--password-stdin"), "{}", asked.err);
    let given = cli.run_with_input(&[&call[..], &["--password-stdin"]].concat(), "right one\n").expect(0);
    assert!(given.out.contains("runs"), "{}", given.out);
}
