//! What a read-only connection sends, where only the catalog knows what a name means.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, WriteMode};
use evaldesk_core::query::guard::{GuardAnswer, GuardRequest, GuardStatement, check};
use support::{TestDatabase, empty_database, versions};

const WORLD: &str = include_str!("../fixtures/sql/guard_world.sql");

async fn world(major: u32) -> (TestDatabase, Database) {
    let test = empty_database(major).await;
    test.run(WORLD).await;
    let mut profile = test.open().await.profile().clone();
    profile.writes = Some(WriteMode::ReadOnly);
    let database = Database::open(&profile, None).await.unwrap();
    (test, database)
}

async fn refused(database: &Database, sql: &str) -> Option<String> {
    let statements = [GuardStatement { sql, line: 1 }];
    let request = GuardRequest { statements: &statements, ..GuardRequest::default() };
    match check(database, &request).await {
        Ok(answer) => {
            assert_eq!(answer, GuardAnswer::Allowed, "{sql}");
            None
        }
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::Refused, "{sql}: {error}");
            assert!(error.hint_text().is_some(), "{sql}: no hint");
            Some(error.message().to_owned())
        }
    }
}

/// Statements with a word of why they are refused, or none where they are sent.
const CASES: &[(&str, Option<&str>)] = &[
    ("select * from plain", None),
    ("select count(*), max(id) from plain", None),
    ("select * from clean_view", None),
    ("select * from pg_stat_activity, pg_locks, information_schema.columns", None),
    ("select * from partitioned", None),
    ("select 'a'::mood, mood from plain", None),
    ("select 'x'::trimmed", None),
    ("select similarity(name, 'x'), name % 'y' from plain", None),
    ("select digest(name, 'sha256') from plain", None),
    ("select name::citext = 'A' from plain", None),
    ("select queryid, calls from pg_stat_statements", None),
    ("select pg_stat_statements_reset()", Some("pg_stat_statements_reset")),
    ("select lies(1)", Some("a user made")),
    ("select app.lies(1)", Some("a user made")),
    ("select no_such_function(1)", Some("not known to only read")),
    // Another `lower` with arguments that fit better than those of the server's own.
    ("select lower(id) from plain", Some("a user made")),
    ("select pg_catalog.lower(name) from plain", None),
    ("select plain.of_row from plain", Some("after a dot")),
    ("select (plain).of_row from plain", Some("after a dot")),
    ("select 1 |+| 2", Some("operator |+|")),
    ("select 1 operator(app.|+|) 2", Some("operator")),
    ("select 'x'::checked", Some("type checked")),
    ("select odd from odds", Some("a cast of the type")),
    ("select * from terminating_view", Some("ends another session")),
    ("select * from outer_view", Some("ends another session")),
    ("table app.outer_view", Some("ends another session")),
    ("with x as (select * from outer_view) select * from x", Some("ends another session")),
    ("explain select * from outer_view", Some("ends another session")),
    ("copy (select * from outer_view) to stdout", Some("ends another session")),
    ("declare c cursor for select * from outer_view", Some("ends another session")),
    ("select * from calling_view", Some("a user made")),
    ("select * from with_policy", Some("row policy")),
    ("copy with_policy to stdout", Some("row policy")),
    ("select * from elsewhere", Some("foreign table")),
    ("select * from half_foreign", Some("foreign table")),
    ("set search_path to app", None),
    ("select * from information_schema._pg_expandarray(array[1])", Some("not known to only read")),
];

#[tokio::test]
async fn what_a_name_means_is_asked_of_the_catalog() {
    let mut wrong = Vec::new();
    for major in versions() {
        let (_test, database) = world(major).await;
        for (sql, expected) in CASES {
            let found = refused(&database, sql).await;
            let right = match (expected, &found) {
                (None, None) => true,
                (Some(word), Some(why)) => why.contains(word),
                _ => false,
            };
            if !right {
                wrong.push(format!("{major}: {sql}: {found:?}, not {expected:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The server would run each of these although the session is read-only: that is why they are refused before.
#[tokio::test]
async fn a_server_in_read_only_mode_runs_what_the_guard_refuses() {
    let test = empty_database(support::usual()).await;
    test.run(WORLD).await;
    for sql in [
        "select * from outer_view",
        "select lies(1)",
        "select pg_notify('a', 'b')",
        "select pg_advisory_lock(1)",
    ] {
        assert!(refused(&test_read_only(&test).await, sql).await.is_some(), "{sql}");
        test.run(&format!("begin read only; {sql}; rollback")).await;
    }
}

async fn test_read_only(test: &TestDatabase) -> Database {
    let mut profile = test.open().await.profile().clone();
    profile.read_only = true;
    Database::open(&profile, None).await.unwrap()
}

#[tokio::test]
async fn a_search_path_that_hides_pg_catalog_makes_nothing_sure() {
    let (test, _) = world(support::usual()).await;
    test.run(&format!("alter database \"{}\" set search_path = public, pg_catalog", test.name)).await;
    let database = test_read_only(&test).await;
    let why = refused(&database, "select lower('A')").await.unwrap();
    assert!(why.contains("search path"), "{why}");
}

#[tokio::test]
async fn a_refusal_names_the_line_and_nothing_of_the_script_is_sent() {
    let (_test, database) = world(support::usual()).await;
    let statements =
        [GuardStatement { sql: "select 1", line: 1 }, GuardStatement { sql: "delete from plain", line: 3 }];
    let request = GuardRequest { statements: &statements, ..GuardRequest::default() };
    let error = check(&database, &request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().starts_with("DELETE in line 3 was not sent"), "{error}");
    assert!(error.hint_text().unwrap().contains("--writes confirm"), "{:?}", error.hint_text());
}
