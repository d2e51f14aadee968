//! Indexes built and dropped CONCURRENTLY on tables that are partitioned by now.

use evaldesk_core::catalog::fingerprint::{SchemaSnapshot, SnapshotScope};
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    Blocks, MigrationContext, MigrationPlan, MigrationRequest, MigrationSet, MigrationState,
    StatementPurpose, apply_migrate, migration_status, plan_migrate,
};
use evaldesk_core::{Error, ErrorKind};
use support::{TestDatabase, empty_database, fresh_database, versions};

use crate::migrate_left::{Broken, resume, undo};

const PARTITION_SPANS: &str = include_str!("../fixtures/schema/partition_spans.sql");

/// Partitions of two levels; one name is longer than what is left for the index's.
const LEVELS: &str = "create schema old;
    create table t (id int, kind text, at date) partition by range (at);
    create table old.t_2024_of_a_name_that_leaves_no_room_for_the_name_of_the_index partition of t for values from ('2024-01-01') to ('2025-01-01');
    create table \"t 2025\" partition of t for values from ('2025-01-01') to ('2026-01-01') partition by list (kind);
    create table t_2025_a partition of \"t 2025\" for values in ('a');
    create table t_2025_rest partition of \"t 2025\" default;
    insert into t values (1, 'a', '2024-05-05'), (2, 'a', '2025-05-05'), (3, 'b', '2025-05-05')";

const BUILD: &str = "-- evaldesk: no-transaction\ncreate unique index concurrently if not exists i on t using btree (id, kind, at) where id > 0";
const DROP: &str = "-- evaldesk: no-transaction\ndrop index concurrently if exists i";

fn sent(plan: &MigrationPlan) -> Vec<(StatementPurpose, Option<u32>, &str)> {
    plan.statements().map(|(_, _, one)| (one.purpose, one.index, one.sql.as_str())).collect()
}

fn purposes(plan: &MigrationPlan) -> Vec<StatementPurpose> {
    plan.statements().map(|(_, _, one)| one.purpose).collect()
}

/// The indexes of the tree that are valid and hang together, and those that are neither.
async fn indexes(test: &TestDatabase) -> (i64, i64) {
    let whole = "pg_index where indexrelid in (select relid from pg_partition_tree('i')) and indisvalid";
    let other = "pg_index join pg_class on oid = indexrelid where relname ~ '(^|_)i(_[0-9a-f]{8})?$' and indrelid in (select relid from pg_partition_tree('t')) and (not indisvalid or indexrelid <> all (coalesce((select array_agg(relid::oid) from pg_partition_tree(to_regclass('i'))), '{}')))";
    let whole =
        if test.value("select to_regclass('i')").await.is_some() { test.count(whole).await } else { 0 };
    (whole, test.count(other).await)
}

#[tokio::test]
async fn a_build_on_a_partitioned_table_goes_partition_by_partition() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run(LEVELS).await;
        let broken = Broken::of(test, BUILD, DROP);
        let plan = broken.plan(MigrationRequest::Up).await.unwrap();
        let sent = sent(&plan);
        let expected = [
            "create unique index \"i\" on only \"public\".\"t\" using btree (id, kind, at) where id > 0",
            "create unique index \"t 2025_i\" on only \"public\".\"t 2025\" using btree (id, kind, at) where id > 0",
            "create unique index concurrently \"t_2025_a_t 2025_i\" on \"public\".\"t_2025_a\" using btree (id, kind, at) where id > 0",
            "alter index \"public\".\"t 2025_i\" attach partition \"public\".\"t_2025_a_t 2025_i\"",
            "alter index \"public\".\"i\" attach partition \"public\".\"t 2025_i\"",
        ];
        for part in expected {
            assert!(sent.iter().any(|(_, _, sql)| *sql == part), "{part}: {sent:#?}");
        }
        assert_eq!(sent.len(), 9, "{sent:#?}");
        assert!(
            sent[..8].iter().all(|(purpose, index, _)| *purpose == StatementPurpose::Part && index.is_none())
        );
        assert_eq!((sent[8].0, sent[8].1), (StatementPurpose::Instead, Some(0)));
        assert!(
            plan.notices.iter().any(|one| one.contains("built on its 3 partitions")),
            "{:?}",
            plan.notices
        );
        let waits: Vec<_> =
            plan.statements().filter(|(_, _, one)| one.blocks == Blocks::ReadsAndWrites).collect();
        assert!(waits.is_empty(), "{waits:#?}");
        broken.run(MigrationRequest::Up).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Up, (5, 0)));
        assert_eq!(fingerprint(&broken.test).await, fingerprint(&built_at_once(major).await).await);
    }
}

async fn built_at_once(major: u32) -> TestDatabase {
    let test = empty_database(major).await;
    test.run(LEVELS).await;
    test.run("create unique index i on t using btree (id, kind, at) where id > 0").await;
    test
}

/// Without the schema of our own log and the ledger.
async fn fingerprint(test: &TestDatabase) -> Vec<String> {
    let mut session = test.session().await;
    let scope = SnapshotScope::of_session(&mut session).await.unwrap();
    SchemaSnapshot::read(&mut session, &scope).await.unwrap().canonical()
}

#[tokio::test]
async fn one_that_broke_in_between_is_partial_and_goes_on_with_what_is_missing() {
    for major in versions() {
        let broken = broken_in_the_second(major, DROP).await;
        let status = migration_status(&broken.test.open().await, &broken.context).await.unwrap();
        let partial = status.migrations[0].partial.clone().unwrap();
        assert_eq!((partial.done, partial.total, partial.open), (0, 1, Some(0)));
        let error = broken.run(MigrationRequest::Up).await.unwrap_err();
        assert!(error.message().contains("broke off half-way"), "{error}");
        broken.test.run("delete from t where id = 9").await;
        let plan = broken.plan(resume()).await.unwrap();
        use StatementPurpose::{Instead, Leftover, Part};
        assert_eq!(purposes(&plan), [Leftover, Part, Part, Instead], "{:#?}", sent(&plan));
        broken.run(resume()).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Up, (5, 0)));
    }
}

/// The leaf of 2025 that is built last holds a row twice; the index of the one before is built.
async fn broken_in_the_second(major: u32, down: &str) -> Broken {
    let test = empty_database(major).await;
    test.run(LEVELS).await;
    test.run("insert into t values (9, 'b', '2025-05-05'), (9, 'b', '2025-05-05')").await;
    let broken = Broken::of(test, BUILD, down);
    broken.breaks_off().await;
    assert_ne!(indexes(&broken.test).await.1, 0);
    broken
}

/// A log in the database, and one in a file.
#[tokio::test]
async fn a_session_that_is_killed_in_the_middle_leaves_a_version_that_goes_on() {
    for major in versions() {
        for own_schema in [true, false] {
            let test = empty_database(major).await;
            test.run(LEVELS).await;
            let mut broken = Broken::of(test, BUILD, DROP);
            let folder = tempfile::tempdir().unwrap();
            broken.context.own_schema = own_schema;
            broken.context.log_folder = Some(folder.path().to_owned());
            killed_in_the_last_build(&broken).await;
            let status = migration_status(&broken.test.open().await, &broken.context).await.unwrap();
            let partial = status.migrations[0].partial.clone().unwrap();
            assert_eq!((partial.done, partial.total, partial.open), (0, 1, Some(0)));
            let plan = broken.plan(resume()).await.unwrap();
            assert_eq!(sent(&plan)[0].0, StatementPurpose::Leftover, "{:#?}", sent(&plan));
            broken.run(resume()).await.unwrap();
            assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Up, (5, 0)));
        }
    }
}

/// A writer keeps the build of the last partition waiting, and its server process is ended meanwhile.
async fn killed_in_the_last_build(broken: &Broken) {
    let mut writer = broken.test.session().await;
    let write = "begin; insert into t_2025_rest values (7, 'z', '2025-07-07')";
    sqlx::raw_sql(write).execute(&mut writer).await.unwrap();
    // Into the partition itself: a writer through the parent would keep its index from being made.
    let kill = async {
        let waiting = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'create unique index concurrently%t_2025_rest%'";
        while broken.test.value(waiting).await.as_deref() == Some("0") {
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
    };
    let kill = tokio::time::timeout(std::time::Duration::from_secs(20), kill);
    let (ran, killed) = tokio::join!(broken.run(MigrationRequest::Up), kill);
    let error = ran.unwrap_err();
    killed.unwrap();
    assert!(error.hint_text().unwrap().contains("What ran of statement 1 stays"), "{error:?}");
    sqlx::raw_sql("rollback").execute(&mut writer).await.unwrap();
}

#[tokio::test]
async fn one_that_is_there_and_whole_is_left_as_it_is() {
    for major in versions() {
        let test = built_at_once(major).await;
        let broken = Broken::of(test, BUILD, DROP);
        let plan = broken.plan(MigrationRequest::Up).await.unwrap();
        assert_eq!(purposes(&plan), [StatementPurpose::Instead], "{:#?}", sent(&plan));
        broken.run(MigrationRequest::Up).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await.0), (MigrationState::Up, 5));
    }
}

#[tokio::test]
async fn whatever_ran_when_it_broke_off_planning_again_goes_on_from_there() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run(LEVELS).await;
        let all = Broken::of(test, BUILD, DROP).plan(MigrationRequest::Up).await.unwrap();
        let all: Vec<_> = all.statements().map(|(_, _, one)| one.sql.clone()).collect();
        for done in 0..all.len() {
            let test = empty_database(major).await;
            test.run(LEVELS).await;
            for sql in &all[..done] {
                test.run(sql).await;
            }
            let broken = Broken::of(test, BUILD, DROP);
            let plan = broken.plan(MigrationRequest::Up).await.unwrap();
            let left: Vec<_> = plan.statements().map(|(_, _, one)| one.sql.as_str()).collect();
            assert_eq!(left, all[done..], "after {done}");
            broken.run(MigrationRequest::Up).await.unwrap();
            assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Up, (5, 0)));
        }
    }
}

#[tokio::test]
async fn the_way_back_takes_the_parents_index_and_what_was_not_attached() {
    for major in versions() {
        let broken = broken_in_the_second(major, DROP).await;
        broken.run(undo()).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Down, (0, 0)));
    }
}

#[tokio::test]
async fn a_drop_on_a_partitioned_table_says_that_everybody_waits() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run(LEVELS).await;
        let broken = Broken::of(test, BUILD, DROP);
        broken.run(MigrationRequest::Up).await.unwrap();
        let down = MigrationRequest::Rollback { step: 1 };
        let plan = broken.plan(down.clone()).await.unwrap();
        assert_eq!(sent(&plan), [(StatementPurpose::Instead, Some(0), "drop index if exists i")]);
        let statement = &plan.steps[0].statements[0];
        assert_eq!(statement.blocks, Blocks::ReadsAndWrites);
        assert!(
            plan.notices.iter().any(|one| one.contains("no server drops i concurrently")),
            "{:?}",
            plan.notices
        );
        broken.run(down).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Down, (0, 0)));
    }
}

#[tokio::test]
async fn what_the_same_plan_drops_before_is_built_anew() {
    let test = empty_database(support::usual()).await;
    test.run(LEVELS).await;
    let broken = Broken::of(test, &format!("{DROP};\n{}", BUILD.lines().last().unwrap()), DROP);
    broken.run(MigrationRequest::Up).await.unwrap();
    assert_eq!(indexes(&broken.test).await, (5, 0));
    for _ in 0..2 {
        broken.run(MigrationRequest::Redo { step: 1 }).await.unwrap();
        assert_eq!((broken.state().await, indexes(&broken.test).await), (MigrationState::Up, (5, 0)));
    }
}

#[tokio::test]
async fn our_own_index_versions_apply_to_a_partitioned_table() {
    for major in versions() {
        let test = fresh_database(major).await;
        test.run(PARTITION_SPANS).await;
        test.run(
            "drop index index_evaluation_spans_on_evaluation_run_id; drop index index_evaluation_spans_on_created_at_and_id;
             delete from schema_migrations where version in ('20261102090000', '20261102092000')",
        )
        .await;
        let mut context = MigrationContext::embedded().unwrap();
        (context.own_schema, context.any_order) = (true, true);
        let database = test.open().await;
        let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
        let ups: Vec<_> =
            plan.steps.iter().map(|step| (step.version.as_str(), step.statements.len())).collect();
        assert_eq!(ups, [("20261102090000", 5), ("20261102092000", 5)]);
        apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
        let status = migration_status(&database, &context).await.unwrap();
        let up = |version: &str| {
            status.migrations.iter().find(|row| row.version.as_str() == version).map(|row| row.state)
        };
        assert_eq!(up("20261102090000"), Some(MigrationState::Up));
        assert_eq!(up("20261102092000"), Some(MigrationState::Up));
    }
}

async fn refused(prepare: &str, files: &[(&str, &str)]) -> Error {
    let test = empty_database(support::usual()).await;
    test.run(prepare).await;
    let files = files.iter().map(|(name, sql)| (*name, sql.as_bytes()));
    let context = MigrationContext::new(MigrationSet::from_files("test", files).unwrap());
    let error = plan_migrate(&test.open().await, &context, MigrationRequest::Up).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Precondition, "{error}");
    error
}

#[tokio::test]
async fn what_cannot_be_built_partition_by_partition_is_refused_with_what_to_write() {
    let nameless = "-- evaldesk: no-transaction\ncreate index concurrently on t (id)";
    let error = refused(LEVELS, &[("1_a.up.sql", nameless)]).await;
    assert!(
        error.message().contains("1 a: ") && error.hint_text().unwrap().contains("Give it a name"),
        "{error}"
    );

    let foreign = "create extension postgres_fdw; create server s foreign data wrapper postgres_fdw;
        create table t (id int) partition by range (id); create foreign table far partition of t default server s";
    let error = refused(
        foreign,
        &[("1_a.up.sql", "-- evaldesk: no-transaction\ncreate index concurrently i on t (id)")],
    )
    .await;
    assert!(error.message().contains("far is a foreign table"), "{error}");
    assert!(
        error.hint_text().unwrap().contains("create index i on t (id) without CONCURRENTLY"),
        "{error:?}"
    );

    let table = "create table t (id int) partition by range (id)";
    let index = "-- evaldesk: no-transaction\ncreate index concurrently i on t (id)";
    let error = refused("select 1", &[("1_a.up.sql", table), ("2_b.up.sql", index)]).await;
    assert!(
        error.message().starts_with("2 b, line 2: ") && error.hint_text().unwrap().contains("Apply 1 first"),
        "{error}"
    );
}

#[tokio::test]
async fn a_table_without_partitions_and_one_of_the_parent_alone_take_one_statement() {
    let test = empty_database(support::usual()).await;
    test.run("create table t (id int, kind text, at date) partition by range (at)").await;
    let broken = Broken::of(test, BUILD, DROP);
    let plan = broken.plan(MigrationRequest::Up).await.unwrap();
    assert_eq!(purposes(&plan), [StatementPurpose::Instead]);
    broken.run(MigrationRequest::Up).await.unwrap();
    assert_eq!(indexes(&broken.test).await, (1, 0));
}
