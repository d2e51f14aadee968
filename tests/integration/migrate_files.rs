//! Folders of other tools' files, and files that are hard to read, run against a real server.

use std::path::Path;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationFormat, MigrationRequest, MigrationSet, Version, apply_migrate, plan_migrate,
};
use support::{TestDatabase, empty_database, root, usual, versions};

fn fixture(name: &str) -> MigrationContext {
    let folder = root().join("tests/fixtures/migrations").join(name);
    MigrationContext::new(MigrationSet::from_folder(&folder).unwrap())
}

fn of_files(files: &[(&str, &[u8])]) -> MigrationContext {
    MigrationContext::new(MigrationSet::from_files("test", files.iter().copied()).unwrap())
}

async fn run(database: &Database, context: &MigrationContext, request: MigrationRequest) -> usize {
    let plan = plan_migrate(database, context, request).await.unwrap();
    apply_migrate(database, context, &plan, &JobContext::detached()).await.unwrap().applied.len()
}

async fn ledger(test: &TestDatabase) -> Option<String> {
    test.value("select string_agg(version, ' ' order by version) from schema_migrations").await
}

async fn indexes(test: &TestDatabase) -> Option<String> {
    test.value(
        "select string_agg(indexname, ' ' order by indexname) from pg_indexes where tablename = 'notes'",
    )
    .await
}

#[tokio::test]
async fn a_folder_of_sqlx_goes_up_and_its_pair_comes_down() {
    for major in versions() {
        let test = empty_database(major).await;
        let (database, context) = (test.open().await, fixture("sqlx"));
        assert_eq!(context.set.format(), MigrationFormat::Sqlx);
        assert_eq!(run(&database, &context, MigrationRequest::Up).await, 2);
        assert_eq!(ledger(&test).await.as_deref(), Some("1 2"));
        assert_eq!(indexes(&test).await.as_deref(), Some("notes_on_text notes_pkey"));
        assert_eq!(run(&database, &context, MigrationRequest::Rollback { step: 1 }).await, 1);
        assert_eq!(indexes(&test).await.as_deref(), Some("notes_pkey"));
        let error =
            plan_migrate(&database, &context, MigrationRequest::Rollback { step: 1 }).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Precondition, "a plain file of sqlx cannot be taken back");
    }
}

#[tokio::test]
async fn a_folder_of_dbmate_goes_both_ways_and_is_recorded_as_dbmate_spells_it() {
    for major in versions() {
        let test = empty_database(major).await;
        let (database, context) = (test.open().await, fixture("dbmate"));
        assert_eq!(context.set.format(), MigrationFormat::Dbmate);
        assert_eq!(run(&database, &context, MigrationRequest::Up).await, 2);
        assert_eq!(ledger(&test).await.as_deref(), Some("001 20260102030405"));
        assert_eq!(indexes(&test).await.as_deref(), Some("notes_on_text notes_pkey"));
        assert_eq!(run(&database, &context, MigrationRequest::Rollback { step: 2 }).await, 2);
        assert_eq!(ledger(&test).await, None);
        assert_eq!(test.value("select to_regclass('notes')").await, None);
    }
}

#[tokio::test]
async fn marks_line_ends_and_bodies_with_semicolons_reach_the_server_whole() {
    let test = empty_database(usual()).await;
    let up = "\u{feff}-- a mark before this\r\ncreate table notes (text text);\r\n\
        do $$ begin insert into notes values ('a;b'); insert into notes values (';'); end $$;\r\n\
        create function twice(text) returns text language sql as $body$ select $1 || ';' || $1; $body$;\r\n\
        create function atomic_body(i int) returns int language plpgsql as 'begin return i; end;';\r\n";
    let context = of_files(&[("1_a.up.sql", up.as_bytes())]);
    assert_eq!(run(&test.open().await, &context, MigrationRequest::Up).await, 1);
    assert_eq!(
        test.value("select string_agg(text, ' ' order by text) from notes").await.as_deref(),
        Some("; a;b")
    );
    assert_eq!(test.value("select twice('x')").await.as_deref(), Some("x;x"));
}

#[tokio::test]
async fn a_file_that_cannot_run_keeps_everything_before_it_from_running_too() {
    let bad: [(&[u8], &str); 6] = [
        (b"select '\xff'", "is not UTF-8"),
        (b"-- nothing yet\n", "holds no statement"),
        (b"\\i other.sql", "psql"),
        (b"create table b (); commit;", "controls the transaction"),
        (b"create index concurrently i on a (id)", "cannot run inside a transaction"),
        (b"-- evaldesk: quickly\nselect 1", "directive that is not known"),
    ];
    let test = empty_database(usual()).await;
    let database = test.open().await;
    for (text, why) in bad {
        let context = of_files(&[("1_a.up.sql", b"create table a (id int)"), ("2_b.up.sql", text)]);
        let error = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArguments);
        assert!(
            error.message().contains("2_b.up.sql") && error.message().contains(why),
            "{}",
            error.message()
        );
        assert!(error.hint_text().is_some());
    }
    let context = of_files(&[("1_a.up.sql", b"create table a (id int)"), ("2_b.up.sql", b"commit")]);
    let first = MigrationRequest::UpTo { version: Version::new("1") };
    assert_eq!(run(&database, &context, first).await, 1, "the version before it runs when it is named");
}

#[tokio::test]
async fn a_verify_file_that_cannot_run_never_says_that_all_is_well() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let files: [(&str, &[u8]); 2] =
        [("1_a.up.sql", b"create table a (id int)"), ("1_a.verify.sql", b"\\i other.sql")];
    let error = plan_migrate(&database, &of_files(&files), MigrationRequest::Up).await.unwrap_err();
    assert!(error.message().contains("1_a.verify.sql"), "{}", error.message());
    let status = evaldesk_core::migrate::migration_status(&database, &of_files(&files)).await;
    assert_eq!(status.unwrap().migrations.len(), 1, "the list is shown all the same");
}

#[tokio::test]
async fn a_folder_that_somebody_else_changed_makes_the_plan_stale() {
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| std::fs::write(folder.path().join("1_a.up.sql"), text).unwrap();
    let read = |folder: &Path| MigrationContext::new(MigrationSet::from_folder(folder).unwrap());
    let test = empty_database(usual()).await;
    let database = test.open().await;
    write("create table a (id int);\n");
    let plan = plan_migrate(&database, &read(folder.path()), MigrationRequest::Up).await.unwrap();
    write("create table b (id int);\n");
    let error =
        apply_migrate(&database, &read(folder.path()), &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan);
}
