//! The same schema as real ActiveRecord makes it.

use std::process::Command;

use evaldesk_core::catalog::drift::DriftSeverity;
use evaldesk_core::migrate::DriftStatus;
use support::{TestDatabase, empty_database, root, versions};

use super::{lines, report};

/// Migrated by ActiveRecord, with the migration that the fixtures hold.
pub(crate) async fn migrated_by_rails(major: u32) -> TestDatabase {
    let test = empty_database(major).await;
    migrate_by_rails(&test);
    test
}

/// Whatever is pending for ActiveRecord.
pub(crate) fn migrate_by_rails(test: &TestDatabase) {
    let script = "require 'active_record'; ActiveRecord::Base.establish_connection(ARGV[0]);
        ActiveRecord::Migration.verbose = false;
        ActiveRecord::MigrationContext.new(ARGV[1], ActiveRecord::SchemaMigration).migrate";
    let output = Command::new("ruby")
        .args(["-W0", "-e", script, &test.url])
        .arg(root().join("tests/fixtures/rails/migrate"))
        .output()
        .expect("ruby is missing: `cargo xtask test` installs ruby-activerecord and ruby-pg");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn what_rails_made_is_equivalent_and_each_difference_is_told() {
    for major in versions() {
        let test = migrated_by_rails(major).await;
        let report = report(&test).await;
        assert_eq!(report.status, DriftStatus::Same, "on {major}: {:#?}", report.differences);
        let told = lines(&report.equivalents);
        for one in [
            "index index_evaluation_results_on_evaluation_run_id of evaluation_results is made by no migration here",
            "index index_evaluation_configurations_on_evaluation_run_id of evaluation_configurations is made by no migration here",
            "column created_at of evaluation_runs differs",
        ] {
            assert!(told.iter().any(|line| line == one), "{one} is not in {told:#?}");
        }
        assert!(report.equivalents.iter().all(|one| one.severity == DriftSeverity::Note));
        // Its rename and its two foreign key indexes stand there under versions that nobody recorded.
        let versions: Vec<&str> = report.versions.iter().map(|version| version.as_str()).collect();
        assert_eq!(versions, ["20251106000001", "20261102090000", "20261102090500", "20261109090000"]);
    }
}

#[tokio::test]
async fn what_rails_did_not_make_is_still_drift_beside_it() {
    let test = migrated_by_rails(15).await;
    test.run("drop index index_evaluation_runs_on_status; alter table evaluation_runs alter column name type text; create index on evaluation_runs (name, status)").await;
    let report = report(&test).await;
    assert_eq!(
        lines(&report.differences),
        [
            "column name of evaluation_runs differs",
            "index index_evaluation_runs_on_status of evaluation_runs is missing",
            "index evaluation_runs_name_status_idx of evaluation_runs is made by no migration here",
        ]
    );
}

#[tokio::test]
async fn an_index_on_a_reference_is_drift_where_rails_is_not() {
    let test = support::any_database().await;
    test.run("create index by_hand on evaluation_results (evaluation_run_id)").await;
    assert_eq!(
        lines(&report(&test).await.differences),
        ["index by_hand of evaluation_results is made by no migration here"]
    );
}
