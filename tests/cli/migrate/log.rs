//! What ran, who ran it, and what the file says now.

use support::{Cli, empty_database, usual};

use super::Folder;

#[tokio::test]
async fn the_log_tells_what_ran_and_keeps_its_text() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let log = cli.json(&[&["migrate", "log", "--json"], &with[..]].concat());
    assert_eq!((&log["place"], &log["entries"][0]["outcome"]), (&"file".into(), &"done".into()));
    let id = log["entries"][0]["id"].as_str().unwrap();
    let entry = cli.run(&[&["migrate", "log", id], &with[..]].concat()).expect(0);
    assert!(entry.out.contains("create table a (id int)") && entry.out.contains("(cli"), "{}", entry.out);
    let _ = cli.run(&[&["migrate", "log", "nonsense"], &with[..]].concat()).expect(2);
    // The log of another place: with consent it is in the database, and outlives this home.
    let folder = folder.file("2_b.up.sql", "create table b (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up", "--log-schema"], &with[..]].concat()).expect(0);
    let elsewhere = Cli::new();
    let log = elsewhere.json(&[&["migrate", "log", "--json"], &with[..]].concat());
    assert_eq!(log["entries"][0]["version"], "2");
}

#[tokio::test]
async fn a_changed_file_is_shown_beside_what_ran() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)\n");
    let _ = cli.run(&["connection", "add", "Here", "--url", &database.url]).expect(0);
    let edit = ["connection", "edit", "Here", "--migrations-folder", folder.path()];
    let _ = cli.run(&edit).expect(0);
    let _ = cli.run(&["migrate", "up", "--connection", "Here"]).expect(0);
    let _ = folder.file("1_a.up.sql", "create table a (id bigint)\n");
    let diff = cli.json(&["call", "migrate_diff", r#"{"connection": "Here", "version": "1"}"#]);
    assert_eq!(diff["lines"][0], serde_json::json!({"kind": "ran", "text": "create table a (id int)"}));
    assert_eq!(diff["lines"][1], serde_json::json!({"kind": "now", "text": "create table a (id bigint)"}));
}
