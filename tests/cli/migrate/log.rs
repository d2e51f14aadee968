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

#[tokio::test]
async fn the_log_is_read_by_people_too() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int)").await;
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int);\nalter table t add column more int;\n")
        .file("2_b.up.sql", "-- evaldesk: no-transaction\ncreate table b (id int);\nselect 1 / 0;\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let empty = cli.run(&[&["migrate", "log"], &with[..]].concat()).expect(0);
    assert!(empty.out.is_empty() && empty.err.contains("Nothing is written down."), "{empty:?}");
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(1);
    let log = cli.run(&[&["migrate", "log"], &with[..]].concat()).expect(0);
    let lines: Vec<_> = log.out.lines().collect();
    assert!(lines[1].contains("failed") && lines[1].contains("1/2"), "the newest first: {}", log.out);
    assert!(lines[2].contains("division by zero"), "{}", log.out);
    assert!(
        lines[3].contains("done") && lines[3].contains("2/2") && lines[3].contains(" UTC  "),
        "{}",
        log.out
    );
    let of_one =
        cli.run(&[&["migrate", "log", "--version", "2", "--limit", "1"], &with[..]].concat()).expect(0);
    assert_eq!(of_one.out.lines().count(), 3, "{}", of_one.out);

    let id = lines[3].split_whitespace().last().unwrap();
    let entry = cli.run(&[&["migrate", "log", id], &with[..]].concat()).expect(0).out;
    assert!(entry.contains("ACCESS EXCLUSIVE on t, by statement 2"), "{entry}");
    assert!(entry.contains("-- 1_a.up.sql (SHA-384 "), "{entry}");
    let nobodys = "00000000-0000-7000-8000-000000000000";
    assert!(
        cli.run(&[&["migrate", "log", nobodys], &with[..]].concat()).expect(1).err.contains("has no entry")
    );
}
