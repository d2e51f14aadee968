//! Where a version is written down: in schema_migrations where that is ours, in our own ledger beside another tool's,
//! and nothing of ours is made without consent.

use std::time::Duration;

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::log::{Finish, Log, LogEntry, LogFilter, LogOutcome, LogPlace, NewEntry};
use evaldesk_core::migrate::{
    Direction, LedgerKind, LedgerPlace, MigrationContext, MigrationRequest, MigrationSet, MigrationState,
    Version, apply_migrate, migration_status, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use sqlx::{Connection as _, PgConnection};
use support::{Cluster, TestDatabase, empty_database, for_each_version, usual, versions};

const RAILS: &str = "create table schema_migrations (version character varying not null primary key);
    create table ar_internal_metadata (key character varying not null primary key, value character varying,
        created_at timestamp(6) not null, updated_at timestamp(6) not null);
    insert into ar_internal_metadata values ('environment', 'production', now(), now());
    insert into schema_migrations values ('1'), ('20990101000000')";

fn context(files: &[(&str, &str)], consent: bool) -> MigrationContext {
    let files = files.iter().map(|(name, sql)| (*name, sql.as_bytes()));
    let set = MigrationSet::from_files("test", files).unwrap();
    MigrationContext { own_schema: consent, ..MigrationContext::new(set) }
}

fn two(consent: bool) -> MigrationContext {
    context(
        &[
            ("007_a.up.sql", "create table a (id int)"),
            ("007_a.down.sql", "drop table a"),
            ("8_b.up.sql", "create table b (id int)"),
            ("8_b.down.sql", "drop table b"),
        ],
        consent,
    )
}

async fn run(
    database: &Database,
    context: &MigrationContext,
    request: MigrationRequest,
) -> Result<(), Error> {
    let plan = plan_migrate(database, context, request).await?;
    apply_migrate(database, context, &plan, &JobContext::detached()).await.map(drop)
}

async fn shared(test: &TestDatabase) -> String {
    let sql = "select coalesce(string_agg(version, ',' order by version), '') from schema_migrations";
    test.value(sql).await.unwrap()
}

async fn own(test: &TestDatabase) -> String {
    let sql = "select coalesce(string_agg(version, ',' order by version), '') from evaldesk.migration_ledger";
    test.value(sql).await.unwrap()
}

async fn has_own_schema(test: &TestDatabase) -> bool {
    test.value("select to_regnamespace('evaldesk') is not null").await.as_deref() == Some("true")
}

#[tokio::test]
async fn beside_rails_nothing_is_written_without_consent_and_both_ways_out_are_named() {
    let test = empty_database(usual()).await;
    test.run(RAILS).await;
    let database = test.open().await;
    let status = migration_status(&database, &two(false)).await.unwrap();
    assert_eq!((status.ledger, status.ledger_place), (LedgerKind::Rails, LedgerPlace::Own));
    assert!(status.is_rails_production());
    let error = plan_migrate(&database, &two(false), MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    let hint = error.hint_text().unwrap();
    assert!(hint.contains("--log-schema") && hint.contains("--write-ruby"), "{hint}");
    assert!(!has_own_schema(&test).await);
}

#[tokio::test]
async fn beside_rails_our_versions_live_in_our_own_ledger() {
    for_each_version(|fresh| async move {
        let test = empty_database(fresh.major).await;
        test.run(RAILS).await;
        let database = test.open().await;
        let plan = plan_migrate(&database, &two(true), MigrationRequest::Up).await.unwrap();
        assert!(plan.create_ledger.is_none());
        assert!(plan.own_schema.iter().any(|statement| statement.sql == "create schema evaldesk"));
        run(&database, &two(true), MigrationRequest::Up).await.unwrap();
        assert_eq!((shared(&test).await.as_str(), own(&test).await.as_str()), ("1,20990101000000", "7,8"));
        let again =
            plan_migrate(&database, &two(true), MigrationRequest::Rollback { step: 1 }).await.unwrap();
        assert!(again.own_schema.is_empty(), "it is made once");
        assert_eq!(again.steps[0].version, Version::new("8"));
        assert!(again.notices.iter().any(|notice| notice.contains("20990101000000 stays")));
        run(&database, &two(true), MigrationRequest::Rollback { step: 2 }).await.unwrap();
        assert_eq!((shared(&test).await.as_str(), own(&test).await.as_str()), ("1,20990101000000", ""));
    })
    .await;
}

#[tokio::test]
async fn what_rails_applied_of_ours_is_taken_back_in_rails_ledger() {
    let test = empty_database(usual()).await;
    test.run(RAILS).await;
    test.run("create table a (id int); insert into schema_migrations values ('7')").await;
    let database = test.open().await;
    let request = MigrationRequest::Down { version: Version::new("7") };
    run(&database, &two(false), request).await.unwrap();
    assert_eq!(shared(&test).await, "1,20990101000000");
}

#[tokio::test]
async fn a_version_of_our_own_ledger_is_not_taken_back_without_consent() {
    let test = empty_database(usual()).await;
    test.run(RAILS).await;
    let database = test.open().await;
    run(&database, &two(true), MigrationRequest::Up).await.unwrap();
    let request = MigrationRequest::Down { version: Version::new("8") };
    let error = plan_migrate(&database, &two(false), request).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn versions_of_rails_make_ours_neither_late_nor_next() {
    let test = empty_database(usual()).await;
    test.run(RAILS).await;
    let database = test.open().await;
    let status = migration_status(&database, &two(true)).await.unwrap();
    let states: Vec<_> = status.migrations.iter().map(|row| (row.version.as_str(), row.state)).collect();
    assert_eq!(
        states,
        [
            ("1", MigrationState::NoFile),
            ("7", MigrationState::Down),
            ("8", MigrationState::Down),
            ("20990101000000", MigrationState::NoFile),
        ]
    );
    assert!(status.migrations[0].repairs.is_empty(), "Rails' row is Rails' to take out");
}

#[tokio::test]
async fn dbmate_keeps_its_own_spelling_in_its_own_ledger() {
    let test = empty_database(usual()).await;
    test.run("create table schema_migrations (version character varying(128) not null primary key)").await;
    let database = test.open().await;
    let status = migration_status(&database, &two(false)).await.unwrap();
    assert_eq!((status.ledger, status.ledger_place), (LedgerKind::Dbmate, LedgerPlace::Own));
    let folder = tempfile::tempdir().unwrap();
    let file = "-- migrate:up\ncreate table a (id int);\n\n-- migrate:down\ndrop table a;\n";
    std::fs::write(folder.path().join("007_a.sql"), file).unwrap();
    let theirs = MigrationContext::new(MigrationSet::from_folder(folder.path()).unwrap());
    run(&database, &theirs, MigrationRequest::Up).await.unwrap();
    assert_eq!(shared(&test).await, "007");
    run(&database, &theirs, MigrationRequest::Rollback { step: 1 }).await.unwrap();
    assert_eq!(shared(&test).await, "");
}

#[tokio::test]
async fn sqlx_finds_its_own_table_as_it_would_have_written_it() {
    let test = empty_database(usual()).await;
    test.run(
        "create table _sqlx_migrations (version bigint primary key, description text not null,
        installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
        execution_time bigint not null)",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1_make_a.up.sql"), "create table a (id int);\n").unwrap();
    std::fs::write(folder.path().join("1_make_a.down.sql"), "drop table a;\n").unwrap();
    std::fs::write(folder.path().join("2_make_b.sql"), "create table b (id int);\n").unwrap();
    let context = MigrationContext::new(MigrationSet::from_folder(folder.path()).unwrap());
    let database = test.open().await;
    run(&database, &context, MigrationRequest::UpTo { version: Version::new("1") }).await.unwrap();
    let sql =
        "select version || ' ' || description || ' ' || success || ' ' || encode(checksum, 'hex') || ' '
        || (execution_time > 0) from _sqlx_migrations";
    let sum = &context.set.require(&Version::new("1")).unwrap().up.sha384;
    assert_eq!(test.value(sql).await.unwrap(), format!("1 make a true {sum} true"));
    run(&database, &context, MigrationRequest::Down { version: Version::new("1") }).await.unwrap();
    assert_eq!(test.count("_sqlx_migrations").await, 0);
}

#[tokio::test]
async fn what_sqlx_applied_is_up() {
    let test = empty_database(usual()).await;
    test.run(
        "create table _sqlx_migrations (version bigint primary key, description text not null,
        installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null,
        execution_time bigint not null);
        insert into _sqlx_migrations values (1, 'make a', now(), true, '\\x00', 5)",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("1_make_a.sql"), "create table a (id int);\n").unwrap();
    let context = MigrationContext::new(MigrationSet::from_folder(folder.path()).unwrap());
    let status = migration_status(&test.open().await, &context).await.unwrap();
    assert_eq!(status.migrations[0].state, MigrationState::Changed, "its sum is another");
    test.run(&format!(
        "update _sqlx_migrations set checksum = '\\x{}'",
        context.set.require(&Version::new("1")).unwrap().up.sha384
    ))
    .await;
    let status = migration_status(&test.open().await, &context).await.unwrap();
    assert_eq!(status.migrations[0].state, MigrationState::Irreversible);
}

#[tokio::test]
async fn a_file_that_moves_the_search_path_does_not_move_the_ledger() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let sly = context(
        &[(
            "1_a.up.sql",
            "create schema other; set search_path to other; create table other.schema_migrations (version varchar primary key)",
        )],
        true,
    );
    run(&database, &sly, MigrationRequest::Up).await.unwrap();
    assert_eq!(test.count("public.schema_migrations").await, 1);
    assert_eq!(test.count("other.schema_migrations").await, 0);
    assert_eq!(test.value("select outcome from evaldesk.migration_log").await.as_deref(), Some("done"));
}

#[tokio::test]
async fn a_role_that_may_not_make_the_schema_is_told_what_to_grant() {
    let test = empty_database(usual()).await;
    test.run("create role no_schema login password 'p'; grant create on schema public to no_schema").await;
    let database = Database::from_url(&test.url_as("no_schema", "p")).await.unwrap();
    let error = plan_migrate(&database, &two(true), MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.message().contains("may not make the schema evaldesk"), "{error}");
    assert!(error.hint_text().unwrap().contains("grant create on database"), "{error:?}");
    run(&database, &two(false), MigrationRequest::Up).await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_not_enter_the_schema_is_told_what_to_grant_and_still_sees_the_states() {
    let test = empty_database(usual()).await;
    run(&test.open().await, &two(true), MigrationRequest::UpTo { version: Version::new("7") }).await.unwrap();
    test.run("create role outsider login password 'p'; grant select on schema_migrations to outsider").await;
    let database = Database::from_url(&test.url_as("outsider", "p")).await.unwrap();
    let status = migration_status(&database, &two(true)).await.unwrap();
    assert_eq!(status.migrations[0].state, MigrationState::Up);
    let error = plan_migrate(&database, &two(true), MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(
        error.hint_text().unwrap().contains("grant usage on schema evaldesk to \"outsider\""),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_schema_of_that_name_that_is_not_ours_is_left_alone() {
    let test = empty_database(usual()).await;
    test.run("create schema evaldesk; create table evaldesk.mine (id int)").await;
    let error = plan_migrate(&test.open().await, &two(true), MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
    run(&test.open().await, &two(false), MigrationRequest::Up).await.unwrap();
}

#[tokio::test]
async fn a_schema_of_a_newer_evaldesk_is_read_and_not_written() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    run(&database, &two(true), MigrationRequest::UpTo { version: Version::new("7") }).await.unwrap();
    test.run("insert into evaldesk.schema_version (version) values (99)").await;
    let error = plan_migrate(&database, &two(true), MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains("version 99"), "{error}");
    assert!(migration_status(&database, &two(true)).await.unwrap().migrations[0].applied_by.is_some());
}

/// What a log in a file says of one entry.
async fn told(test: &TestDatabase, context: &MigrationContext) -> LogEntry {
    let mut session = test.session().await;
    let log = Log::open(&mut session, context).await.unwrap();
    assert_eq!(log.place(), LogPlace::File);
    log.entries(&mut session, &LogFilter::default()).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_log_in_a_file_learns_from_the_server_what_became_of_a_commit() {
    for major in versions() {
        let test = empty_database(major).await;
        let folder = tempfile::tempdir().unwrap();
        let context = MigrationContext { log_folder: Some(folder.path().to_owned()), ..two(false) };
        for (end, outcome) in [("commit", LogOutcome::Done), ("rollback", LogOutcome::Running)] {
            let mut session = test.session().await;
            let log = Log::open(&mut session, &context).await.unwrap();
            let migration = context.set.require(&Version::new("7")).unwrap();
            let entry = log.begin(&mut session, &NewEntry::of(migration, Direction::Up)).await.unwrap();
            sqlx::raw_sql("begin; create temp table t (id int)").execute(&mut session).await.unwrap();
            let number = sqlx::query_scalar("select txid_current()").fetch_one(&mut session).await.unwrap();
            log.finish_committing(&mut session, number, entry, &Finish::done()).await.unwrap();
            sqlx::raw_sql(sqlx::AssertSqlSafe(end)).execute(&mut session).await.unwrap();
            drop(session);
            tokio::time::sleep(Duration::from_millis(200)).await;
            let told = told(&test, &context).await;
            assert_eq!((told.id, told.outcome), (entry, outcome), "{end}");
            assert_eq!(told.interrupted, outcome == LogOutcome::Running);
        }
        let mut session = test.session().await;
        let log = Log::open(&mut session, &context).await.unwrap();
        assert_eq!(log.settle(&mut session).await.unwrap().len(), 1);
        let after = told(&test, &context).await;
        assert_eq!(after.outcome, LogOutcome::Failed);
        assert!(after.error.unwrap().contains("nothing of it was kept"));
    }
}

#[tokio::test]
async fn after_a_crash_a_number_that_came_back_does_not_pass_for_the_commit_of_another() {
    for major in versions() {
        let cluster = Cluster::private(major);
        let folder = tempfile::tempdir().unwrap();
        let context = MigrationContext { log_folder: Some(folder.path().to_owned()), ..two(false) };
        let mut expected = Vec::new();
        let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
        sqlx::raw_sql("create table other (id int)").execute(&mut session).await.unwrap();
        for (written, outcome) in [
            ("create table seven (id int)", LogOutcome::Done),
            // Somebody else, who was given the number after the crash.
            ("insert into other values (1)", LogOutcome::Running),
        ] {
            let log = Log::open(&mut session, &context).await.unwrap();
            let migration = context.set.require(&Version::new("7")).unwrap();
            let entry = log.begin(&mut session, &NewEntry::of(migration, Direction::Up)).await.unwrap();
            let number = committed(&mut session, written).await;
            log.finish_committing(&mut session, number, entry, &Finish::done()).await.unwrap();
            expected.push((entry, outcome));
        }
        let outcomes = async || {
            let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
            let log = Log::open(&mut session, &context).await.unwrap();
            let entries = log.entries(&mut session, &LogFilter::default()).await.unwrap();
            entries.into_iter().rev().map(|entry| (entry.id, entry.outcome)).collect::<Vec<_>>()
        };
        drop(session);
        let trusted: Vec<_> = expected.iter().map(|(id, _)| (*id, LogOutcome::Done)).collect();
        assert_eq!(outcomes().await, trusted, "{major}: no crash, and the number is enough");
        cluster.stop("fast");
        cluster.start();
        assert_eq!(outcomes().await, trusted, "{major}: an orderly restart takes no number back");
        cluster.stop("immediate");
        cluster.start();
        assert_eq!(outcomes().await, expected, "{major}: after a crash");
        cluster.stop("immediate");
    }
}

/// Runs this in a transaction of its own; the transaction's number.
async fn committed(session: &mut PgConnection, sql: &'static str) -> i64 {
    sqlx::raw_sql("begin").execute(&mut *session).await.unwrap();
    sqlx::raw_sql(sql).execute(&mut *session).await.unwrap();
    let number = sqlx::query_scalar("select txid_current()").fetch_one(&mut *session).await.unwrap();
    sqlx::raw_sql("commit").execute(session).await.unwrap();
    number
}

#[tokio::test]
async fn a_log_file_belongs_to_one_database_and_to_its_owner_alone() {
    let (one, other) = (empty_database(usual()).await, empty_database(usual()).await);
    let folder = tempfile::tempdir().unwrap();
    let context = MigrationContext { log_folder: Some(folder.path().to_owned()), ..two(false) };
    for test in [&one, &other] {
        run(&test.open().await, &context, MigrationRequest::Up).await.unwrap();
        let mut session = test.session().await;
        let log = Log::open(&mut session, &context).await.unwrap();
        assert_eq!(log.entries(&mut session, &LogFilter::default()).await.unwrap().len(), 2);
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn the_text_of_a_file_is_kept_unless_it_is_very_large() {
    let test = empty_database(usual()).await;
    let filler = format!("create table a (id int); -- {}", "x".repeat(1_100_000));
    let context = context(&[("1_a.up.sql", &filler), ("2_b.up.sql", "create table b (id int)")], true);
    run(&test.open().await, &context, MigrationRequest::Up).await.unwrap();
    let mut session = test.session().await;
    let log = Log::open(&mut session, &context).await.unwrap();
    let filter = LogFilter { with_text: true, ..LogFilter::default() };
    let entries = log.entries(&mut session, &filter).await.unwrap();
    assert_eq!(entries[0].scripts[0].sql.as_deref(), Some("create table b (id int)"));
    assert_eq!(entries[1].scripts[0].sql, None);
    assert!(entries[1].note.as_deref().unwrap().starts_with("1_a.up.sql is larger than 1 MB"));
    assert_eq!(entries[1].outcome, LogOutcome::Done);
}

#[tokio::test]
async fn a_role_that_is_called_as_our_schema_makes_its_tables_where_they_belong() {
    let test = empty_database(usual()).await;
    test.run("drop role if exists evaldesk; create role evaldesk superuser login password 'p'").await;
    let database = Database::from_url(&test.url_as("evaldesk", "p")).await.unwrap();
    run(&database, &two(true), MigrationRequest::UpTo { version: Version::new("7") }).await.unwrap();
    run(&database, &two(true), MigrationRequest::Up).await.unwrap();
    let tables = "select string_agg(schemaname || '.' || tablename, ' ' order by 1) from pg_tables
        where tablename in ('a', 'b', 'schema_migrations')";
    let found: String = test.value(tables).await.unwrap();
    let mut found: Vec<&str> = found.split(' ').collect();
    found.sort_unstable();
    assert_eq!(found, ["public.a", "public.b", "public.schema_migrations"]);
}
