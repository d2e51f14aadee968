//! Migrations against real servers: what goes up comes down, the ledger tells the truth, and nobody is run over.

use std::future::Future;
use std::path::Path;

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    Blocks, Direction, DoomedKind, LedgerKind, MigrationContext, MigrationOutcome, MigrationPlan,
    MigrationRequest, MigrationSet, MigrationState, StatementPurpose, Version, Weight, apply_migrate,
    migration_status, plan_migrate, verify_migration,
};
use evaldesk_core::{Error, ErrorKind};
use support::{TestDatabase, empty_database, usual, versions};

const CREATE: &str = "20251106000001";
const SPANS_INDEX: &str = "20261102090000";
const RENAME: &str = "20261109090000";

fn usual_context() -> MigrationContext {
    MigrationContext::embedded().unwrap()
}

async fn on_each_version<Running: Future<Output = ()>>(test: impl Fn(TestDatabase) -> Running) {
    for major in versions() {
        test(empty_database(major).await).await;
    }
}

async fn plan(database: &Database, request: MigrationRequest) -> MigrationPlan {
    plan_migrate(database, &usual_context(), request).await.unwrap()
}

async fn run(database: &Database, request: MigrationRequest) -> MigrationOutcome {
    let plan = plan(database, request).await;
    apply_migrate(database, &usual_context(), &plan, &JobContext::detached()).await.unwrap()
}

async fn refused(database: &Database, request: MigrationRequest) -> Error {
    plan_migrate(database, &usual_context(), request).await.unwrap_err()
}

fn down(version: &str) -> MigrationRequest {
    MigrationRequest::Down { version: Version::new(version) }
}

fn up_only(version: &str) -> MigrationRequest {
    MigrationRequest::UpOnly { version: Version::new(version) }
}

async fn state(database: &Database, version: &str) -> (MigrationState, Option<String>) {
    let status = migration_status(database, &usual_context()).await.unwrap();
    let row = status.migrations.into_iter().find(|row| row.version.as_str() == version).unwrap();
    (row.state, row.notes.into_iter().next())
}

/// Everything that the catalog says of the schema, by names and definitions and never by number.
async fn catalog(database: &TestDatabase) -> String {
    let sql = "
        select coalesce(string_agg(line, e'\\n' order by line), '') from (
            select format('column %s.%s %s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                a.attnotnull, a.attnum, pg_get_expr(d.adbin, d.adrelid)) as line
            from pg_class as c
            join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
            where c.relnamespace = 'public'::regnamespace
            union all
            select format('index %s %s', pg_get_indexdef(indexrelid), indisvalid)
            from pg_index join pg_class as c on c.oid = indexrelid where c.relnamespace = 'public'::regnamespace
            union all
            select format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            from pg_constraint where connamespace = 'public'::regnamespace and conrelid <> 0
            union all
            select format('sequence %s', sequencename) from pg_sequences where schemaname = 'public'
        ) as lines";
    database.value(sql).await.unwrap()
}

#[tokio::test]
async fn up_down_up_leaves_the_same_catalog() {
    on_each_version(|test| async move {
        let database = test.open().await;
        let first = run(&database, MigrationRequest::Up).await;
        assert!(first.created_ledger);
        let (once, ledger) = (catalog(&test).await, test.count("schema_migrations").await);
        let taken = run(&database, down(CREATE)).await;
        assert_eq!(taken.applied.len(), first.applied.len());
        assert!(taken.applied.iter().all(|one| one.direction == Direction::Down));
        assert_eq!(test.count("schema_migrations").await, 0);
        assert!(!catalog(&test).await.contains("evaluation_"));
        assert!(!run(&database, MigrationRequest::Up).await.created_ledger);
        assert_eq!((catalog(&test).await, test.count("schema_migrations").await), (once, ledger));
    })
    .await;
}

#[tokio::test]
async fn every_version_goes_down_and_up_by_itself() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    run(&database, MigrationRequest::Up).await;
    run(&database, up_only(RENAME)).await;
    let before = catalog(&test).await;
    for migration in MigrationSet::embedded().unwrap().iter().rev() {
        run(&database, MigrationRequest::Down { version: migration.version.clone() }).await;
    }
    for migration in MigrationSet::embedded().unwrap().iter() {
        run(&database, MigrationRequest::UpOnly { version: migration.version.clone() }).await;
    }
    assert_eq!(catalog(&test).await, before);
}

#[tokio::test]
async fn the_rename_waits_until_it_is_named() {
    on_each_version(|test| async move {
        let database = test.open().await;
        run(&database, MigrationRequest::Up).await;
        assert_eq!(state(&database, RENAME).await, (MigrationState::OptIn, None));
        assert!(plan(&database, MigrationRequest::Up).await.steps.is_empty());
        run(&database, up_only(RENAME)).await;
        assert_eq!(state(&database, RENAME).await, (MigrationState::Up, None));
        assert_eq!(state(&database, CREATE).await, (MigrationState::Up, None));
        assert!(catalog(&test).await.contains("evaluation_configurations.configuration_changes"));
    })
    .await;
}

#[tokio::test]
async fn the_plan_says_what_waits_and_what_dies() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let up = plan(&database, MigrationRequest::Up).await;
    assert_eq!(up.ledger, LedgerKind::Missing);
    assert!(up.create_ledger.is_some());
    let create = &up.steps[0];
    assert!(create.transactional && create.statements.iter().all(|one| one.blocks == Blocks::Nobody));
    let index = &up.steps[1];
    assert!(!index.transactional);
    assert_eq!(index.statements[0].lock.as_deref(), Some("SHARE UPDATE EXCLUSIVE"));
    run(&database, MigrationRequest::Up).await;
    test.run(
        "insert into evaluation_runs (name, baseline_span_id, created_at, updated_at)
        select 'r', 's', now(), now() from generate_series(1, 50); analyze evaluation_runs",
    )
    .await;
    let down = plan(&database, down(CREATE)).await;
    let of_a_kind = |kind| down.doomed.iter().filter(|one| one.kind == kind).count();
    assert_eq!((of_a_kind(DoomedKind::Table), of_a_kind(DoomedKind::Index)), (4, 5));
    let runs = down.doomed.iter().find(|table| table.name == "evaluation_runs").unwrap();
    assert_eq!(runs.rows, Some(50));
    assert!(runs.bytes > Some(0) && down.is_destructive());
}

#[tokio::test]
async fn a_number_that_belongs_to_another_migration_is_a_conflict() {
    let test = empty_database(usual()).await;
    test.run(
        "create table schema_migrations (version varchar primary key);
        insert into schema_migrations values ('20251106000001'), ('1'), ('20990101000000')",
    )
    .await;
    let database = test.open().await;
    let (found, note) = state(&database, CREATE).await;
    assert_eq!(found, MigrationState::Conflict);
    assert!(note.unwrap().contains("table evaluation_configurations is missing"));
    assert_eq!(state(&database, "1").await.0, MigrationState::NoFile);
    assert_eq!(state(&database, "20990101000000").await.0, MigrationState::NoFile);
    assert_eq!(refused(&database, MigrationRequest::Up).await.kind(), ErrorKind::Refused);
    assert_eq!(refused(&database, down(CREATE)).await.kind(), ErrorKind::Refused);
    let rollback = refused(&database, MigrationRequest::Rollback { step: 1 }).await;
    assert!(rollback.message().contains("20990101000000") && rollback.kind() == ErrorKind::Precondition);
}

#[tokio::test]
async fn rails_own_schema_is_left_as_it_is_and_completed() {
    let test = empty_database(usual()).await;
    let create = MigrationSet::embedded().unwrap().source(&Version::new(CREATE)).unwrap().up;
    test.run(
        &create
            .replace(" changes jsonb", " configuration_changes jsonb")
            .replace("gin (changes)", "gin (configuration_changes)"),
    )
    .await;
    test.run("create table schema_migrations (version varchar primary key); insert into schema_migrations values ('1');
        create table ar_internal_metadata (key varchar primary key, value varchar, created_at timestamp(6) not null, updated_at timestamp(6) not null);
        insert into ar_internal_metadata values ('environment', 'production', now(), now())").await;
    let database = test.open().await;
    let status = migration_status(&database, &usual_context()).await.unwrap();
    assert_eq!((status.ledger, status.environment.as_deref()), (LedgerKind::Rails, Some("production")));
    let (found, note) = state(&database, CREATE).await;
    assert_eq!(found, MigrationState::Down);
    assert!(note.unwrap().contains("there already"));
    assert_eq!(refused(&database, up_only(CREATE)).await.kind(), ErrorKind::Precondition);
    let error = refused(&database, MigrationRequest::Up).await;
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().starts_with("Rails keeps schema_migrations here"), "{error}");
    let consenting = MigrationContext { own_schema: true, ..usual_context() };
    let planned = plan_migrate(&database, &consenting, MigrationRequest::Up).await.unwrap();
    assert!(planned.steps.iter().all(|step| step.version.as_str() != CREATE) && !planned.steps.is_empty());
    assert!(planned.notices.iter().any(|notice| notice.contains("evaldesk.migration_ledger")));
    apply_migrate(&database, &consenting, &planned, &JobContext::detached()).await.unwrap();
    assert_eq!(migration_status(&database, &usual_context()).await.unwrap().pending, 0);
    assert_eq!(test.count("schema_migrations").await, 1, "Rails sees what it saw before");
}

#[tokio::test]
async fn a_ledger_of_another_tool_is_never_written() {
    let test = empty_database(usual()).await;
    test.run("create table schema_migrations (version bigint primary key, dirty boolean not null)").await;
    let database = test.open().await;
    assert_eq!(migration_status(&database, &usual_context()).await.unwrap().ledger, LedgerKind::Foreign);
    let error = refused(&database, MigrationRequest::Up).await;
    assert!(error.kind() == ErrorKind::Refused && error.message().contains("golang-migrate"));
}

#[tokio::test]
async fn a_plan_goes_stale_when_the_ledger_moves() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let planned = plan(&database, MigrationRequest::Up).await;
    run(&database, up_only(CREATE)).await;
    let error =
        apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StalePlan);
    assert_eq!(test.count("schema_migrations").await, 1);
}

#[tokio::test]
async fn a_statement_slipped_into_a_plan_is_not_run() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let mut planned = plan(&database, MigrationRequest::Up).await;
    planned.steps[0].statements[0].sql = "create table slipped_in (id int)".to_owned();
    apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap();
    assert_eq!(test.value("select to_regclass('slipped_in') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn whoever_migrates_is_named_to_the_next_one() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let planned = plan(&database, MigrationRequest::Up).await;
    let mut rails = test.session().await;
    let lock = "set application_name = 'rake'; select pg_advisory_lock(2053462845::bigint * $sum)";
    let sum = crc32(test.name.as_bytes());
    sqlx::raw_sql(sqlx::AssertSqlSafe(lock.replace("$sum", &sum.to_string())))
        .execute(&mut rails)
        .await
        .unwrap();
    let error =
        apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert!(error.message().contains("(postgres, rake, connected since "), "{}", error.message());
    drop(rails);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap();
    assert_eq!(
        test.value(
            "select count(*) from pg_locks where locktype = 'advisory'
            and database = (select oid from pg_database where datname = current_database())"
        )
        .await
        .as_deref(),
        Some("0")
    );
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    })
}

#[tokio::test]
async fn a_read_only_connection_migrates_nothing() {
    let test = empty_database(usual()).await;
    let mut parsed = parse_url(&test.url).unwrap();
    let planned = plan(&test.open().await, MigrationRequest::Up).await;
    parsed.profile.read_only = true;
    let database = Database::open(&parsed.profile, parsed.password.as_ref()).await.unwrap();
    let error =
        apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Refused);
    assert_eq!(migration_status(&database, &usual_context()).await.unwrap().ledger, LedgerKind::Missing);
}

#[tokio::test]
async fn a_statement_that_fails_takes_its_version_back_and_keeps_the_others() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let set = MigrationSet::from_files(
        "test",
        [
            ("1_a.up.sql", b"create table a (id int)" as &[u8]),
            ("2_b.up.sql", b"create table b (id int); select 1 / 0; create table c (id int)"),
        ],
    )
    .unwrap();
    let planned =
        plan_migrate(&database, &MigrationContext::new(set.clone()), MigrationRequest::Up).await.unwrap();
    let error =
        apply_migrate(&database, &MigrationContext::new(set.clone()), &planned, &JobContext::detached())
            .await
            .unwrap_err();
    assert!(error.message().starts_with("2 b: statement 2 of 3: division by zero"), "{}", error.message());
    assert_eq!(error.hint_text(), Some("Nothing of it was kept."));
    assert!(error.detail_text().unwrap().contains("1 a"));
    assert_eq!(
        test.value("select string_agg(version, ',') from schema_migrations").await.as_deref(),
        Some("1")
    );
    assert_eq!(test.value("select to_regclass('b') is null").await.as_deref(), Some("true"));
    let error =
        plan_migrate(&database, &MigrationContext::new(set.clone()), MigrationRequest::Rollback { step: 1 })
            .await
            .unwrap_err();
    assert!(error.message().contains("cannot be taken back"));
}

#[tokio::test]
async fn a_version_whose_verify_finds_something_is_not_kept() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let set = MigrationSet::from_files(
        "test",
        [
            ("1_a.up.sql", b"create table a (id int)" as &[u8]),
            ("1_a.verify.sql", b"select 'b is missing' where to_regclass('b') is null"),
        ],
    )
    .unwrap();
    let planned =
        plan_migrate(&database, &MigrationContext::new(set.clone()), MigrationRequest::Up).await.unwrap();
    let error =
        apply_migrate(&database, &MigrationContext::new(set.clone()), &planned, &JobContext::detached())
            .await
            .unwrap_err();
    assert!(error.message().contains("b is missing"));
    assert_eq!(test.value("select to_regclass('a') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn what_a_broken_build_left_is_cleared_away_first() {
    on_each_version(|test| async move {
        let database = test.open().await;
        run(&database, MigrationRequest::Up).await;
        run(&database, down(SPANS_INDEX)).await;
        test.run("create index index_evaluation_spans_on_evaluation_run_id on evaluation_spans (evaluation_run_id);
            update pg_index set indisvalid = false where indexrelid = 'index_evaluation_spans_on_evaluation_run_id'::regclass").await;
        let planned = plan(&database, up_only(SPANS_INDEX)).await;
        let purposes: Vec<_> = planned.steps[0].statements.iter().map(|one| one.purpose).collect();
        assert_eq!(purposes, [StatementPurpose::Leftover, StatementPurpose::Migration]);
        apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap();
        assert_eq!(state(&database, SPANS_INDEX).await, (MigrationState::Up, None));
    })
    .await;
}

#[tokio::test]
async fn an_index_that_somebody_dropped_is_attention_and_no_conflict() {
    on_each_version(|test| async move {
        let database = test.open().await;
        run(&database, MigrationRequest::Up).await;
        test.run("drop index index_evaluation_spans_on_trace_id").await;
        let (found, note) = state(&database, CREATE).await;
        assert_eq!(found, MigrationState::Up);
        assert_eq!(note.as_deref(), Some("no valid btree index on evaluation_spans (trace_id)"));
        let report =
            verify_migration(&database, &usual_context(), Some(&Version::new(CREATE))).await.unwrap();
        assert_eq!(report[0].problems[0].weight, Weight::Attention);
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_job_leaves_nothing_behind() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let job = JobContext::detached();
    job.cancel();
    let planned = plan(&database, MigrationRequest::Up).await;
    let error = apply_migrate(&database, &usual_context(), &planned, &job).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    assert!(!catalog(&test).await.contains("evaluation_"));
}

#[tokio::test]
async fn a_folder_is_as_good_as_what_is_compiled_in() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let set = MigrationSet::from_folder(Path::new(&support::root().join("migrations"))).unwrap();
    let planned =
        plan_migrate(&database, &MigrationContext::new(set.clone()), MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &MigrationContext::new(set.clone()), &planned, &JobContext::detached())
        .await
        .unwrap();
    assert_eq!(migration_status(&database, &usual_context()).await.unwrap().pending, 0);
}

#[tokio::test]
async fn a_lock_that_another_holds_stops_nobody_for_long() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    run(&database, MigrationRequest::Up).await;
    let mut reader = test.session().await;
    sqlx::raw_sql("begin; select count(*) from evaluation_configurations")
        .execute(&mut reader)
        .await
        .unwrap();
    let planned = plan(&database, up_only(RENAME)).await;
    let mut impatient = usual_context();
    impatient.patience.statement = std::time::Duration::from_millis(200);
    impatient.patience.retries = 1;
    let error = apply_migrate(&database, &impatient, &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::LockTimeout);
    assert!(error.hint_text().unwrap().contains("Nothing of it was kept."), "{:?}", error.hint_text());
    assert_eq!(state(&database, RENAME).await.0, MigrationState::OptIn);
}

#[tokio::test]
async fn a_concurrent_build_is_cancelled_on_the_server_and_can_be_taken_up_again() {
    on_each_version(|test| async move {
        let database = test.open().await;
        run(&database, up_only(CREATE)).await;
        let mut writer = test.session().await;
        let hold = "begin; insert into evaluation_runs (name, baseline_span_id, created_at, updated_at)
            values ('r', 's', now(), now())";
        sqlx::raw_sql(hold).execute(&mut writer).await.unwrap();
        let planned = plan(&database, up_only("20261102091000")).await;
        let job = JobContext::detached();
        let cancel = job.clone();
        let later = tokio::spawn(async move {
            tokio::time::sleep(std::time::Duration::from_millis(600)).await;
            cancel.cancel();
        });
        let error = apply_migrate(&database, &usual_context(), &planned, &job).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Cancelled, "{error}");
        later.await.unwrap();
        assert_eq!(state(&database, "20261102091000").await.0, MigrationState::Down);
        drop(writer);
        let again = plan(&database, up_only("20261102091000")).await;
        assert_eq!(again.steps[0].statements[0].purpose, StatementPurpose::Leftover);
        apply_migrate(&database, &usual_context(), &again, &JobContext::detached()).await.unwrap();
        assert_eq!(state(&database, "20261102091000").await, (MigrationState::Up, None));
    })
    .await;
}

#[tokio::test]
async fn a_role_that_may_not_create_is_told_what_it_could_not_make() {
    let test = empty_database(usual()).await;
    test.run(
        "revoke create on schema public from public; create role reader_of_migrations login password 'p'",
    )
    .await;
    let database = Database::from_url(&test.url_as("reader_of_migrations", "p")).await.unwrap();
    let planned = plan(&database, MigrationRequest::Up).await;
    let error =
        apply_migrate(&database, &usual_context(), &planned, &JobContext::detached()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.message().starts_with("cannot make schema_migrations: permission denied"), "{error}");
}
