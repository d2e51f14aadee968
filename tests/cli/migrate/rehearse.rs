//! A plan for real, and back again.

use support::{Cli, empty_database, usual};

use super::{Folder, gone};

#[tokio::test]
async fn a_rehearsal_measures_and_keeps_nothing() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    database.run("create table t (id int)").await;
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create table a (id int);\nalter table t add column more int;\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let rehearsed = cli.run(&[&["migrate", "rehearse"], &with[..]].concat()).expect(0);
    assert!(rehearsed.out.contains("ACCESS EXCLUSIVE on t"), "{}", rehearsed.out);
    assert!(rehearsed.err.contains("Nothing was kept"), "{}", rehearsed.err);
    assert!(gone(&database, "a").await);
    let list = cli.run(&[&["migrate", "rehearse", "--list"], &with[..]].concat()).expect(0);
    assert!(list.out.contains("here"), "{}", list.out);
}

#[tokio::test]
async fn what_would_fail_fails_the_rehearsal() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int);\nselect * from nowhere;\n");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let failed = cli.run(&[&["migrate", "rehearse"], &with[..]].concat()).expect(1);
    assert!(failed.out.contains("FAILED") && failed.out.contains("nowhere"), "{}", failed.out);
    assert!(gone(&database, "a").await);
    let finished = cli.run(&[&["migrate", "rehearse", "--json"], &with[..]].concat()).expect(1);
    let document: serde_json::Value = serde_json::from_str(&finished.out).unwrap();
    assert_eq!(document["summary"]["passed"], false);
}

#[tokio::test]
async fn production_asks_before_its_locks_are_taken_for_a_rehearsal() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let add = ["connection", "add", "Here", "--url", &database.url, "--environment", "production"];
    let _ = cli.run(&[&add[..], &["--migrations-folder", folder.path()]].concat()).expect(0);
    let rehearse = ["migrate", "rehearse", "--connection", "Here", "--yes"];
    let refused = cli.run(&rehearse).expect(4);
    assert!(refused.err.contains(&format!("--confirm {}", database.name)), "{}", refused.err);
    let _ = cli.run(&[&rehearse[..], &["--confirm", &database.name]].concat()).expect(0);
}
