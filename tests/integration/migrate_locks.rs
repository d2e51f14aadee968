//! The migration locks: who holds one is named, waiting has an end, and nobody leaves one behind.

use std::sync::Arc;
use std::time::{Duration, Instant};

use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    LockPatience, MigrationContext, MigrationPlan, MigrationRequest, MigrationSet, apply_migrate,
    migration_lock_holder, migration_status, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use sqlx::{AssertSqlSafe, PgConnection};
use support::{TestDatabase, empty_database, usual};

/// How Rails and Evaldesk make their keys of the CRC-32 of the database's name.
const SALTS: [i64; 2] = [2_053_462_845, 1_163_286_860];

fn context(wait: Duration) -> MigrationContext {
    let files = [("1_a.up.sql", b"create table a (id int)" as &[u8])];
    let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    context.patience = LockPatience { migration: wait, ..LockPatience::default() };
    context
}

async fn plan(test: &TestDatabase) -> MigrationPlan {
    plan_migrate(&test.open().await, &context(Duration::ZERO), MigrationRequest::Up).await.unwrap()
}

async fn apply(test: &TestDatabase, wait: Duration) -> Result<(), Error> {
    let (database, plan) = (test.open().await, plan(test).await);
    apply_migrate(&database, &context(wait), &plan, &JobContext::detached()).await.map(drop)
}

/// A session that holds the lock of a salt, and then runs something.
async fn hold(test: &TestDatabase, salt: i64) -> PgConnection {
    let mut holder = test.session().await;
    let key = salt * i64::from(crc32(test.name.as_bytes()));
    let sql = format!("set application_name = 'rake'; select pg_advisory_lock({key}); select 'secret', 42");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut holder).await.unwrap();
    holder
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

async fn advisory_locks(test: &TestDatabase) -> String {
    let sql = "select count(*) from pg_locks where locktype = 'advisory'
        and database = (select oid from pg_database where datname = current_database())";
    test.value(sql).await.unwrap()
}

#[tokio::test]
async fn the_holder_of_either_lock_is_named_with_what_it_runs_and_without_its_values() {
    for salt in SALTS {
        let test = empty_database(usual()).await;
        let _holder = hold(&test, salt).await;
        let error = apply(&test, Duration::from_millis(200)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        let said = error.message();
        assert!(said.contains("(postgres, rake, connected since 2"), "{said}");
        assert!(said.contains("idle: set application_name = ?; select pg_advisory_lock(?)"), "{said}");
        // With its comma: the number alone may be part of a pid.
        assert!(!said.contains("secret") && !said.contains(", 42"), "{said}");
        assert!(error.hint_text().unwrap().contains("--lock-wait"), "{:?}", error.hint_text());
        assert_eq!(advisory_locks(&test).await, "1", "only the holder's");
    }
}

#[tokio::test]
async fn the_status_tells_who_holds_either_lock_and_looking_takes_none() {
    for salt in SALTS {
        let test = empty_database(usual()).await;
        let database = test.open().await;
        assert_eq!(migration_lock_holder(&database).await.unwrap(), None);
        let holder = hold(&test, salt).await;
        let status = migration_status(&database, &context(Duration::ZERO)).await.unwrap();
        let seen = status.lock_holder.expect("rake holds it");
        assert_eq!(
            (seen.user_name.as_deref(), seen.application.as_deref()),
            (Some("postgres"), Some("rake"))
        );
        assert!(seen.connected_since.as_deref().is_some_and(|since| since.ends_with('Z')), "{seen:?}");
        let doing = seen.doing.as_deref().unwrap();
        assert!(doing.starts_with("idle: set application_name = ?") && !doing.contains("secret"), "{doing}");
        assert_eq!(migration_lock_holder(&database).await.unwrap().unwrap().pid, seen.pid);
        assert_eq!(advisory_locks(&test).await, "1", "only the holder's");
        drop(holder);
    }
}

#[tokio::test]
async fn the_wait_is_as_long_as_it_was_asked_for() {
    let test = empty_database(usual()).await;
    let _holder = hold(&test, SALTS[1]).await;
    for wait in [Duration::ZERO, Duration::from_millis(900)] {
        let begun = Instant::now();
        apply(&test, wait).await.unwrap_err();
        assert!(begun.elapsed() >= wait && begun.elapsed() < wait + Duration::from_secs(2));
    }
}

#[tokio::test]
async fn a_lock_that_is_given_back_while_we_wait_lets_us_go_on() {
    let test = empty_database(usual()).await;
    let holder = hold(&test, SALTS[0]).await;
    let waiting = tokio::spawn({
        let test = test.clone();
        async move { apply(&test, Duration::from_secs(10)).await }
    });
    tokio::time::sleep(Duration::from_millis(400)).await;
    drop(holder);
    waiting.await.unwrap().unwrap();
    assert_eq!(test.count("a").await, 0);
    assert_eq!(advisory_locks(&test).await, "0");
}

#[tokio::test]
async fn of_two_who_migrate_at_once_one_does_it_and_the_other_finds_it_done() {
    let test = empty_database(usual()).await;
    let both = Arc::new(plan(&test).await);
    let mut running = Vec::new();
    for _ in 0..2 {
        let (test, plan) = (test.clone(), Arc::clone(&both));
        running.push(tokio::spawn(async move {
            let database = test.open().await;
            let context = context(Duration::from_secs(10));
            apply_migrate(&database, &context, &plan, &JobContext::detached()).await
        }));
    }
    let mut kinds = Vec::new();
    for one in running {
        kinds.push(one.await.unwrap().err().map(|error| error.kind()));
    }
    kinds.sort_by_key(Option::is_some);
    assert_eq!(kinds, [None, Some(ErrorKind::StalePlan)]);
    assert_eq!(test.count("schema_migrations").await, 1);
    assert_eq!(advisory_locks(&test).await, "0");
}

#[tokio::test]
async fn a_cancelled_wait_ends_at_once() {
    let test = empty_database(usual()).await;
    let _holder = hold(&test, SALTS[1]).await;
    let (database, plan) = (test.open().await, plan(&test).await);
    let job = JobContext::detached();
    let cancel = job.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        cancel.cancel();
    });
    let begun = Instant::now();
    let error = apply_migrate(&database, &context(Duration::from_secs(60)), &plan, &job).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(begun.elapsed() < Duration::from_secs(5));
}
