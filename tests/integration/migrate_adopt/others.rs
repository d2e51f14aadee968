//! Tools whose programs are not here: their tables as they make them.

use evaldesk_core::ErrorKind;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{
    AdoptVerdict, FoundState, LedgerPlace, MigrationContext, MigrationState, MigrationTool, Version,
    apply_adopt, migration_status, plan_adopt,
};
use support::versions;

use super::{adopt, plan, rows, schema, tools, unrecorded, with_consent};

struct Known {
    tool: MigrationTool,
    sql: &'static str,
    table: &'static str,
    newest: &'static str,
    applied: u32,
    failed: u32,
}

const KNOWN: &[Known] = &[
    Known {
        tool: MigrationTool::GolangMigrate,
        sql: include_str!("../../fixtures/ledgers/golang_migrate.sql"),
        table: "schema_migrations",
        newest: "7",
        applied: 1,
        failed: 0,
    },
    Known {
        tool: MigrationTool::Flyway,
        sql: include_str!("../../fixtures/ledgers/flyway.sql"),
        table: "flyway_schema_history",
        newest: "R R__views.sql",
        applied: 2,
        failed: 0,
    },
    Known {
        tool: MigrationTool::Liquibase,
        sql: include_str!("../../fixtures/ledgers/liquibase.sql"),
        table: "databasechangelog",
        newest: "changelog.xml::views::maria",
        applied: 2,
        failed: 0,
    },
    Known {
        tool: MigrationTool::Refinery,
        sql: include_str!("../../fixtures/ledgers/refinery.sql"),
        table: "refinery_schema_history",
        newest: "2",
        applied: 2,
        failed: 0,
    },
    Known {
        tool: MigrationTool::Atlas,
        sql: include_str!("../../fixtures/ledgers/atlas.sql"),
        table: "atlas_schema_revisions.atlas_schema_revisions",
        newest: "20260101000000",
        applied: 1,
        failed: 1,
    },
    Known {
        tool: MigrationTool::Sqitch,
        sql: include_str!("../../fixtures/ledgers/sqitch.sql"),
        table: "sqitch.changes",
        newest: "bbb2",
        applied: 2,
        failed: 0,
    },
];

#[tokio::test]
async fn each_tool_is_found_with_its_versions() {
    for major in versions() {
        for known in KNOWN {
            let test = unrecorded(major).await;
            test.run(known.sql).await;
            let found = tools(&test).await;
            assert_eq!(found.len(), 1, "{:?} on {major}: {found:#?}", known.tool);
            let one = &found[0];
            assert_eq!(one.tool, known.tool);
            assert_eq!(one.newest.as_deref(), Some(known.newest), "{one:#?}");
            assert_eq!((one.applied, one.failed), (known.applied, known.failed), "{one:#?}");
            assert!(known.table.ends_with(&one.table.name), "{}", one.evidence);
        }
    }
}

#[tokio::test]
async fn adopting_changes_no_schema_and_no_row_of_theirs() {
    for major in versions() {
        for known in KNOWN {
            let test = unrecorded(major).await;
            test.run(known.sql).await;
            let before = (schema(&test).await, rows(&test, known.table).await);
            let outcome = adopt(&test, &with_consent()).await;
            assert_eq!(outcome.bound.len(), 6, "{:?}: all but the rename", known.tool);
            assert_eq!(
                (schema(&test).await, rows(&test, known.table).await),
                before,
                "{:?} on {major}",
                known.tool
            );
            let database = test.open().await;
            let status = migration_status(&database, &with_consent()).await.unwrap();
            let up: Vec<_> = status
                .migrations
                .iter()
                .filter(|row| matches!(row.state, MigrationState::Up | MigrationState::Baselined))
                .collect();
            assert_eq!(up.len(), 6, "{:?}: {:#?}", known.tool, status.migrations);
            let again = plan(&test, &with_consent()).await;
            assert_eq!(again.binds(), 0, "adopting twice writes nothing more");
        }
    }
}

#[tokio::test]
async fn where_another_tool_has_the_name_of_the_ledger_consent_is_needed() {
    let test = unrecorded(15).await;
    test.run(KNOWN[0].sql).await;
    let database = test.open().await;
    let without = MigrationContext::embedded().unwrap();
    let plan = plan_adopt(&database, &without).await.unwrap();
    assert!(plan.blocked.as_deref().unwrap().contains("golang-migrate"), "{:?}", plan.blocked);
    assert_eq!(plan.binds(), 6, "what stands here is shown all the same");
    let refused = apply_adopt(&database, &without, &plan, &JobContext::detached()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    let with = plan_adopt(&database, &with_consent()).await.unwrap();
    assert!(with.versions.iter().filter(|one| one.binds()).all(|one| one.place == Some(LedgerPlace::Own)));
    assert!(
        with.makes_ledger.iter().any(|sql| sql.contains("create schema evaldesk")),
        "{:?}",
        with.makes_ledger
    );
}

#[tokio::test]
async fn a_migration_that_broke_off_elsewhere_is_told() {
    let test = unrecorded(15).await;
    test.run("create table schema_migrations (version bigint primary key, dirty boolean not null); insert into schema_migrations values (9, true)").await;
    let found = tools(&test).await;
    assert_eq!(found[0].versions[0].state, FoundState::Failed);
    assert!(
        found[0].problem.as_deref().unwrap().starts_with("golang-migrate has 9 as broken off: dirty"),
        "{found:?}"
    );
    let plan = plan(&test, &with_consent()).await;
    assert!(plan.notices[0].contains("Mend that with the tool itself first"), "{:?}", plan.notices);
}

#[tokio::test]
async fn a_tool_is_found_under_any_name_and_a_name_alone_is_nothing() {
    let test = unrecorded(15).await;
    let renamed = KNOWN[1].sql.replace("flyway_schema_history", "house_keeping");
    test.run(&format!("create schema odd; set search_path = odd; {renamed}")).await;
    test.run("create table databasechangelog (note text); create table _sqlx_migrations (id int)").await;
    let found = tools(&test).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (found[0].tool, found[0].table.to_string()),
        (MigrationTool::Flyway, "odd.house_keeping".to_owned())
    );
}

#[tokio::test]
async fn books_that_the_role_may_not_read_are_told_as_such() {
    let test = unrecorded(15).await;
    test.run(KNOWN[3].sql).await;
    test.run("drop role if exists adopt_reader; create role adopt_reader login password 'right'").await;
    let database =
        evaldesk_core::connection::Database::from_url(&test.url_as("adopt_reader", "right")).await.unwrap();
    let found = evaldesk_core::migrate::detect(&database).await.unwrap();
    assert_eq!(found[0].problem.as_deref(), Some("this role may not read public.refinery_schema_history"));
}

#[tokio::test]
async fn the_same_number_of_another_tool_is_shown_and_proves_nothing() {
    let test = support::empty_database(15).await;
    test.run("create table refinery_schema_history (version int8 primary key, name varchar, applied_on varchar, checksum varchar); insert into refinery_schema_history values (20251106000001, 'something_else', '', '')").await;
    let plan = plan(&test, &with_consent()).await;
    let one = plan.versions.iter().find(|one| one.version == Version::new("20251106000001")).unwrap();
    assert_eq!(one.recorded_by, [MigrationTool::Refinery]);
    assert!(
        matches!(&one.verdict, AdoptVerdict::NotThere { why } if why.contains("evaluation_runs is missing")),
        "{one:?}"
    );
    assert_eq!(plan.binds(), 0);
    assert!(plan.makes_ledger.is_empty(), "nothing to write, nothing to make: {:?}", plan.makes_ledger);
}

#[tokio::test]
async fn a_plan_that_something_changed_under_is_stale() {
    let test = unrecorded(15).await;
    let database = test.open().await;
    let shown = plan_adopt(&database, &with_consent()).await.unwrap();
    test.run("drop index index_evaluation_spans_on_evaluation_run_id").await;
    let stale = apply_adopt(&database, &with_consent(), &shown, &JobContext::detached()).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::StalePlan);
    assert_eq!(test.value("select to_regnamespace('evaldesk') is null").await.as_deref(), Some("true"));
}
