//! Running migrations: what waits is told, what passes is tried again, and what a file sets is its own affair.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::Database;
use evaldesk_core::job::{JobContext, JobRegistry, JobRequest, Progress};
use evaldesk_core::migrate::log::{Log, LogFilter, LogOutcome};
use evaldesk_core::migrate::{
    LockPatience, MigrationContext, MigrationOutcome, MigrationRequest, MigrationSet, apply_migrate,
    plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use sqlx::PgConnection;
use support::{TestDatabase, empty_database, for_each_version, usual};

fn context(files: &[(&str, &str)]) -> MigrationContext {
    let files = files.iter().map(|(name, sql)| (*name, sql.as_bytes()));
    let mut context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    context.patience =
        LockPatience { statement: Duration::from_millis(400), retries: 2, ..LockPatience::default() };
    context
}

async fn up(test: &TestDatabase, files: &[(&str, &str)]) -> Result<MigrationOutcome, Error> {
    run(&test.open().await, &context(files), &JobContext::detached()).await
}

async fn run(
    database: &Database,
    context: &MigrationContext,
    job: &JobContext,
) -> Result<MigrationOutcome, Error> {
    let plan = plan_migrate(database, context, MigrationRequest::Up).await?;
    apply_migrate(database, context, &plan, job).await
}

/// A session that reads a table in a transaction that stays open.
async fn reader_of(test: &TestDatabase, table: &str) -> PgConnection {
    let mut reader = test.session().await;
    let sql = format!("set application_name = 'report'; begin; lock table {table} in access share mode");
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut reader).await.unwrap();
    reader
}

/// Ends a session as soon as somebody has waited for it longer than `lock_timeout` lets them.
fn leave_after_a_try(test: &TestDatabase, holder: PgConnection) {
    let test = test.clone();
    tokio::spawn(async move {
        let waiting = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while test.value(waiting).await.as_deref() == Some("0") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        drop(holder);
    });
}

/// Runs as a job, and gives all that it told on its way.
async fn as_a_job(test: &TestDatabase, context: MigrationContext) -> (Vec<Progress>, Option<String>) {
    let told: Arc<Mutex<Vec<Progress>>> = Arc::default();
    let heard = Arc::clone(&told);
    let folder = tempfile::tempdir().unwrap();
    let on_change = Arc::new(move |record: &evaldesk_core::job::JobRecord| {
        heard.lock().unwrap().push(record.progress.clone());
    });
    let jobs = JobRegistry::new(folder.path(), Arc::new(FixedClock(Default::default())), on_change);
    let database = test.open().await;
    let request = JobRequest {
        kind: "migrate_apply".into(),
        title: "Migrate".into(),
        connection_id: None,
        database: Some(database.clone()),
    };
    let id = jobs.start(request, |job| async move { run(&database, &context, &job).await }).unwrap();
    let failure = jobs.wait(&id).await.unwrap().failure.map(|failure| failure.message);
    let told = told.lock().unwrap().clone();
    (told, failure)
}

fn details(told: &[Progress]) -> String {
    told.iter().filter_map(|one| one.detail.clone()).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_lock_that_is_not_to_be_had_is_tried_again_and_then_given_up_naming_who_is_in_the_way() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int)").await;
    let _reader = reader_of(&test, "t").await;
    let files = [("1_a.up.sql", "create table made (id int); alter table t add column b int")];
    let error = up(&test, &files).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LockTimeout);
    assert!(error.message().starts_with("1 a: statement 2 of 2: "), "{error}");
    let hint = error.hint_text().unwrap();
    assert!(hint.contains("(postgres, report, idle in transaction since 2"), "{hint}");
    assert!(hint.contains("tried 3 times") && hint.contains("Nothing of it was kept."), "{hint}");
    assert_eq!(test.value("select to_regclass('made') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn a_lock_that_comes_free_in_time_lets_the_version_through() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int)").await;
    let reader = reader_of(&test, "t").await;
    leave_after_a_try(&test, reader);
    let files = [("1_a.up.sql", "create table made (id int); alter table t add column b int")];
    let mut context = context(&files);
    context.patience.retries = 8;
    let outcome = run(&test.open().await, &context, &JobContext::detached()).await.unwrap();
    assert!(outcome.applied[0].retries >= 1, "{outcome:?}");
    assert_eq!(test.count("schema_migrations").await, 1);
}

#[tokio::test]
async fn a_retry_is_told_with_who_was_in_the_way() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int)").await;
    let _reader = reader_of(&test, "t").await;
    let (told, failure) = as_a_job(&test, context(&[("1_a.up.sql", "alter table t add column b int")])).await;
    assert!(failure.is_some());
    let details = details(&told);
    assert!(details.contains("waits for pid "), "{details}");
    assert!(details.contains(" was in the way: try 2 of 3 in "), "{details}");
    assert!(details.contains("report, idle in transaction since"), "{details}");
    assert!(told.iter().any(|one| one.phase == "1 a up: statement 1 of 1"), "{told:?}");
}

#[tokio::test]
async fn a_concurrent_build_waits_for_whoever_is_in_its_way_and_shows_them() {
    for_each_version(|test| async move {
        test.run("create table t (id int); insert into t select generate_series(1, 1000)").await;
        let mut writer = test.session().await;
        let hold = "set application_name = 'etl'; begin; insert into t values (4242)";
        sqlx::raw_sql(hold).execute(&mut writer).await.unwrap();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(1600)).await;
            drop(writer);
        });
        let files = [(
            "1_a.up.sql",
            "-- evaldesk: no-transaction\ncreate index concurrently i on t (id);\nalter table t add column b int",
        )];
        let (told, failure) = as_a_job(&test, context(&files)).await;
        assert_eq!(failure, None);
        let details = details(&told);
        assert!(details.contains("waiting for writers before build"), "{details}");
        assert!(details.contains("waits for pid ") && details.contains("etl, idle in transaction"), "{details}");
        assert!(details.contains("insert into t values (?)") && !details.contains("4242"), "{details}");
        let valid = "select indisvalid from pg_index where indexrelid = 'i'::regclass";
        assert_eq!(test.value(valid).await.as_deref(), Some("true"));
    })
    .await;
}

#[tokio::test]
async fn a_statement_of_a_file_without_a_transaction_is_tried_again_by_itself() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int); create table seen (id int)").await;
    let reader = reader_of(&test, "t").await;
    leave_after_a_try(&test, reader);
    let files = [(
        "1_a.up.sql",
        "-- evaldesk: no-transaction\ninsert into seen values (1);\nalter table t add column b int;\ninsert into seen values (2)",
    )];
    let mut context = context(&files);
    context.patience.retries = 8;
    let outcome = run(&test.open().await, &context, &JobContext::detached()).await.unwrap();
    assert!(outcome.applied[0].retries >= 1, "{outcome:?}");
    assert_eq!(test.count("seen").await, 2);
}

#[tokio::test]
async fn what_a_file_sets_does_not_reach_the_ledger_or_the_next_file() {
    let test = empty_database(usual()).await;
    test.run("create schema elsewhere; create role somebody; grant create on schema public to somebody")
        .await;
    let files = [
        (
            "1_a.up.sql",
            "set search_path = elsewhere; create table a (id int); select pg_catalog.set_config('search_path', '', false)",
        ),
        ("2_b.up.sql", "create table b (id int); set role somebody; create table of_somebody (id int)"),
        ("3_c.up.sql", "-- evaldesk: no-transaction\nset search_path = elsewhere;\ncreate table c (id int)"),
        ("4_d.up.sql", "create table d (id int)"),
    ];
    up(&test, &files).await.unwrap();
    assert_eq!(test.count("public.schema_migrations").await, 4);
    let tables =
        "select string_agg(format('%s.%s', schemaname, tablename), ' ' order by tablename) from pg_tables
        where schemaname in ('public', 'elsewhere') and tablename <> 'schema_migrations'";
    let made = test.value(tables).await.unwrap();
    assert_eq!(made, "elsewhere.a public.b elsewhere.c public.d public.of_somebody");
    assert_eq!(
        test.value("select tableowner from pg_tables where tablename = 'd'").await.as_deref(),
        Some("postgres")
    );
}

#[tokio::test]
async fn the_profile_limits_queries_and_not_migrations_but_a_file_limits_itself() {
    let test = empty_database(usual()).await;
    let mut parsed = evaldesk_core::connection::parse_url(&test.url).unwrap();
    parsed.profile.timeouts.statement_ms = 300;
    let database = Database::open(&parsed.profile, parsed.password.as_ref()).await.unwrap();
    let slow = context(&[("1_a.up.sql", "select pg_sleep(0.6)")]);
    run(&database, &slow, &JobContext::detached()).await.unwrap();
    let limited = [
        ("1_a.up.sql", "select pg_sleep(0.6)"),
        ("2_b.up.sql", "set local statement_timeout = '100ms'; create table b (id int); select pg_sleep(30)"),
    ];
    let error = run(&database, &context(&limited), &JobContext::detached()).await.unwrap_err();
    assert!(error.message().starts_with("2 b: statement 3 of 3: "), "{error}");
    assert_eq!(error.server().unwrap().sqlstate, "57014");
    assert_eq!(error.hint_text(), Some("Nothing of it was kept."));
    assert_eq!(
        test.value("select string_agg(version, ' ') from schema_migrations").await.as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn a_deferred_constraint_speaks_at_the_commit_and_nothing_is_kept() {
    let test = empty_database(usual()).await;
    test.run("create table p (id int primary key); create table c (p int references p deferrable initially deferred)").await;
    let error = up(&test, &[("1_a.up.sql", "create table made (id int); insert into c values (7)")])
        .await
        .unwrap_err();
    assert!(error.message().starts_with("1 a: cannot commit: "), "{error}");
    assert_eq!(error.hint_text(), Some("Nothing of it was kept."));
    assert_eq!(test.value("select to_regclass('made') is null").await.as_deref(), Some("true"));
    assert_eq!(test.count("schema_migrations").await, 0);
}

#[tokio::test]
async fn a_file_that_takes_prepared_statements_away_runs_and_is_written_down() {
    let test = empty_database(usual()).await;
    let log = tempfile::tempdir().unwrap();
    let files = [
        ("1_a.up.sql", "create table a (id int); deallocate all; create table b (id int)"),
        (
            "2_c.up.sql",
            "-- evaldesk: no-transaction\ncreate table c (id int);\ndeallocate all;\ncreate table d (id int);",
        ),
        ("3_e.up.sql", "create table e (id int)"),
    ];
    for own_schema in [false, true] {
        let context =
            MigrationContext { log_folder: Some(log.path().to_owned()), own_schema, ..context(&files) };
        run(&test.open().await, &context, &JobContext::detached()).await.unwrap();
        let made = "select count(*) from pg_class where relname in ('a', 'b', 'c', 'd', 'e')";
        assert_eq!(test.value(made).await.as_deref(), Some("5"));
        let mut session = test.session().await;
        let log = Log::open(&mut session, &context).await.unwrap();
        let filter = LogFilter { version: Some("1".into()), limit: Some(1), ..LogFilter::default() };
        let entry = log.entries(&mut session, &filter).await.unwrap().remove(0);
        let relations: Vec<_> = entry
            .lock_trace
            .iter()
            .flat_map(|trace| trace.as_array().unwrap())
            .map(|one| one["relation"].as_str().unwrap())
            .collect();
        assert_eq!((entry.outcome, relations), (LogOutcome::Done, vec!["a", "b"]));
        test.run("drop table a, b, c, d, e; delete from schema_migrations").await;
    }
}
