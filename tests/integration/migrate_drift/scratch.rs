//! Where what the migrations make is found out: a scratch database, else a schema that is taken back, else nowhere.

use evaldesk_core::connection::Database;
use evaldesk_core::migrate::{DriftReport, DriftStatus, MigrationContext, drift};
use support::{TestDatabase, any_database, empty_database, for_each_version};

use super::context;

async fn as_role(test: &TestDatabase, role: &str, context: &MigrationContext) -> DriftReport {
    let database = Database::from_url(&test.url_as(role, "right")).await.unwrap();
    let report = drift(&database, context).await.unwrap();
    database.close().await;
    report
}

/// A role of this test's own: roles belong to the whole server. A folder of its own keeps the cache out of it.
async fn role(test: &TestDatabase, name: &str, grants: &str) {
    test.run(&format!("drop role if exists {name}; create role {name} login password 'right'; {grants}"))
        .await;
}

fn why(report: &DriftReport) -> &str {
    match &report.status {
        DriftStatus::Skipped { why } => why,
        other => panic!("{other:?}: {:#?}", report.differences),
    }
}

#[tokio::test]
async fn without_createdb_a_schema_is_made_and_taken_back() {
    for_each_version(|test| async move {
        let name = format!("drift_schema_{}", test.major);
        role(&test, &name, &format!("grant create on database \"{}\" to {name}; grant select on schema_migrations to {name}", test.name)).await;
        let sql = format!("-- evaldesk: no-transaction\ncreate table marked_{m} (id bigserial primary key, at timestamp default now());\ncreate index concurrently if not exists marked_at on marked_{m} (at);", m = test.major);
        test.run(&format!("create table marked_{m} (id bigserial primary key, at timestamp default now()); create index other_name on marked_{m} (at); insert into schema_migrations values ('1')", m = test.major)).await;
        let report = as_role(&test, &name, &context(&[("1_marked.up.sql", &sql)])).await;
        let about: Vec<_> = report.differences.iter().filter(|one| one.object.name.contains("marked") || one.object.table.as_deref().is_some_and(|table| table.contains("marked"))).collect();
        assert!(about.is_empty() && !matches!(report.status, DriftStatus::Skipped { .. }), "{:?} {about:#?}", report.status);
        assert_eq!(test.value("select count(*) from pg_namespace where nspname like 'evaldesk%'").await.as_deref(), Some("0"));
    })
    .await;
}

#[tokio::test]
async fn without_either_it_says_so_and_never_no_drift() {
    let test = any_database().await;
    role(&test, "drift_nothing", "grant select on schema_migrations to drift_nothing").await;
    test.run("insert into schema_migrations values ('1')").await;
    let report =
        as_role(&test, "drift_nothing", &context(&[("1_x.up.sql", "create table nothing_here (id int)")]))
            .await;
    assert_eq!(why(&report), "this role may not create a database to compare with; nor a schema");
}

#[tokio::test]
async fn a_schema_that_is_named_cannot_be_stood_in_for() {
    let test = any_database().await;
    role(&test, "drift_named", &format!("grant create on database \"{}\" to drift_named; grant select on schema_migrations to drift_named", test.name)).await;
    test.run("insert into schema_migrations values ('1')").await;
    let report =
        as_role(&test, "drift_named", &context(&[("1_x.up.sql", "create table public.named_here (id int)")]))
            .await;
    assert!(
        why(&report)
            .ends_with("1_x.up.sql names the schema public in line 1, so it cannot run in a scratch schema"),
        "{}",
        why(&report)
    );
}

#[tokio::test]
async fn a_migration_that_does_not_run_on_nothing_is_told_and_leaves_nothing() {
    let test = empty_database(15).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')").await;
    let database = test.open().await;
    let context = context(&[(
        "1_x.up.sql",
        "create table first_one (id int);\nalter table not_made_here add column x int",
    )]);
    let report = drift(&database, &context).await.unwrap();
    let expected =
        "1_x.up.sql does not run on an empty database, line 2: relation \"not_made_here\" does not exist";
    assert!(why(&report).contains(expected), "{}", why(&report));
    assert_eq!(scratch_of(&test).await, "0");
    assert_eq!(test.value("select to_regclass('first_one') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn what_reaches_beyond_the_database_is_not_tried() {
    let test = empty_database(15).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')").await;
    let database = test.open().await;
    let report =
        drift(&database, &context(&[("1_x.up.sql", "create role drift_should_not_be")])).await.unwrap();
    assert!(
        why(&report).contains("line 1 says \"create role drift_should_not_be\", which reaches beyond"),
        "{}",
        why(&report)
    );
    assert_eq!(
        test.value("select count(*) from pg_roles where rolname = 'drift_should_not_be'").await.as_deref(),
        Some("0")
    );
}

#[tokio::test]
async fn a_database_that_a_crash_left_behind_is_dropped_and_one_in_use_is_not() {
    let test = empty_database(15).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')").await;
    test.run("create database evaldesk_scratch_00000000deadbeef").await;
    test.run("create database evaldesk_scratch_00000000cafe0000").await;
    let mut holder = test.session().await;
    sqlx::query("select pg_advisory_lock(1163284301, hashtext('evaldesk_scratch_00000000cafe0000'))")
        .execute(&mut holder)
        .await
        .unwrap();
    let database = test.open().await;
    drift(&database, &context(&[("1_x.up.sql", "create table left_behind (id int)")])).await.unwrap();
    let there = |name: &str| format!("select count(*) from pg_database where datname = '{name}'");
    assert_eq!(test.value(&there("evaldesk_scratch_00000000deadbeef")).await.as_deref(), Some("0"));
    assert_eq!(test.value(&there("evaldesk_scratch_00000000cafe0000")).await.as_deref(), Some("1"));
    drop(holder);
    test.run("drop database evaldesk_scratch_00000000cafe0000").await;
}

#[tokio::test]
async fn a_read_only_connection_makes_nothing_on_its_server() {
    let test = empty_database(15).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')").await;
    let mut parsed = evaldesk_core::connection::parse_url(&test.url).unwrap();
    parsed.profile.read_only = true;
    let database = Database::open(&parsed.profile, parsed.password.as_ref()).await.unwrap();
    let report =
        drift(&database, &context(&[("1_x.up.sql", "create table read_only_here (id int)")])).await.unwrap();
    assert!(why(&report).contains("is read-only"), "{}", why(&report));
}

#[tokio::test]
async fn names_are_looked_for_where_the_role_looks_for_them() {
    let test = empty_database(15).await;
    role(&test, "drift_elsewhere", "alter role drift_elsewhere createdb; create schema app authorization drift_elsewhere; alter role drift_elsewhere set search_path = app").await;
    let database = Database::from_url(&test.url_as("drift_elsewhere", "right")).await.unwrap();
    test.run("set role drift_elsewhere; set search_path = app; create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1'); create table elsewhere (id bigserial primary key, note text)").await;
    let report =
        drift(&database, &context(&[("1_x.up.sql", "create table elsewhere (id bigserial primary key)")]))
            .await
            .unwrap();
    assert_eq!(super::lines(&report.differences), ["column note of elsewhere is made by no migration here"]);
    database.close().await;
    test.run("drop schema app cascade; drop role drift_elsewhere").await;
}

async fn scratch_of(test: &TestDatabase) -> String {
    // Other tests of this server may have theirs right now: only what nobody holds is left behind.
    let held = "select count(*) from pg_database as d where d.datname like 'evaldesk\\_scratch\\_%' and not exists (
        select from pg_locks as l where l.locktype = 'advisory' and l.objid = (hashtext(d.datname)::bigint & 4294967295)::oid)";
    test.value(held).await.unwrap()
}

#[tokio::test]
async fn whoever_is_cancelled_leaves_no_database_behind() {
    let test = empty_database(15).await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1')").await;
    let database = test.open().await;
    for wait in [20, 60, 100, 140, 180, 220] {
        let sql = format!("create table cancelled_{wait} (id int); select pg_sleep(0.2)");
        let context = context(&[("1_x.up.sql", &sql)]);
        let patience = std::time::Duration::from_millis(wait);
        let _ = tokio::time::timeout(patience, drift(&database, &context)).await;
    }
    // One that was cancelled while it was made is found by its name.
    drift(&database, &context(&[("1_x.up.sql", "create table not_cancelled (id int)")])).await.unwrap();
    for _ in 0..50 {
        if scratch_of(&test).await == "0" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("a scratch database that nobody holds is left");
}
