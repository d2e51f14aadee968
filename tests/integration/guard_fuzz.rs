//! A sample of the campaign that `cargo xtask fuzz guard` runs whole.

use support::guard_fuzz::{campaign, let_through, noticed};
use support::versions;

#[tokio::test]
async fn what_the_guard_calls_a_read_ends_the_same_where_writes_are_refused_and_leaves_nothing() {
    for major in versions() {
        let report = campaign(major, 500, 7).await;
        assert!(report.wrong.is_empty(), "{major}: {:#?}", report.wrong);
        assert!(report.reads > 100 && report.succeeded > 50 && report.refused > 100, "{report:?}");
    }
}

#[tokio::test]
async fn every_known_way_out_of_read_only_is_refused() {
    for major in versions() {
        let through = let_through(major, include_str!("../fixtures/sql/guard_escapes.sql")).await;
        assert_eq!(through, [""; 0], "{major}");
    }
}

#[tokio::test]
async fn of_the_guides_statements_those_are_sent_that_only_read() {
    for major in versions() {
        let through = let_through(major, include_str!("../fixtures/sql/guard_guide.sql")).await;
        let is_a_read = |sql: &String| sql.contains("select") && !sql.contains("insert into");
        assert_eq!((through.len(), through.iter().all(is_a_read)), (17, true), "{major}: {through:#?}");
    }
}

/// The guard refuses each of these; were it to let one through, the campaign has to notice.
#[tokio::test]
async fn the_campaign_notices_what_is_no_read() {
    let statements = [
        "select pg_terminate_backend(CANARY)",
        "select pg_advisory_lock(7)",
        "select nextval('s')",
        "select lo_unlink(4711)",
        "insert into t values (100)",
        "select * from t for update",
        "select txid_current()",
        "listen c",
        "set transaction_read_only = off",
        "create table made ()",
        "copy (select 1) to 'FOLDER/file'",
        "copy (select 1) to program 'touch FOLDER/file'",
    ];
    let found = noticed(support::usual(), &statements).await;
    let missed: Vec<_> = statements.iter().zip(found).filter(|(_, found)| found.is_none()).collect();
    assert!(missed.is_empty(), "{missed:?}");
    assert_eq!(noticed(support::usual(), &["select count(*) from t"]).await, [None]);
}
