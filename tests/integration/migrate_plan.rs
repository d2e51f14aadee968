//! Plans against real servers: what tables weigh, who is in the way, what dies, and that the script does what it says.

use std::time::Duration;

use evaldesk_core::connection::Database;
use evaldesk_core::migrate::{
    BlockerKind, Blocks, DoomedKind, MigrationContext, MigrationPlan, MigrationRequest, MigrationSet,
    Version, migration_status, plan_migrate,
};
use evaldesk_core::sql::split::split;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use support::{Cluster, TestDatabase, empty_database, usual, versions};

fn context(up: &str) -> MigrationContext {
    MigrationContext::new(MigrationSet::from_files("test", [("1_a.up.sql", up.as_bytes())]).unwrap())
}

async fn plan(database: &Database, up: &str) -> MigrationPlan {
    plan_migrate(database, &context(up), MigrationRequest::Up).await.unwrap()
}

async fn on_each_version<Running: Future<Output = ()>>(test: impl Fn(TestDatabase) -> Running) {
    for major in versions() {
        test(empty_database(major).await).await;
    }
}

#[tokio::test]
async fn a_table_weighs_with_its_large_values_its_partitions_and_whatever_its_name_is() {
    on_each_version(|test| async move {
        test.run(
            "create table \"Odd \"\"one\" (id int, body text);
            alter table \"Odd \"\"one\" alter column body set storage external;
            insert into \"Odd \"\"one\" select g, repeat('x', 9000) from generate_series(1, 200) as g;
            create table parts (id int, at date) partition by range (at);
            create table parts_a partition of parts for values from ('2025-01-01') to ('2026-01-01');
            create table parts_b partition of parts for values from ('2026-01-01') to ('2027-01-01');
            insert into parts select g, '2025-02-02' from generate_series(1, 3000) as g;
            insert into parts select g, '2026-02-02' from generate_series(1, 2000) as g;
            analyze",
        )
        .await;
        let database = test.open().await;
        let up =
            "alter table \"Odd \"\"one\" add check (id > 0); alter table parts alter column id set not null";
        let planned = plan(&database, up).await;
        let (odd, parts) = (&planned.steps[0].statements[0], &planned.steps[0].statements[1]);
        assert_eq!(odd.locks[0].relation, "\"Odd \"\"one\"");
        assert_eq!((odd.rows, odd.scans.len()), (Some(200), 1));
        assert!(odd.bytes > Some(1_800_000) && odd.reads_bytes < Some(200_000), "{odd:?}");
        assert_eq!((parts.rows, parts.locks[0].below), (Some(5000), 2));
        assert!(parts.bytes > Some(100_000), "{parts:?}");
    })
    .await;
}

#[tokio::test]
async fn who_holds_a_lock_or_an_old_snapshot_is_named_with_the_statement_that_waits() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int); create table other (id int)").await;
    let mut holder = test.session().await;
    let hold = "set application_name = 'etl-loader'; begin; insert into t values (1)";
    sqlx::raw_sql(hold).execute(&mut holder).await.unwrap();
    let mut reader = test.session().await;
    let read =
        "set application_name = 'report'; begin isolation level repeatable read; select count(*) from other";
    sqlx::raw_sql(read).execute(&mut reader).await.unwrap();
    tokio::time::sleep(Duration::from_millis(5_300)).await;
    let database = test.open().await;
    let up =
        "-- evaldesk: no-transaction\ncreate table u (id int);\ncreate index concurrently t_id on t (id);";
    let planned = plan(&database, up).await;
    let found = |kind| planned.blockers.iter().find(|one| one.kind == kind).unwrap();
    let (long, old) = (found(BlockerKind::LongTransaction), found(BlockerKind::OldSnapshot));
    assert_eq!((long.application.as_deref(), long.waiting[0].statement), (Some("etl-loader"), 2));
    assert!(long.words.ends_with("statement 2 waits for it"), "{}", long.words);
    assert!(long.words.contains("(etl-loader) is idle in a transaction for "), "{}", long.words);
    assert_eq!(old.application.as_deref(), Some("report"));
    assert_eq!(planned.blockers.len(), 2, "{:?}", planned.blockers);
}

#[tokio::test]
async fn a_prepared_transaction_is_named_by_its_own_name() {
    let cluster = Cluster::private(usual());
    let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    sqlx::raw_sql("alter system set max_prepared_transactions = 5").execute(&mut session).await.unwrap();
    drop(session);
    cluster.restart();
    let mut session = PgConnection::connect(&cluster.url("postgres")).await.unwrap();
    let prepare =
        "create table t (id int); begin; lock table t in share mode; prepare transaction 'forgotten'";
    for statement in prepare.split("; ") {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut session).await.unwrap();
    }
    let database = Database::from_url(&cluster.url("postgres")).await.unwrap();
    let planned = plan(&database, "alter table t add column a int").await;
    let blocker = &planned.blockers[0];
    assert_eq!((blocker.kind, blocker.gid.as_deref()), (BlockerKind::PreparedTransaction, Some("forgotten")));
    assert!(blocker.words.starts_with("transaction forgotten is prepared"), "{}", blocker.words);
    cluster.stop("immediate");
}

#[tokio::test]
async fn planning_waits_for_nobody_who_locks_the_tables() {
    let test = empty_database(usual()).await;
    test.run("create table t (id int); insert into t select generate_series(1, 5000); analyze t").await;
    let mut holder = test.session().await;
    sqlx::raw_sql("begin; lock table t in access exclusive mode").execute(&mut holder).await.unwrap();
    let database = test.open().await;
    let planned =
        tokio::time::timeout(Duration::from_secs(1), plan(&database, "create index on t (id)")).await;
    assert!(planned.unwrap().steps[0].statements[0].bytes > Some(100_000));
}

#[tokio::test]
async fn what_dies_is_told_with_what_falls_with_it() {
    on_each_version(|test| async move {
        test.run(
            "create table p (id int primary key, note text, extra int);
            insert into p select g, 'note', case when g > 60 then g end from generate_series(1, 100) as g;
            create index p_extra on p (extra, note);
            create table c (p int references p);
            create view v as select id from p; create sequence s; create table gone (id int); analyze",
        )
        .await;
        let database = test.open().await;
        let up = "alter table p drop column extra; drop table gone; truncate c, p; drop sequence s;
            alter table p drop constraint p_pkey cascade; drop table if exists never; drop table p cascade";
        let planned = plan(&database, up).await;
        let told: Vec<_> = planned
            .doomed
            .iter()
            .map(|one| (one.kind, one.name.as_str(), one.rows, one.with.is_some()))
            .collect();
        assert!(told.contains(&(DoomedKind::Column, "p.extra", Some(40), false)), "{told:?}");
        assert!(told.contains(&(DoomedKind::Index, "p_extra", None, true)), "{told:?}");
        assert!(told.contains(&(DoomedKind::Table, "gone", Some(0), false)), "{told:?}");
        assert!(told.contains(&(DoomedKind::Rows, "p", Some(100), false)), "{told:?}");
        assert!(told.contains(&(DoomedKind::Sequence, "s", None, false)), "{told:?}");
        assert!(told.contains(&(DoomedKind::View, "v", None, true)), "{told:?}");
        assert!(told.contains(&(DoomedKind::Constraint, "c.c_p_fkey", None, true)), "{told:?}");
        assert!(told.iter().all(|(_, name, _, _)| *name != "never"), "{told:?}");
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_what_the_plan_makes_itself() {
    let test = empty_database(usual()).await;
    test.run(
        "create table old (id int primary key); insert into old select generate_series(1, 1000); analyze",
    )
    .await;
    let database = test.open().await;
    let up = "create table new (id int, old int); create index on new (id);
        alter table new add foreign key (old) references old (id);
        alter table old rename to older; alter table older add column a int";
    let statements = plan(&database, up).await.steps.remove(0).statements;
    let blocks: Vec<_> = statements.iter().map(|one| one.blocks).collect();
    let all = Blocks::ReadsAndWrites;
    assert_eq!(blocks, [Blocks::Nobody, Blocks::Nobody, Blocks::Writes, all, all]);
    assert_eq!(statements[4].rows, Some(1000));
}

#[tokio::test]
async fn the_script_does_what_the_plan_says() {
    on_each_version(|test| async move {
        let database = test.open().await;
        let context = MigrationContext::embedded().unwrap();
        let planned = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
        let mut session = test.session().await;
        for statement in split(&planned.to_sql()).unwrap() {
            sqlx::raw_sql(AssertSqlSafe(statement.text.clone())).execute(&mut session).await.unwrap();
        }
        assert_eq!(migration_status(&database, &context).await.unwrap().pending, 0);
        let down = MigrationRequest::Down { version: Version::new("20251106000001") };
        let planned = plan_migrate(&database, &context, down).await.unwrap();
        for statement in split(&planned.to_sql()).unwrap() {
            sqlx::raw_sql(AssertSqlSafe(statement.text.clone())).execute(&mut session).await.unwrap();
        }
        assert_eq!(test.count("schema_migrations").await, 0);
    })
    .await;
}

#[tokio::test]
async fn two_hundred_small_migrations_are_planned_in_a_few_questions() {
    let test = empty_database(usual()).await;
    test.run("create extension pg_stat_statements").await;
    let files: Vec<(String, String)> = (1..=200)
        .map(|n| {
            (
                format!("{n}_a.up.sql"),
                format!("create table t{n} (id int); create index concurrently_not{n} on t{n} (id)"),
            )
        })
        .collect();
    let files = files.iter().map(|(name, sql)| (name.as_str(), sql.as_bytes()));
    let context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    let database = test.open().await;
    let calls = "select coalesce(sum(calls), 0) from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())";
    let count = || async { test.value(calls).await.unwrap().parse::<i64>().unwrap() };
    let before = count().await;
    let planned = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    let asked = count().await - before;
    assert_eq!(planned.statement_count(), 400);
    assert!(asked < 40, "{asked} questions");
}

#[tokio::test]
async fn free_disk_is_told_only_of_a_server_that_is_known_to_be_here() {
    let test = empty_database(usual()).await;
    let planned = plan(&test.open().await, "create table t (id int)").await;
    assert!(planned.disk.free_bytes > Some(0), "{:?}", planned.disk);
    test.run("create role nosy login password 'p'").await;
    let database = Database::from_url(&test.url_as("nosy", "p")).await.unwrap();
    let disk = plan(&database, "create table t (id int)").await.disk;
    assert_eq!((disk.free_bytes, disk.free_unknown.is_some()), (None, true));
}
