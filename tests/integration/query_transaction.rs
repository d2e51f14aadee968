//! The transaction of a tab: asked of the server, ended by the user, and rolled back when it is forgotten.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::query::{QueryTransactionAction, StatementOutcome, TransactionState};
use support::{any_database, for_each_version};

use crate::query_tab::Tab;

#[tokio::test]
async fn what_the_state_says_of_a_transaction_is_what_the_server_has() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let states = [
            ("create table t (n int unique)", TransactionState::None),
            ("begin", TransactionState::Open),
            ("insert into t values (1)", TransactionState::Open),
            ("insert into t values (1)", TransactionState::Failed),
            ("select 1", TransactionState::Failed),
            ("rollback", TransactionState::None),
            ("start transaction; savepoint s; select nothing", TransactionState::Failed),
            ("rollback to s", TransactionState::Open),
            ("commit and chain", TransactionState::Open),
            ("end", TransactionState::None),
            ("do $$ begin commit; end $$", TransactionState::None),
            ("select 1/0", TransactionState::None),
        ];
        for (sql, expected) in states {
            let state = tab.run(sql).await;
            assert_eq!(state.transaction, expected, "{sql}: {:?}", state.statements);
            assert_eq!(state.rollback_in_ms.is_some(), expected != TransactionState::None, "{sql}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_transaction_is_committed_or_rolled_back_by_the_user() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    tab.run("create table t (n int)").await;
    for (action, rows) in [(QueryTransactionAction::Rollback, 0), (QueryTransactionAction::Commit, 1)] {
        tab.run("begin; insert into t values (1)").await;
        let state = tab.session().end_transaction(action).await.unwrap();
        assert_eq!((state.transaction, state.rollback_in_ms), (TransactionState::None, None));
        assert_eq!(database.count("t").await, rows);
    }
    let none = tab.session().end_transaction(QueryTransactionAction::Commit).await.unwrap_err();
    assert_eq!(none.kind(), ErrorKind::Precondition);
}

#[tokio::test]
async fn a_forgotten_transaction_is_rolled_back_and_the_session_stays() {
    let database = any_database().await;
    let mut profile = parse_url(&database.url).unwrap().profile;
    profile.timeouts.idle_in_transaction_ms = 200;
    let tab = Tab::on(Database::open(&profile, None).await.unwrap());
    let open = tab.run("create table t (n int); begin; insert into t values (1)").await;
    assert!(open.rollback_in_ms.is_some_and(|left| left <= 200), "{open:?}");
    let over = tab.until(|state| state.transaction == TransactionState::None).await;
    assert!(over.notices.iter().any(|notice| notice.level == "session"), "{:?}", over.notices);
    assert_eq!(database.count("t").await, 0);
    let after = tab.run("select 1").await;
    assert_eq!((after.pid, after.statements[0].outcome), (open.pid, StatementOutcome::Done));
}

#[tokio::test]
async fn a_read_only_run_cannot_write_even_where_the_words_hide_it() {
    let database = any_database().await;
    database.run("create table t (n int); create function sly() returns int language sql as 'insert into t values (1) returning n'").await;
    let tab = Tab::of(&database).await;
    let mut request = Tab::request("select sly()", evaldesk_core::query::QueryRange::All, &[]);
    request.read_only = true;
    match tab.session().run(&tab.database, request).await {
        Err(refused) => assert_eq!(refused.kind(), ErrorKind::Refused),
        Ok(reply) => {
            let state = tab.until_over(reply).await;
            assert_eq!(state.statements[0].error.as_ref().unwrap().sqlstate.as_deref(), Some("25006"));
        }
    }
    assert_eq!(database.count("t").await, 0);
    let state = tab.run("insert into t values (2)").await;
    assert_eq!(
        state.statements[0].outcome,
        StatementOutcome::Done,
        "a run that may write can, in the same tab"
    );
}
