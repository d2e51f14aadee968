//! A database of real ActiveRecord's, which must go on working on it.

use evaldesk_core::migrate::{
    AdoptVerdict, BoundBy, DriftStatus, LedgerPlace, MigrationContext, MigrationTool, drift,
    log::{Log, LogFilter, LogOutcome},
};
use support::versions;

use super::{adopt, plan, rows, schema, tools, verdict, with_consent};
use crate::migrate_drift::rails_twin::{migrate_by_rails, migrated_by_rails};

#[tokio::test]
async fn rails_schema_is_adopted_beside_rails() {
    for major in versions() {
        let test = migrated_by_rails(major).await;
        let found = tools(&test).await;
        assert_eq!(
            (found.len(), found[0].tool, found[0].newest.as_deref()),
            (1, MigrationTool::Rails, Some("1"))
        );
        let plan = plan(&test, &with_consent()).await;
        assert_eq!(verdict(&plan, "20251106000001"), &AdoptVerdict::Binds { by: BoundBy::Verify });
        assert!(
            plan.versions.iter().filter(|one| one.binds()).all(|one| one.place == Some(LedgerPlace::Own))
        );
        let before = (
            schema(&test).await,
            rows(&test, "schema_migrations").await,
            rows(&test, "ar_internal_metadata").await,
        );
        let outcome = adopt(&test, &with_consent()).await;
        assert_eq!(outcome.bound.len(), 4);
        let after = (
            schema(&test).await,
            rows(&test, "schema_migrations").await,
            rows(&test, "ar_internal_metadata").await,
        );
        assert_eq!(before, after, "on {major}");
        // Rails finds nothing to do and nothing in its way.
        migrate_by_rails(&test);
        assert_eq!(rows(&test, "schema_migrations").await, before.1);
        assert_eq!(drift(&test.open().await, &with_consent()).await.unwrap().status, DriftStatus::Same);
    }
}

#[tokio::test]
async fn each_version_gets_its_entry_in_the_log() {
    let test = migrated_by_rails(15).await;
    adopt(&test, &with_consent()).await;
    let mut session = test.session().await;
    let log = Log::open(&mut session, &with_consent()).await.unwrap();
    let entries = log.entries(&mut session, &LogFilter::default()).await.unwrap();
    assert_eq!(entries.len(), 4);
    assert!(
        entries.iter().all(|entry| entry.outcome == LogOutcome::Baselined && entry.statements_done == 0),
        "{entries:#?}"
    );
    assert!(entries.iter().all(|entry| entry.fingerprint_before.is_some()));
}

#[tokio::test]
async fn without_consent_rails_ledger_is_left_alone() {
    let test = migrated_by_rails(15).await;
    let plan = plan(&test, &MigrationContext::embedded().unwrap()).await;
    assert!(
        plan.blocked.as_deref().unwrap().contains("Rails keeps schema_migrations here"),
        "{:?}",
        plan.blocked
    );
    assert!(plan.makes_ledger.is_empty());
}
