//! Which sessions may migrate: the server's own, of a server that takes changes, by a role that may make them.

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    MigrationContext, MigrationPlan, MigrationRequest, MigrationSet, apply_migrate, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use support::{Pgbouncer, PoolerSettings, TestDatabase, empty_database, usual};

const ADMIN: PoolerSettings<'_> =
    PoolerSettings { pool_mode: "session", admin_users: "postgres", ignored: "extra_float_digits" };

fn context() -> MigrationContext {
    let files = [("1_a.up.sql", b"create table a (id int)" as &[u8])];
    MigrationContext::new(MigrationSet::from_files("test", files).unwrap())
}

async fn planned(test: &TestDatabase) -> MigrationPlan {
    plan_migrate(&test.open().await, &context(), MigrationRequest::Up).await.unwrap()
}

async fn refused(test: &TestDatabase, database: &Database) -> Error {
    let plan = planned(test).await;
    let error = apply_migrate(database, &context(), &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
    assert_eq!(advisory_locks(test).await, "0");
    error
}

async fn advisory_locks(test: &TestDatabase) -> String {
    let sql = "select count(*) from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())";
    test.value(sql).await.unwrap()
}

async fn through(settings: PoolerSettings<'_>) -> (Error, String) {
    let test = empty_database(usual()).await;
    let pooler = Pgbouncer::before(test.cluster(), settings);
    let database = Database::from_url(&pooler.url(&test.name)).await.unwrap();
    (refused(&test, &database).await, format!("127.0.0.1:{}", test.cluster().port()))
}

#[tokio::test]
async fn a_pooler_is_refused_with_its_name_and_the_address_behind_it() {
    let (error, server) = through(ADMIN).await;
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    assert!(error.message().contains("leads to PgBouncer 1."), "{error}");
    assert!(error.hint_text().unwrap().contains(&server), "{:?}", error.hint_text());
}

#[tokio::test]
async fn a_pooler_whose_administration_is_closed_to_us_is_recognised_too() {
    let (error, server) = through(PoolerSettings { admin_users: "somebody", ..ADMIN }).await;
    assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
    assert!(error.message().contains("leads to PgBouncer, and migrating"), "{error}");
    assert!(error.hint_text().unwrap().contains(&server), "{:?}", error.hint_text());
}

#[tokio::test]
async fn a_pooler_that_swallows_the_mark_does_not_pass_for_a_server() {
    let settings = PoolerSettings { ignored: "extra_float_digits, options", ..ADMIN };
    for admin_users in ["postgres", "somebody"] {
        let (error, _) = through(PoolerSettings { admin_users, ..settings }).await;
        assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
        assert!(error.message().contains("PgBouncer"), "{error}");
    }
}

#[tokio::test]
async fn transaction_pooling_is_refused_as_session_pooling_is() {
    for ignored in ["extra_float_digits", "extra_float_digits, options"] {
        for admin_users in ["postgres", "somebody"] {
            let settings = PoolerSettings { pool_mode: "transaction", admin_users, ignored };
            let (error, server) = through(settings).await;
            assert_eq!(error.kind(), ErrorKind::Refused, "{error}");
            assert!(error.message().contains("PgBouncer"), "{error}");
            assert!(error.hint_text().unwrap().contains(&server), "{:?}", error.hint_text());
        }
    }
}

#[tokio::test]
async fn a_pooler_as_it_comes_lets_us_in_to_look_and_migrates_nothing() {
    let test = empty_database(usual()).await;
    let pooler = Pgbouncer::before(test.cluster(), PoolerSettings { ignored: "search_path", ..ADMIN });
    let open = Database::from_url(&pooler.url(&test.name)).await.unwrap();
    assert!(open.pooler().is_some());
    assert_eq!(open.direct().await.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_read_only_connection_migrates_nothing() {
    let test = empty_database(usual()).await;
    let mut parsed = parse_url(&test.url).unwrap();
    parsed.profile.read_only = true;
    let database = Database::open(&parsed.profile, parsed.password.as_ref()).await.unwrap();
    let error = refused(&test, &database).await;
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().ends_with("is read-only"), "{error}");
}

#[tokio::test]
async fn a_database_that_is_set_read_only_is_left_alone() {
    let test = empty_database(usual()).await;
    test.run(&format!("alter database \"{}\" set default_transaction_read_only = on", test.name)).await;
    let database = test.open().await;
    let error = {
        let plan = planned(&test).await;
        apply_migrate(&database, &context(), &plan, &JobContext::detached()).await.unwrap_err()
    };
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains("default_transaction_read_only"), "{error}");
    assert_eq!(test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
}
