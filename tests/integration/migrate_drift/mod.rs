//! Drift: what the migrations make, held against real databases.

mod mending;
mod partitioned;
pub(crate) mod rails_twin;
mod scratch;

use evaldesk_core::catalog::drift::{Difference, DriftKind, DriftObjectKind};
use evaldesk_core::catalog::fingerprint::quick_fingerprint;
use evaldesk_core::migrate::{DriftReport, DriftStatus, MigrationContext, MigrationSet, Version, drift};
use support::{TestDatabase, any_database, for_each_version};

async fn report(test: &TestDatabase) -> DriftReport {
    let database = test.open().await;
    let report = drift(&database, &MigrationContext::embedded().unwrap()).await.unwrap();
    database.close().await;
    report
}

fn context(files: &[(&str, &str)]) -> MigrationContext {
    let files = files.iter().map(|(name, text)| (*name, text.as_bytes()));
    MigrationContext::new(MigrationSet::from_files("/migrations", files).unwrap())
}

fn lines(differences: &[Difference]) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_migrated_database_has_no_drift_and_is_left_as_it_was() {
    for_each_version(|test| async move {
        let before = quick_fingerprint(&mut test.session().await).await.unwrap();
        let report = report(&test).await;
        assert_eq!(report.status, DriftStatus::Same, "{:#?}", report.differences);
        assert!(report.equivalents.is_empty(), "{:#?}", report.equivalents);
        assert_eq!(report.fingerprint_expected, report.fingerprint_actual);
        assert_eq!(report.versions.len(), 6, "the opt-in one is not recorded");
        assert_eq!(quick_fingerprint(&mut test.session().await).await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn a_change_by_hand_is_named() {
    let test = any_database().await;
    test.run(
        "drop index index_evaluation_runs_on_status;
         alter table evaluation_spans add column note text;
         alter table evaluation_results drop constraint evaluation_results_evaluation_run_id_fkey",
    )
    .await;
    let report = report(&test).await;
    assert_eq!(report.status, DriftStatus::Differs);
    assert_eq!(
        lines(&report.differences),
        [
            "constraint evaluation_results_evaluation_run_id_fkey of evaluation_results is missing",
            "index index_evaluation_runs_on_status of evaluation_runs is missing",
            "column note of evaluation_spans is made by no migration here",
        ]
    );
    assert_ne!(report.fingerprint_expected, report.fingerprint_actual);
}

#[tokio::test]
async fn other_names_are_no_drift() {
    let test = any_database().await;
    test.run(
        "alter index index_evaluation_runs_on_status rename to x;
         alter table evaluation_spans rename constraint evaluation_spans_evaluation_run_id_fkey to y;
         alter sequence evaluation_runs_id_seq rename to z",
    )
    .await;
    let report = report(&test).await;
    assert_eq!((report.status, report.differences, report.equivalents), (DriftStatus::Same, vec![], vec![]));
}

#[tokio::test]
async fn the_renamed_column_is_equivalent_until_its_version_is_recorded() {
    let test = any_database().await;
    test.run("alter table evaluation_configurations rename column changes to configuration_changes").await;
    let found = report(&test).await;
    assert_eq!(found.status, DriftStatus::Same, "{:#?}", found.differences);
    // Its verify file finds the objects, so the opt-in version makes part of what is expected.
    assert_eq!(found.versions.len(), 7);
    test.run("insert into schema_migrations values ('20261109090000'); alter table evaluation_configurations rename column configuration_changes to changes").await;
    let found = report(&test).await;
    assert_eq!(lines(&found.equivalents), ["column changes of evaluation_configurations differs"]);
}

#[tokio::test]
async fn what_belongs_to_another_application_is_told_and_is_no_drift() {
    let test = any_database().await;
    test.run(
        "create table users (id bigserial primary key, mail text unique); create view u as select id from users;
         create function f() returns int language sql as 'select 1'; create type mood as enum ('x'); create sequence s;
         create extension pg_trgm",
    )
    .await;
    let report = report(&test).await;
    assert_eq!(report.status, DriftStatus::Same, "{:#?}", report.differences);
    let told = lines(&report.equivalents).join("; ");
    for one in ["table users", "view u", "routine f()", "type mood", "sequence s", "extension pg_trgm"] {
        assert!(told.contains(one), "{one} is not in {told}");
    }
}

#[tokio::test]
async fn a_folder_that_owns_its_database_has_no_neighbours() {
    let test = any_database().await;
    test.run(
        "create table a (id int); create table stray (id int); insert into schema_migrations values ('1')",
    )
    .await;
    let database = test.open().await;
    let context = context(&[("1_a.up.sql", "create table a (id int)")]);
    let report = drift(&database, &context).await.unwrap();
    let stray = report.differences.iter().find(|one| one.object.name == "stray").unwrap();
    assert_eq!((stray.kind, stray.object.kind), (DriftKind::Extra, DriftObjectKind::Table));
    assert!(stray.mend_database[0].starts_with("-- dies: every row of stray"), "{:?}", stray.mend_database);
}

#[tokio::test]
async fn a_recorded_version_whose_objects_are_gone_is_drift() {
    let test = any_database().await;
    test.run("drop table evaluation_results").await;
    let report = report(&test).await;
    assert_eq!(lines(&report.differences), ["table evaluation_results is missing"]);
    let create = report.differences[0].mend_database.join(";\n");
    test.run(&create).await;
    assert_eq!(super::migrate_drift::report(&test).await.status, DriftStatus::Same);
}

#[tokio::test]
async fn the_part_of_one_version_speaks_of_its_tables_alone() {
    let test = any_database().await;
    test.run("drop index index_evaluation_runs_on_name; drop index index_evaluation_spans_on_trace_id").await;
    let context = MigrationContext::embedded().unwrap();
    let index = context.set.get(&Version::new("20261102091000")).unwrap();
    let of = report(&test).await.of(index);
    assert_eq!(lines(&of.differences), ["index index_evaluation_runs_on_name of evaluation_runs is missing"]);
}
