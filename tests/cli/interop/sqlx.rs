//! sqlx's command line and Evaldesk on one database and one folder.

use std::path::Path;

use support::{Cli, Finished, TestDatabase, empty_database, peers, usual};

use super::{migrate, states};

fn write(folder: &Path, version: &str, table: &str) {
    let stem = folder.join(format!("{version}_make_{table}"));
    let stem = stem.to_str().unwrap();
    std::fs::write(format!("{stem}.up.sql"), format!("create table {table} (id int);\n")).unwrap();
    std::fs::write(format!("{stem}.down.sql"), format!("drop table {table};\n")).unwrap();
}

fn sqlx(database: &TestDatabase, folder: &Path, words: &[&str]) -> Finished {
    let mut command = std::process::Command::new(peers::sqlx());
    command.arg("migrate").args(words).args(["--database-url", &database.url, "--source"]).arg(folder);
    Finished::of(&mut command)
}

#[tokio::test]
async fn its_ledger_is_adopted_without_ddl_and_it_goes_on_working() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "20260101000001", "one");
    write(folder, "20260101000002", "two");
    let _ = sqlx(&database, folder, &["run"]).expect(0);
    let before = database
        .value("select string_agg(oid::text, ',' order by oid) from pg_class where relname in ('one', 'two')")
        .await;

    let _ = migrate(&cli, &database.url, folder, &["adopt", "--apply"]).expect(0);
    assert_eq!(states(&cli, &database.url, folder), ["20260101000001 up", "20260101000002 up"]);
    let after = database
        .value("select string_agg(oid::text, ',' order by oid) from pg_class where relname in ('one', 'two')")
        .await;
    assert_eq!(before, after);

    write(folder, "20260101000003", "three");
    let _ = migrate(&cli, &database.url, folder, &["up"]).expect(0);
    let seen = sqlx(&database, folder, &["info"]).expect(0);
    assert!(seen.out.contains("20260101000003/installed make three"), "{}", seen.out);
    let _ = sqlx(&database, folder, &["run"]).expect(0);

    let _ = sqlx(&database, folder, &["revert"]).expect(0);
    assert_eq!(database.value("select to_regclass('three') is null").await.as_deref(), Some("true"));
    let states = states(&cli, &database.url, folder);
    assert_eq!(states.last().map(String::as_str), Some("20260101000003 down"), "{states:?}");
}
