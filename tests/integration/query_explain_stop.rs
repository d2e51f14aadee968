//! ANALYZE is stopped where it runs: by a cancel, by closing the tab, by the next explanation, and where nobody waits.

use std::sync::Arc;

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::Database;
use evaldesk_core::query::QueryTabs;
use evaldesk_core::query::explain::{ExplainReply, ExplainRequest};
use support::{TestDatabase, any_database, for_each_version};
use tokio::task::JoinHandle;

use crate::query_tab::until_running;

type Explained = JoinHandle<evaldesk_core::Result<ExplainReply>>;

/// A window's tabs, and the connection of one.
struct Desk {
    tabs: Arc<QueryTabs>,
    database: Database,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn of(test: &TestDatabase) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tabs = Arc::new(QueryTabs::new(folder.path().to_owned()));
        Self { tabs, database: test.open().await, _folder: folder }
    }

    fn analyze(&self, sql: &str) -> Explained {
        let request = ExplainRequest {
            text: sql.to_owned(),
            analyze: true,
            may_write: true,
            ..ExplainRequest::default()
        };
        let (tabs, database) = (Arc::clone(&self.tabs), self.database.clone());
        tokio::spawn(async move { tabs.explains().explain("tab", &database, &request).await })
    }
}

async fn is_cancelled(explained: Explained) {
    let error = explained.await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled, "{error:?}");
    assert!(error.message().contains("was cancelled"), "{error:?}");
}

#[tokio::test]
async fn a_cancel_ends_what_is_measured_and_nothing_that_follows_is_sent() {
    for_each_version(|test| async move {
        test.run("create table slow as select g as a from generate_series(1, 3) g").await;
        let desk = Desk::of(&test).await;
        // Where it was not sent the plan without sequential scans would follow, and a second measuring.
        let explained = desk.analyze("select pg_sleep(600), 'sleeper' from slow where a > 0");
        until_running(&test, "sleeper", 1).await;
        let stopped = desk.tabs.explains().stop("tab", false).await.unwrap();
        assert!(stopped.over && stopped.pid.is_some(), "{stopped:?}");
        is_cancelled(explained).await;
        until_running(&test, "sleeper", 0).await;
        assert!(desk.tabs.explains().stop("tab", false).await.unwrap().over, "nothing is left to stop");
    })
    .await;
}

#[tokio::test]
async fn what_was_measured_is_kept_when_what_follows_it_is_cancelled() {
    for_each_version(|test| async move {
        test.run(
            "create table r as select n as id, jsonb_build_object('k', n) as data, repeat('x', 200) as note
                 from generate_series(1, 40000) n;
             create index r_data on r using gin (data); analyze r",
        )
        .await;
        let desk = Desk::of(&test).await;
        // Long enough to be met while both ways are compared, which comes after it was measured.
        let explained = desk.analyze("select id, pg_sleep(2) from r where data ->> 'k' = '7'");
        until_running(&test, "as compared", 1).await;
        assert!(desk.tabs.explains().stop("tab", false).await.unwrap().over);
        let ExplainReply::Explained { report } = explained.await.unwrap().unwrap() else { panic!() };
        assert!(report.plan.execution_ms.is_some() && report.rewrite.is_none(), "{report:?}");
        assert!(report.notes.iter().any(|note| note.contains("cancelled after")), "{:?}", report.notes);
        until_running(&test, "as compared", 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_write_that_is_cancelled_while_it_is_measured_leaves_nothing() {
    for_each_version(|test| async move {
        test.run("create table kept as select g as a from generate_series(1, 5) g").await;
        let desk = Desk::of(&test).await;
        let explained = desk.analyze("update kept set a = -a where pg_sleep(120) is not null and a > 0");
        until_running(&test, "update kept", 1).await;
        assert!(desk.tabs.explains().stop("tab", false).await.unwrap().over);
        is_cancelled(explained).await;
        assert_eq!(test.value("select sum(a) from kept").await.as_deref(), Some("15"));
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_a_lock_while_it_is_planned_is_cancelled_too() {
    let test = any_database().await;
    test.run("create table held (a int)").await;
    let mut holder = test.session().await;
    sqlx::raw_sql("begin; lock table held").execute(&mut holder).await.unwrap();
    let desk = Desk::of(&test).await;
    let (tabs, database) = (Arc::clone(&desk.tabs), desk.database.clone());
    let request = ExplainRequest { text: "select 'waits' from held".into(), ..ExplainRequest::default() };
    let explained = tokio::spawn(async move { tabs.explains().explain("tab", &database, &request).await });
    until_running(&test, "waits", 1).await;
    assert!(desk.tabs.explains().stop("tab", false).await.unwrap().over);
    is_cancelled(explained).await;
}

#[tokio::test]
async fn what_heeds_no_cancel_is_said_to_go_on_and_can_be_terminated() {
    let test = any_database().await;
    test.run(
        "create function stubborn() returns int language plpgsql as $$ begin loop begin perform pg_sleep(600); \
         exception when query_canceled then null; end; end loop; end $$",
    )
    .await;
    let desk = Desk::of(&test).await;
    let explained = desk.analyze("select stubborn()");
    until_running(&test, "stubborn()", 1).await;
    let stopped = desk.tabs.explains().stop("tab", false).await.unwrap();
    assert!(!stopped.over, "{stopped:?}");
    until_running(&test, "stubborn()", 1).await;
    let ended = desk.tabs.explains().stop("tab", true).await.unwrap();
    assert_eq!((ended.over, ended.pid), (true, stopped.pid));
    is_cancelled(explained).await;
    until_running(&test, "stubborn()", 0).await;
}

#[tokio::test]
async fn closing_the_tab_or_its_connection_stops_what_is_measured() {
    let test = any_database().await;
    let desk = Desk::of(&test).await;
    let explained = desk.analyze("select pg_sleep(600), 'closed'");
    until_running(&test, "closed", 1).await;
    desk.tabs.close("tab").await;
    is_cancelled(explained).await;
    let explained = desk.analyze("select pg_sleep(600), 'parted'");
    until_running(&test, "parted", 1).await;
    desk.tabs.disconnect(&desk.database.profile().id).await;
    is_cancelled(explained).await;
    until_running(&test, "pg_sleep", 0).await;
}

#[tokio::test]
async fn the_next_explanation_of_a_tab_stops_the_one_before() {
    let test = any_database().await;
    let desk = Desk::of(&test).await;
    let first = desk.analyze("select pg_sleep(600), 'first'");
    until_running(&test, "first", 1).await;
    let second = desk.analyze("select 'second'").await.unwrap().unwrap();
    assert!(matches!(second, ExplainReply::Explained { .. }), "{second:?}");
    is_cancelled(first).await;
    until_running(&test, "first", 0).await;
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_stopped_on_the_server() {
    let test = any_database().await;
    let desk = Desk::of(&test).await;
    let explained = desk.analyze("select pg_sleep(600), 'left'");
    until_running(&test, "left", 1).await;
    explained.abort();
    until_running(&test, "left", 0).await;
}
