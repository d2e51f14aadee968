//! Each thing that goes wrong, by itself: its own message, the ledger true afterwards, and no advisory lock left.

use std::process::Command;
use std::time::Duration;

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationRequest, MigrationSet, MigrationState, apply_migrate, migration_status,
    plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use sqlx::Connection as _;
use support::{Proxy, Side, TestDatabase, empty_database, usual};

const UP: &str = "create table a (id int); select pg_sleep(0.01); create table b (id int)";

fn context(sql: &str) -> MigrationContext {
    MigrationContext::new(MigrationSet::from_files("faults", [("1_a.up.sql", sql.as_bytes())]).unwrap())
}

/// Two versions, the log in a folder: the commit of the first begins the second.
fn two_versions(log: &std::path::Path) -> MigrationContext {
    let files = [
        ("1_a.up.sql", "create table a (id int)"),
        ("1_a.down.sql", "drop table a"),
        ("2_b.up.sql", "create table b (id int)"),
        ("2_b.down.sql", "drop table b"),
    ];
    let files = files.map(|(name, sql)| (name, sql.as_bytes()));
    let set = MigrationSet::from_files("faults", files).unwrap();
    MigrationContext { log_folder: Some(log.to_owned()), ..MigrationContext::new(set) }
}

async fn up(database: &Database, sql: &str) -> Result<(), Error> {
    all_up(database, &context(sql)).await
}

async fn all_up(database: &Database, context: &MigrationContext) -> Result<(), Error> {
    let plan = plan_migrate(database, context, MigrationRequest::Up).await?;
    apply_migrate(database, context, &plan, &JobContext::detached()).await.map(drop)
}

/// Runs until it sends something, and holds it there.
async fn stopped(
    proxy: Proxy,
    database: Database,
    context: MigrationContext,
    words: &str,
    side: Side,
) -> (Proxy, tokio::task::JoinHandle<Result<(), Error>>) {
    proxy.stop_at_text(words, side);
    let running = tokio::spawn(async move { all_up(&database, &context).await });
    let waited = tokio::task::spawn_blocking(move || (proxy.reached(Duration::from_secs(20)), proxy));
    let (reached, proxy) = waited.await.unwrap();
    assert!(reached, "{words} was never sent");
    (proxy, running)
}

/// Nothing is recorded or made, and nobody holds a migration lock.
async fn untouched(test: &TestDatabase) {
    let status = migration_status(&test.open().await, &context(UP)).await.unwrap();
    assert_eq!(status.migrations[0].state, MigrationState::Down);
    assert_eq!(test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
    nobody_holds_a_lock(test).await;
}

async fn nobody_holds_a_lock(test: &TestDatabase) {
    // A session that was cut notices within a moment.
    let locks = "select count(*) from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())";
    for _ in 0..100 {
        if test.value(locks).await.as_deref() == Some("0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("an advisory lock is left behind");
}

#[tokio::test]
async fn a_role_that_may_not_make_the_schema_evaldesk_is_told_what_is_missing() {
    let test = empty_database(usual()).await;
    test.run("create role faults_without_create login password 'p'").await;
    let database = Database::from_url(&test.url_as("faults_without_create", "p")).await.unwrap();
    let mut context = context(UP);
    context.own_schema = true;
    let error = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.message().contains("may not make the schema evaldesk"), "{error}");
    assert!(error.hint_text().unwrap().contains("grant create on database"), "{:?}", error.hint_text());
    untouched(&test).await;
}

#[tokio::test]
async fn a_connection_that_is_lost_in_the_middle_is_said_to_be_lost() {
    let test = empty_database(usual()).await;
    let proxy = Proxy::to(test.cluster().port());
    let database = Database::from_url(&proxy.url(&test.name)).await.unwrap();
    let (proxy, running) = stopped(proxy, database, context(UP), "create table b", Side::Before).await;
    proxy.cut();
    let error = running.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused, "{error}");
    assert!(
        error.hint_text().unwrap().contains("connection to the server was lost"),
        "{:?}",
        error.hint_text()
    );
    untouched(&test).await;
}

#[tokio::test]
async fn a_commit_whose_answer_is_lost_is_not_said_to_have_failed() {
    let test = empty_database(usual()).await;
    test.run("create table schema_migrations (version varchar not null primary key)").await;
    let proxy = Proxy::to(test.cluster().port());
    let database = Database::from_url(&proxy.url(&test.name)).await.unwrap();
    let (proxy, running) = stopped(proxy, database, context(UP), "insert into", Side::After).await;
    proxy.cut();
    let error = running.await.unwrap().unwrap_err();
    assert!(error.message().starts_with("1 a: cannot commit: "), "{error}");
    assert!(error.hint_text().unwrap().contains("only the database knows"), "{:?}", error.hint_text());
    let status = migration_status(&test.open().await, &context(UP)).await.unwrap();
    assert_ne!(status.migrations[0].state, MigrationState::Down);
}

#[tokio::test]
async fn a_connection_that_is_lost_between_two_versions_leaves_the_first_whole_and_the_second_not_begun() {
    for (words, side, first) in [
        ("insert into", Side::Before, MigrationState::Down),
        ("insert into", Side::After, MigrationState::Up),
        ("create table b", Side::Before, MigrationState::Up),
        ("create table b", Side::After, MigrationState::Up),
    ] {
        let test = empty_database(usual()).await;
        test.run("create table schema_migrations (version varchar not null primary key)").await;
        let log = tempfile::tempdir().unwrap();
        let context = two_versions(log.path());
        let proxy = Proxy::to(test.cluster().port());
        let database = Database::from_url(&proxy.url(&test.name)).await.unwrap();
        let (proxy, running) = stopped(proxy, database, context.clone(), words, side).await;
        proxy.cut();
        assert!(running.await.unwrap().is_err(), "{words} {side:?}");
        let direct = test.open().await;
        let status = migration_status(&direct, &context).await.unwrap();
        let states: Vec<_> = status.migrations.iter().map(|row| row.state).collect();
        assert_eq!(states, [first, MigrationState::Down], "{words} {side:?}");
        nobody_holds_a_lock(&test).await;
        all_up(&direct, &context).await.unwrap();
        assert_eq!(test.value("select count(*) from schema_migrations").await.as_deref(), Some("2"));
    }
}

#[tokio::test]
async fn a_statement_timeout_of_the_file_takes_the_version_back() {
    let test = empty_database(usual()).await;
    let sql = "set local statement_timeout = '80ms'; create table a (id int); select pg_sleep(30)";
    let error = up(&test.open().await, sql).await.unwrap_err();
    assert!(
        error.message().starts_with("1 a: statement 3 of 3: canceling statement due to statement timeout"),
        "{error}"
    );
    assert_eq!(error.hint_text(), Some("Nothing of it was kept."));
    untouched(&test).await;
}

#[tokio::test]
async fn a_session_that_an_administrator_ends_says_so() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let running =
        tokio::spawn(async move { up(&database, "create table a (id int); select pg_sleep(30)").await });
    let end = "select count(pg_terminate_backend(pid)) from pg_stat_activity
        where datname = current_database() and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()";
    while test.value(end).await.as_deref() == Some("0") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let error = running.await.unwrap().unwrap_err();
    assert!(error.message().starts_with("1 a: statement 2 of 2: "), "{error}");
    assert!(error.hint_text().unwrap().contains("Nothing of it was kept."), "{:?}", error.hint_text());
    untouched(&test).await;
}

#[tokio::test]
async fn a_read_only_connection_is_refused_by_name() {
    let test = empty_database(usual()).await;
    let mut parsed = parse_url(&test.url).unwrap();
    parsed.profile.read_only = true;
    let database = Database::open(&parsed.profile, None).await.unwrap();
    let error = up(&database, UP).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().ends_with("is read-only"), "{error}");
    untouched(&test).await;
}

#[tokio::test]
async fn a_standby_is_refused_with_where_to_go() {
    let test = empty_database(usual()).await;
    let standby = support::Cluster::private(usual());
    // A server that is asked to be a standby and has no primary only repeats what it has: nothing.
    standby.stop("fast");
    std::fs::write(standby.data().join("standby.signal"), "").unwrap();
    own_like(&standby.data().join("PG_VERSION"), &standby.data().join("standby.signal"));
    standby.start();
    let database = Database::from_url(&standby.url("postgres")).await.unwrap();
    let context = context(UP);
    let plan = plan_migrate(&test.open().await, &context, MigrationRequest::Up).await.unwrap();
    let error = apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains("is a standby"), "{error}");
    assert!(error.hint_text().unwrap().contains("primary"), "{:?}", error.hint_text());
    let mut session = sqlx::PgConnection::connect(&standby.url("postgres")).await.unwrap();
    let locks: i64 = sqlx::query_scalar("select count(*) from pg_locks where locktype = 'advisory'")
        .fetch_one(&mut session)
        .await
        .unwrap();
    assert_eq!(locks, 0);
    standby.stop("immediate");
}

fn own_like(from: &std::path::Path, to: &std::path::Path) {
    let done = Command::new("chown").arg("--reference").arg(from).arg(to).status().unwrap();
    assert!(done.success());
}
