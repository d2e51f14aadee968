//! dbmate and Evaldesk on one database and one folder.

use std::path::Path;

use support::{Cli, Finished, TestDatabase, empty_database, peers, usual};

use super::{migrate, states};

fn write(folder: &Path, version: &str, table: &str) {
    let text =
        format!("-- migrate:up\ncreate table {table} (id int);\n\n-- migrate:down\ndrop table {table};\n");
    std::fs::write(folder.join(format!("{version}_make_{table}.sql")), text).unwrap();
}

fn dbmate(database: &TestDatabase, folder: &Path, words: &[&str]) -> Finished {
    let url = format!("{}?sslmode=disable", database.url);
    let mut command = std::process::Command::new(peers::dbmate());
    command.args(["--no-dump-schema", "--url", &url, "--migrations-dir"]).arg(folder).args(words);
    Finished::of(&mut command)
}

#[tokio::test]
async fn each_sees_what_the_other_applied() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "20260101000001", "one");
    let _ = dbmate(&database, folder, &["up"]).expect(0);
    assert_eq!(states(&cli, &database.url, folder), ["20260101000001 up"]);

    write(folder, "20260101000002", "two");
    let _ = migrate(&cli, &database.url, folder, &["up"]).expect(0);
    let seen = dbmate(&database, folder, &["status"]).expect(0);
    assert!(seen.out.contains("[X] 20260101000002_make_two.sql"), "{}", seen.out);
    assert!(seen.out.contains("Applied: 2"), "{}", seen.out);

    let _ = dbmate(&database, folder, &["down"]).expect(0);
    assert_eq!(states(&cli, &database.url, folder), ["20260101000001 up", "20260101000002 down"]);
    assert_eq!(database.value("select to_regclass('two') is null").await.as_deref(), Some("true"));

    let refused = migrate(&cli, &database.url, folder, &["redo", "20260101000001"]);
    assert_eq!(refused.code, 4, "a table dies on the way: {}", refused.err);
    let confirmed = ["--confirm", database.name.as_str()];
    let _ = migrate(&cli, &database.url, folder, &[&["redo", "20260101000001"], &confirmed[..]].concat())
        .expect(0);
    let _ = migrate(&cli, &database.url, folder, &["up"]).expect(0);
    let seen = dbmate(&database, folder, &["status"]).expect(0);
    assert!(seen.out.contains("Applied: 2") && seen.out.contains("Pending: 0"), "{}", seen.out);

    let _ = migrate(&cli, &database.url, folder, &[&["rollback", "--step", "2"], &confirmed[..]].concat())
        .expect(0);
    let seen = dbmate(&database, folder, &["status"]).expect(0);
    assert!(seen.out.contains("Pending: 2"), "{}", seen.out);
}
