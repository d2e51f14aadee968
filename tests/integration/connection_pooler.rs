//! PgBouncer in between, as Debian packs it (1.18): recognised, explained, and nothing of ours is left to strangers.

use evaldesk_core::ErrorKind;
use evaldesk_core::catalog::evaluation_schema;
use evaldesk_core::connection::{
    Access, ConnectionProfile, Database, PoolMode, StepOutcome, parse_url, test_connection,
};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use support::{Pgbouncer, PoolerSettings, TestDatabase, any_database};

const TRANSACTION: PoolerSettings<'_> =
    PoolerSettings { pool_mode: "transaction", admin_users: "nobody", ignored: "" };

fn pooler(database: &TestDatabase, settings: PoolerSettings<'_>) -> Pgbouncer {
    Pgbouncer::before(database.cluster(), settings)
}

fn profile(pooler: &Pgbouncer, database: &TestDatabase) -> ConnectionProfile {
    parse_url(&pooler.url(&database.name)).unwrap().profile
}

/// Another program that uses the pooler.
async fn stranger(pooler: &Pgbouncer, database: &TestDatabase) -> PgConnection {
    let options: PgConnectOptions = pooler.url(&database.name).parse().unwrap();
    options.extra_float_digits(None).connect().await.unwrap()
}

async fn asked(session: &mut PgConnection, sql: &str) -> String {
    let row = sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).fetch_one(session).await.unwrap();
    row.try_get::<Option<String>, _>(0).unwrap().unwrap_or_default()
}

#[tokio::test]
async fn a_session_of_the_servers_is_really_shared_by_the_poolers_clients() {
    // Without this the next test could not fail.
    let database = any_database().await;
    let pooler = pooler(&database, TRANSACTION);
    let mut one = stranger(&pooler, &database).await;
    asked(&mut one, "select set_config('default_transaction_read_only', 'on', false)").await;
    let mut other = stranger(&pooler, &database).await;
    assert_eq!(asked(&mut other, "show default_transaction_read_only").await, "on");
}

#[tokio::test]
async fn nothing_of_ours_is_left_to_a_stranger() {
    let database = any_database().await;
    let pooler = pooler(&database, TRANSACTION);
    let mut profile = profile(&pooler, &database);
    profile.read_only = true;
    let open = Database::open(&profile, None).await.unwrap();
    assert_eq!(open.pooler().map(|pooler| pooler.mode), Some(PoolMode::Transaction));
    for _ in 0..3 {
        evaluation_schema(&open).await.unwrap();
        open.ping().await.unwrap();
    }
    // The limits count while the session is lent.
    let limit: String = sqlx::query_scalar("show lock_timeout").fetch_one(open.pool()).await.unwrap();
    assert_eq!(limit, "2s");
    open.close().await;
    let mut stranger = stranger(&pooler, &database).await;
    for (setting, untouched) in [
        ("default_transaction_read_only", "off"),
        ("statement_timeout", "0"),
        ("lock_timeout", "0"),
        ("idle_in_transaction_session_timeout", "0"),
        ("IntervalStyle", "postgres"),
        ("search_path", "\"$user\", public"),
    ] {
        assert_eq!(asked(&mut stranger, &format!("show {setting}")).await, untouched, "{setting}");
    }
    let prepared = "select string_agg(name, ' ') from pg_prepared_statements";
    assert_eq!(asked(&mut stranger, prepared).await, "");
    let transactions = "select count(*)::text from pg_stat_activity where state like 'idle in%' and datname = current_database()";
    assert_eq!(asked(&mut stranger, transactions).await, "0");
}

#[tokio::test]
async fn many_reads_at_once_get_their_own_answers() {
    let database = any_database().await;
    let pooler = pooler(&database, TRANSACTION);
    let open = Database::open(&profile(&pooler, &database), None).await.unwrap();
    let reads = (0..40_i32).map(|number| {
        let open = open.clone();
        tokio::spawn(async move {
            let read: i32 = sqlx::query_scalar("select $1 + 0 * length(version())")
                .bind(number)
                .fetch_one(open.pool())
                .await
                .unwrap();
            assert_eq!(read, number);
        })
    });
    for read in reads.collect::<Vec<_>>() {
        read.await.unwrap();
    }
}

#[tokio::test]
async fn a_failed_read_leaves_nothing_behind_either() {
    let database = any_database().await;
    let pooler = pooler(&database, TRANSACTION);
    let open = Database::open(&profile(&pooler, &database), None).await.unwrap();
    sqlx::query("select 1 / length('')").fetch_one(open.pool()).await.unwrap_err();
    let again: i32 = sqlx::query_scalar("select 1").fetch_one(open.pool()).await.unwrap();
    assert_eq!(again, 1);
    open.close().await;
    let mut stranger = stranger(&pooler, &database).await;
    assert_eq!(asked(&mut stranger, "select count(*)::text from pg_prepared_statements").await, "0");
}

#[tokio::test]
async fn what_needs_a_session_of_its_own_is_refused_and_told_where_the_server_is() {
    let database = any_database().await;
    let pooler = pooler(&database, TRANSACTION);
    let open = Database::open(&profile(&pooler, &database), None).await.unwrap();
    for refused in [open.dedicated().await.unwrap_err(), open.direct().await.unwrap_err()] {
        assert_eq!(refused.kind(), ErrorKind::Refused);
        assert!(refused.message().contains("PgBouncer"), "{refused}");
        let hint = refused.hint_text().unwrap();
        assert!(hint.contains(&format!("127.0.0.1:{}", database.cluster().port())), "{hint}");
    }
    let written = sqlx::raw_sql("create table t ()").execute(open.pool()).await.unwrap_err();
    assert_eq!(evaldesk_core::Error::from(written).kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_pooler_in_statement_mode_is_refused_in_words() {
    let database = any_database().await;
    let pooler = pooler(&database, PoolerSettings { pool_mode: "statement", ..TRANSACTION });
    let profile = profile(&pooler, &database);
    let Err(refused) = Database::open(&profile, None).await else { panic!("it opened") };
    assert_eq!(refused.kind(), ErrorKind::Refused);
    assert!(refused.message().contains("statement mode"), "{refused}");
    let port = format!("127.0.0.1:{}", database.cluster().port());
    assert!(refused.hint_text().unwrap().contains(&port), "{refused:?}");
    let report = test_connection(&profile, &Access::default(), today()).await;
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.outcome), ("Direct", StepOutcome::Failed));
    assert!(last.detail.contains("statement mode"), "{}", last.detail);
}

fn today() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 11, 26).unwrap()
}

#[tokio::test]
async fn a_pooler_that_may_be_asked_tells_its_mode_and_a_session_of_a_client_is_its_own() {
    let database = any_database().await;
    let settings = PoolerSettings { pool_mode: "session", admin_users: "postgres", ignored: "options" };
    let pooler = pooler(&database, settings);
    let open = Database::open(&profile(&pooler, &database), None).await.unwrap();
    let seen = open.pooler().unwrap();
    assert_eq!(seen.mode, PoolMode::Session);
    assert!(seen.name.as_deref().is_some_and(|name| name.starts_with("PgBouncer 1.")), "{seen:?}");
    assert!(!open.is_shared());
    let mut own = open.dedicated().await.unwrap();
    assert_eq!(asked(&mut own, "show lock_timeout").await, "2s");
}

#[tokio::test]
async fn a_test_ends_with_what_is_in_between() {
    let database = any_database().await;
    let settings = PoolerSettings { admin_users: "postgres", ..TRANSACTION };
    let pooler = pooler(&database, settings);
    let report = test_connection(&profile(&pooler, &database), &Access::default(), today()).await;
    assert!(report.error.is_none(), "{:?}", report.error);
    let last = report.steps.last().unwrap();
    assert_eq!((last.name.as_str(), last.outcome), ("Direct", StepOutcome::Attention));
    for words in ["PgBouncer 1.", "transaction mode", "127.0.0.1:", "migrations", "LISTEN"] {
        assert!(last.detail.contains(words), "{words}: {}", last.detail);
    }
    let straight = parse_url(&database.url).unwrap().profile;
    let report = test_connection(&straight, &Access::default(), today()).await;
    assert_eq!(report.steps.last().map(|step| step.outcome), Some(StepOutcome::Ok));
}
