//! Up and down from a terminal: what is asked first, who is in the way, and what is told afterwards.

use std::process::Stdio;
use std::time::{Duration, Instant};

use support::{Cli, TestDatabase, empty_database, usual};

use super::{Folder, gone, raaf};

#[tokio::test]
async fn what_ran_is_printed_with_its_statements_and_time() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli).file("1_a.up.sql", "create table a (id int)");
    let up = cli.run(&["migrate", "up", "--url", &database.url, "--folder", folder.path()]).expect(0);
    let line = up.out.lines().find(|line| line.contains("up ")).unwrap_or_default();
    assert!(line.contains('1') && line.contains('a') && line.contains("ms"), "{}", up.out);
    let again = cli.run(&["migrate", "up", "--url", &database.url, "--folder", folder.path()]).expect(0);
    assert!(again.err.contains("Nothing to do."), "{}", again.err);
}

#[tokio::test]
async fn a_rollback_counts_what_is_applied_and_asks() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = Folder::new(&cli)
        .file("1_a.up.sql", "create view a as select 1 as one")
        .file("1_a.down.sql", "drop view a")
        .file("2_b.up.sql", "create view b as select 1 as one")
        .file("2_b.down.sql", "drop view b");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let _ = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    let rollback = [&["migrate", "rollback", "--step", "2"], &with[..]].concat();
    let refused = cli.run(&rollback).expect(4);
    assert!(refused.err.contains("--yes") && refused.err.contains("drop view b"), "{}", refused.err);
    assert!(!gone(&database, "a").await);
    let _ = cli.run(&[&rollback[..], &["--yes"]].concat()).expect(0);
    assert!(gone(&database, "a").await && gone(&database, "b").await);
}

#[tokio::test]
async fn production_is_what_the_profile_says_or_what_rails_wrote_down() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    raaf(&cli, &database).await;
    database.run("create table ar_internal_metadata (key varchar primary key, value varchar)").await;
    database.run("insert into ar_internal_metadata values ('environment', 'production')").await;
    let down = ["migrate", "down", "20261109090000", "--yes", "--url", &database.url];
    let up = ["migrate", "up", "20261109090000", "--log-schema", "--yes", "--url", &database.url];
    let refused = cli.run(&up).expect(4);
    assert!(refused.err.contains("ar_internal_metadata"), "{}", refused.err);
    assert!(refused.err.contains(&format!("--confirm {}", database.name)), "{}", refused.err);
    let _ = cli.run(&[&up[..], &["--confirm", "another"]].concat()).expect(4);
    let _ = cli.run(&[&up[..], &["--confirm", &database.name]].concat()).expect(0);
    let _ = cli.run(&down).expect(4);
}

#[tokio::test]
async fn a_second_runner_is_told_who_holds_the_lock() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder =
        Folder::new(&cli).file("1_slow.up.sql", "create table a as select 1 as one from pg_sleep(10)");
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut first = cli.command();
    first.args([&["migrate", "up"], &with[..]].concat()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut first = first.spawn().unwrap();
    until_locked(&database).await;
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0);
    assert!(status.err.contains("Being migrated right now by pid "), "{}", status.err);
    let began = Instant::now();
    let refused = cli.run(&[&["migrate", "up", "--lock-wait", "1"], &with[..]].concat()).expect(4);
    assert!(refused.err.contains("pid ") && refused.err.contains("lock"), "{}", refused.err);
    assert!(began.elapsed() < Duration::from_secs(6), "--lock-wait 1 took {:?}", began.elapsed());
    assert_eq!(first.wait().unwrap().code(), Some(0));
    assert_eq!(locks(&database).await, 0);
}

async fn until_locked(database: &TestDatabase) {
    let began = Instant::now();
    while locks(database).await < 2 {
        assert!(began.elapsed() < Duration::from_secs(20), "nobody takes the migration locks");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// How many advisory locks somebody holds in the database.
pub(super) async fn locks(database: &TestDatabase) -> i64 {
    let held = "select count(*) from pg_locks where locktype = 'advisory' \
                and database = (select oid from pg_database where datname = current_database())";
    database.value(held).await.unwrap().parse().unwrap()
}
