//! A cancel reaches the server: by the button, after a cut wire, through a pooler, by closing the tab.

use std::time::Duration;

use evaldesk_core::connection::Database;
use evaldesk_core::query::{QueryPhase, QueryRange, QueryState, StatementOutcome, TransactionState};
use support::{Proxy, any_database};

use crate::query_tab::{Tab, texts, until_running};

fn begun(state: &QueryState) -> bool {
    state.statements.first().is_some_and(|statement| statement.outcome == StatementOutcome::Running)
}

#[tokio::test]
async fn a_cancel_ends_the_statement_on_the_server_and_what_follows_is_not_sent() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let reply = tab.ask("select pg_sleep(600), 'sleeper'; select 2", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "sleeper", 1).await;
    tab.session().cancel().await.unwrap();
    let state = tab.until_over(reply).await;
    let outcomes: Vec<_> = state.statements.iter().map(|statement| statement.outcome).collect();
    assert_eq!(outcomes, [StatementOutcome::Cancelled, StatementOutcome::Skipped]);
    until_running(&database, "sleeper", 0).await;
    let after = tab.run("select 3").await;
    assert_eq!((tab.texts(&after, 0).await, after.pid), (texts(&[&[Some("3")]]), state.pid));
}

#[tokio::test]
async fn rows_that_came_before_a_cancel_stay() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let reply = tab
        .ask(
            "select n, case when n > 5000 then pg_sleep(600) end from generate_series(1, 6000) n",
            QueryRange::All,
            &[],
        )
        .await
        .unwrap();
    let shown = tab.until(|state| state.results.first().is_some_and(|result| result.rows > 0)).await;
    assert!(begun(&shown) && !shown.results[0].complete);
    tab.session().cancel().await.unwrap();
    let state = tab.until_over(reply).await;
    let result = &state.results[0];
    assert!(result.rows > 0 && !result.complete && result.stopped.is_some(), "{result:?}");
    let last = tab.tabs.rows(&result.id, None, result.rows - 1, 1).await.unwrap();
    assert_eq!(last.rows[0][0].as_ref().unwrap().text, result.rows.to_string());
}

#[tokio::test]
async fn what_heeds_no_cancel_is_said_to_go_on_and_can_be_terminated() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let stubborn = "do $$ begin loop begin perform pg_sleep(600); exception when query_canceled then null; end; \
        end loop; end $$";
    let reply = tab.ask(stubborn, QueryRange::All, &[]).await.unwrap();
    until_running(&database, "query_canceled", 1).await;
    tab.session().cancel().await.unwrap();
    tab.until(|state| state.phase == QueryPhase::StillRunning).await;
    tab.session().terminate().await.unwrap();
    let state = tab.until_over(reply).await;
    assert_eq!((state.phase, state.pid), (QueryPhase::Lost, None));
    until_running(&database, "query_canceled", 0).await;
    let after = tab.run("select 1").await;
    assert_eq!(after.phase, QueryPhase::Idle);
}

#[tokio::test]
async fn closing_a_tab_cancels_what_it_runs_and_ends_its_session() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    tab.ask("begin; select pg_sleep(600), 'closed'", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "closed", 1).await;
    tab.tabs.close("tab").await;
    until_running(&database, "closed", 0).await;
    let left = format!(
        "select count(*) from pg_stat_activity where datname = '{}' and application_name like 'evaldesk tab%'",
        database.name
    );
    for _ in 0..200 {
        if database.value(&left).await.as_deref() == Some("0") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the session is still there");
}

#[tokio::test]
async fn a_write_on_a_wire_that_is_cut_is_cancelled_on_the_server_and_never_repeated() {
    let database = any_database().await;
    database.run("create table once (n int)").await;
    let proxy = Proxy::to(database.cluster().port());
    let tab = Tab::on(Database::from_url(&proxy.url(&database.name)).await.unwrap());
    let write = "insert into once select 1 from pg_sleep(600)";
    let reply = tab.ask(write, QueryRange::All, &[]).await.unwrap();
    until_running(&database, "insert into once", 1).await;
    proxy.cut();
    let state = tab.until_over(reply).await;
    assert_eq!((state.phase, state.pid), (QueryPhase::Lost, None));
    let error = state.statements[0].error.as_ref().unwrap();
    assert!(error.hint.as_deref().unwrap().contains("done or not"), "{error:?}");
    until_running(&database, "insert into once", 0).await;
    assert_eq!(database.count("once").await, 0);
    assert_eq!(tab.run("select 1").await.phase, QueryPhase::Idle, "a new session opens with the next run");
}

#[tokio::test]
async fn a_read_on_a_wire_that_is_cut_is_run_again_in_a_new_session() {
    let database = any_database().await;
    database.run("create table held (n int); insert into held values (7)").await;
    let mut holder = database.session().await;
    sqlx::raw_sql("begin; lock table held").execute(&mut holder).await.unwrap();
    let proxy = Proxy::to(database.cluster().port());
    let tab = Tab::on(Database::from_url(&proxy.url(&database.name)).await.unwrap());
    let reply = tab.ask("select n from public.held", QueryRange::All, &[]).await.unwrap();
    until_running(&database, "public.held", 1).await;
    proxy.cut();
    tab.until(|state| state.notices.iter().any(|notice| notice.level == "session")).await;
    sqlx::raw_sql("rollback").execute(&mut holder).await.unwrap();
    let state = tab.until_over(reply).await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("7")]]), "{state:?}");
}

#[tokio::test]
async fn a_session_that_is_lost_with_an_open_transaction_says_so() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let open = tab.run("create table t (n int); begin; insert into t values (1)").await;
    assert_eq!(open.transaction, TransactionState::Open);
    database.run(&format!("select pg_terminate_backend({})", open.pid.unwrap())).await;
    let lost = tab.run("insert into t values (2)").await;
    assert_eq!((lost.phase, lost.transaction), (QueryPhase::Lost, TransactionState::None));
    assert!(lost.error.unwrap().message.contains("open transaction"));
    assert_eq!(database.count("t").await, 0);
}
