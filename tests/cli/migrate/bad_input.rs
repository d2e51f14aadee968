//! Files that cannot run, or can only just: each says its own thing, the ledger stays true, and nobody holds a lock.

use std::collections::HashSet;

use support::{Cli, TestDatabase, empty_database, usual};

use super::change::locks;
use super::{Folder, gone};

/// A second file, what `up` says of it, and how the program ends.
struct Bad {
    file: &'static str,
    bytes: &'static [u8],
    says: &'static str,
    code: i32,
}

const BAD: [Bad; 9] = [
    Bad {
        file: "01_c.up.sql",
        bytes: b"create table b ()",
        says: "two migrations have the version 1",
        code: 1,
    },
    Bad { file: "20990101000000_b.up.sql", bytes: b"create table b ()", says: "a day ahead of now", code: 2 },
    Bad { file: "2_b.up.sql", bytes: b"select '\xff'", says: "is not UTF-8 (line 1, byte 8)", code: 2 },
    Bad { file: "2_b.up.sql", bytes: b"", says: "holds no statement", code: 2 },
    Bad { file: "2_b.up.sql", bytes: b"\\i b.sql\n", says: "\\i is a command of psql", code: 2 },
    Bad {
        file: "2_b.up.sql",
        bytes: b"copy a from stdin;\n1\n\\.\n",
        says: "reads rows that psql sends",
        code: 2,
    },
    Bad {
        file: "2_b.up.sql",
        bytes: b"create table b ();\ncommit;\n",
        says: "controls the transaction",
        code: 2,
    },
    Bad {
        file: "2_b.up.sql",
        bytes: b"create table b ();\nvacuum a;\n",
        says: "cannot run inside a trans",
        code: 2,
    },
    Bad { file: "2_b.up.sql", bytes: b"create table b ();\ndo $$ begin", says: "line 2, column 4", code: 2 },
];

/// A database with one version up, and the folder that it is from.
async fn one_up(cli: &Cli) -> (TestDatabase, Folder) {
    let database = empty_database(usual()).await;
    let folder = Folder::new(cli).file("1_a.up.sql", "create table a (id int)");
    let _ = cli.run(&["migrate", "up", "--url", &database.url, "--folder", folder.path()]).expect(0);
    (database, folder)
}

/// The first version is recorded and nothing else is, or there.
async fn as_it_was(database: &TestDatabase) {
    let ledger = "select string_agg(version, ' ') from schema_migrations";
    assert_eq!(database.value(ledger).await.as_deref(), Some("1"));
    assert!(!gone(database, "a").await && gone(database, "b").await);
    assert_eq!(locks(database).await, 0, "an advisory lock is left behind");
}

#[tokio::test]
async fn each_bad_file_says_its_own_thing_and_changes_nothing() {
    let cli = Cli::new();
    let (database, folder) = one_up(&cli).await;
    let with = ["--url", &database.url, "--folder", folder.path()];
    let mut said = HashSet::new();
    for bad in &BAD {
        let path = folder.0.join(bad.file);
        std::fs::write(&path, bad.bytes).unwrap();
        let up = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(bad.code);
        assert!(up.err.contains(bad.file) && up.err.contains(bad.says), "{}: {}", bad.says, up.err);
        assert!(up.err.contains("\nhint: "), "what to do: {}", up.err);
        assert!(said.insert(up.err.clone()), "said twice: {}", up.err);
        as_it_was(&database).await;
        let status = cli.run(&[&["migrate", "status"], &with[..]].concat());
        let told = format!("{}{}", status.out, status.err);
        assert!(told.contains(bad.says), "the status tells it too: {told}");
        std::fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn marks_line_ends_and_bodies_with_semicolons_run_whole_and_are_remarked_on() {
    let cli = Cli::new();
    let (database, folder) = one_up(&cli).await;
    let text = "\u{feff}create table b (text text);\r\ndo $$ begin insert into b values ('a;'); insert into b values (';'); end $$;\r\n\
        create function twice(text) returns text language sql as $body$ select $1 || ';' || $1; $body$;\r\n";
    let folder = folder.file("2_b.up.sql", text);
    let with = ["--url", &database.url, "--folder", folder.path()];
    let up = cli.run(&[&["migrate", "up"], &with[..]].concat()).expect(0);
    assert_eq!(up.out.lines().nth(1).unwrap().split_whitespace().nth(3), Some("3"), "statements: {}", up.out);
    assert_eq!(
        database.value("select string_agg(twice(text), ' ' order by text) from b").await.as_deref(),
        Some(";;; a;;a;")
    );
    let status = cli.run(&[&["migrate", "status"], &with[..]].concat()).expect(0).out;
    assert!(status.contains("byte order mark") && status.contains("Windows line ends"), "{status}");
    assert_eq!(locks(&database).await, 0);
}

#[tokio::test]
async fn a_version_without_a_way_down_stays_whatever_asks_for_it() {
    let cli = Cli::new();
    let (database, folder) = one_up(&cli).await;
    let with = ["--url", &database.url, "--folder", folder.path(), "--yes", "--confirm", &database.name];
    for verb in [&["down", "1"][..], &["rollback"], &["to", "0"], &["redo"]] {
        let refused = cli.run(&[&["migrate"], verb, &with[..]].concat()).expect(1);
        assert!(refused.err.contains("1 a cannot be taken back: it has no .down.sql"), "{}", refused.err);
        as_it_was(&database).await;
    }
}
