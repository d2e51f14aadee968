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

#[tokio::test]
async fn a_late_version_is_let_go_with_the_others_once_somebody_accepts_its_order() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("2_b.up.sql", "create table b (id int)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let _late = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.err.contains("1 needs a decision"), "{}", status.err);
    let of_one = cli.run(&[&["migrate", "repair", "1"], &with[..]].concat()).expect(0);
    assert!(of_one.out.contains("OUT OF ORDER") && of_one.out.contains("accept-order"), "{}", of_one.out);
    let of_another = cli.run(&[&["migrate", "repair", "2"], &with[..]].concat()).expect(0);
    assert!(of_another.err.contains("Nothing needs a decision."), "{}", of_another.err);

    let accept = ["migrate", "repair", "1", "accept-order", "--because", "merged late"];
    let refused = cli.run(&[&accept[..], &with[..]].concat()).expect(4);
    assert!(
        refused.err.contains("The next up applies it") && refused.err.contains("--yes"),
        "{}",
        refused.err
    );
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(4);
    let _ = cli.run(&[&accept[..], &["--yes"], &with[..]].concat()).expect(0);
    let status = cli.json(&[&["migrate", "status", "--json"], &with[..]].concat());
    assert_eq!((&status["migrations"][0]["state"], &status["pending"]), (&"down".into(), &1.into()));
    assert!(gone(&database, "a").await, "nothing ran yet");
    let again = cli.run(&[&accept[..], &["--yes"], &with[..]].concat()).expect(1);
    assert!(again.err.contains("1 a is none"), "{}", again.err);
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    assert!(!gone(&database, "a").await);

    let log = cli.run(&[&["migrate", "log", "--version", "1"], &with[..]].concat()).expect(0);
    let decision = log.out.lines().find(|line| line.contains("accepted order")).unwrap_or_default();
    assert!(decision.contains('\u{2013}') && !decision.contains("0/1"), "it ran nothing: {}", log.out);
}
