//! What needs a decision, and each decision by its own verb.

use support::{Cli, TestDatabase, empty_database, usual};

use super::{Folder, gone};

const BROKEN: &str = "-- evaldesk: no-transaction\ncreate table a (id int);\nselect count(*) from later;\ncreate table b (id int);\n";

/// A version that broke off after the first of its three statements.
async fn broken(cli: &Cli) -> (TestDatabase, Folder) {
    let database = empty_database(usual()).await;
    let folder = Folder::new(cli)
        .file("1_a.up.sql", BROKEN)
        .file("1_a.down.sql", "drop table if exists b;\ndrop table if exists a;\n");
    let up = ["migrate", "up", "--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&up).expect(1);
    assert!(!gone(&database, "a").await && gone(&database, "b").await);
    (database, folder)
}

#[tokio::test]
async fn a_half_goes_on_where_it_broke_off() {
    let cli = Cli::new();
    let (database, folder) = broken(&cli).await;
    let with = ["--url", &database.url, "--folder", folder.path()];
    let listed = cli.run(&[&["migrate", "repair"], &with[..]].concat()).expect(0);
    assert!(listed.out.contains("PARTIAL 1/3") && listed.out.contains("resume, undo"), "{}", listed.out);
    database.run("create table later ()").await;
    let _ = cli.run(&[&["migrate", "repair", "1", "resume", "--yes"], &with[..]].concat()).expect(0);
    assert!(!gone(&database, "b").await);
    let status = cli.json(&[&["migrate", "status", "--json"], &with[..]].concat());
    assert_eq!(status["migrations"][0]["state"], "up");
}

#[tokio::test]
async fn a_half_is_taken_back_when_its_loss_is_confirmed() {
    let cli = Cli::new();
    let (database, folder) = broken(&cli).await;
    let with = ["--url", &database.url, "--folder", folder.path()];
    let undo = [&["migrate", "repair", "1", "undo", "--yes"], &with[..]].concat();
    assert!(cli.run(&undo).expect(4).err.contains(&format!("--confirm {}", database.name)));
    let _ = cli.run(&[&undo[..], &["--confirm", &database.name]].concat()).expect(0);
    assert!(gone(&database, "a").await);
    let status = cli.json(&[&["migrate", "status", "--json"], &with[..]].concat());
    assert_eq!(status["migrations"][0]["state"], "down");
}

#[tokio::test]
async fn a_changed_file_is_accepted_with_a_reason_that_the_log_keeps() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let folder = folder.file("1_a.up.sql", "create table a (id int) -- the first one");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.out.contains("CHANGED"), "{}", status.out);
    let accept = ["migrate", "repair", "1", "accept-change", "--because", "a comment"];
    assert!(cli.run(&[&accept[..], &with[..]].concat()).expect(4).err.contains("--yes"));
    let accepted = cli.json(&[&accept[..], &["--yes", "--json"], &with[..]].concat());
    let entry = accepted["entry"].as_str().unwrap();
    let entry = cli.json(&[&["migrate", "log", entry, "--json"], &with[..]].concat());
    assert_eq!(entry["outcome"], "accepted_change");
    assert_eq!(entry["note"], "a comment");
    let status = cli.json(&[&["migrate", "status", "--json"], &with[..]].concat());
    assert_eq!(status["migrations"][0]["state"], "irreversible");
    let _ = cli.run(&[&["migrate", "repair", "1", "nonsense"], &with[..]].concat()).expect(2);
}
