//! `evaldesk connection`: what is saved, and the true cause when it does not work.

use support::{Cli, any_database};

#[tokio::test]
async fn a_connection_is_saved_listed_tested_and_removed() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli
        .run(&["connection", "add", "Staging", "--url", &database.url, "--environment", "staging"])
        .expect(0);
    let listed = cli.json(&["connection", "list", "--json"]);
    assert_eq!(listed["connections"][0]["name"], "Staging");
    assert_eq!(listed["connections"][0]["environment"], "staging");
    let _ = cli.run(&["connection", "test", "Staging"]).expect(0);
    let _ = cli.run(&["connection", "remove", "Staging", "--yes"]).expect(0);
    assert_eq!(cli.json(&["connection", "list", "--json"])["connections"].as_array().unwrap().len(), 0);
}

#[test]
fn a_refused_port_is_said_to_be_refused() {
    // Port 9 is discard; nothing of this machine listens there.
    let finished = Cli::new().run(&["run", "list", "--url", "postgres://me@127.0.0.1:9/raaf"]).expect(3);
    assert!(
        finished.err.contains("127.0.0.1:9") && finished.err.contains("nothing listens"),
        "{}",
        finished.err
    );
    assert!(finished.err.contains("hint:"), "{}", finished.err);
}

#[test]
fn a_host_that_does_not_exist_is_named() {
    let finished =
        Cli::new().run(&["run", "list", "--url", "postgres://me@no-such-host.invalid/raaf"]).expect(3);
    assert!(finished.err.contains("no-such-host.invalid"), "{}", finished.err);
}

#[tokio::test]
async fn a_wrong_password_is_called_wrong_and_not_shown() {
    let database = any_database().await;
    database.run("create role cli_reader login password 'right-one'").await;
    let url = database.url_as("cli_reader", "wrong-one-4711");
    let finished = Cli::new().run(&["run", "list", "--url", &url]).expect(3);
    assert!(finished.err.contains("cli_reader"), "{}", finished.err);
    assert!(
        finished.err.contains("28P01") || finished.err.to_lowercase().contains("password"),
        "{}",
        finished.err
    );
    assert!(!finished.err.contains("wrong-one-4711"), "{}", finished.err);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let database = any_database().await;
    let url = database.cluster().url("nowhere");
    let finished = Cli::new().run(&["run", "list", "--url", &url]).expect(3);
    assert!(finished.err.contains("nowhere"), "{}", finished.err);
}

#[test]
fn what_is_no_url_is_refused_as_usage() {
    let finished = Cli::new().run(&["run", "list", "--url", "htp:/what"]).expect(2);
    assert!(finished.err.contains("URL") || finished.err.contains("url"), "{}", finished.err);
}

#[tokio::test]
async fn a_broken_profile_file_is_kept_beside_and_never_overwritten() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli.run(&["connection", "add", "First", "--url", &database.url]).expect(0);
    let file = cli.find("connections.json");
    std::fs::write(&file, "{\"version\": 1, \"profi").unwrap();
    let listed = cli.run(&["connection", "list"]).expect(0);
    assert!(!listed.err.is_empty(), "a broken file is worth a word");
    let folder = file.parent().unwrap();
    let kept = std::fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path()).find(|path| {
        path != &file && std::fs::read_to_string(path).is_ok_and(|text| text == "{\"version\": 1, \"profi")
    });
    assert!(
        kept.is_some() || std::fs::read_to_string(&file).unwrap().contains("profi"),
        "the broken file is gone"
    );
}

#[tokio::test]
async fn a_profile_file_of_a_newer_version_is_left_alone() {
    let (cli, database) = (Cli::new(), any_database().await);
    let _ = cli.run(&["connection", "add", "First", "--url", &database.url]).expect(0);
    let file = cli.find("connections.json");
    let newer = r#"{"version": 9999, "profiles": [], "more": true}"#;
    std::fs::write(&file, newer).unwrap();
    let finished = cli.run(&["connection", "add", "Second", "--url", &database.url]);
    assert_ne!(finished.code, 0, "{}", finished.out);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), newer);
}
