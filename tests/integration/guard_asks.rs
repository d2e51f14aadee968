//! What is asked about before it is sent, and what an answer is good for.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{ConnectionProfile, Database, Environment, WriteMode};
use evaldesk_core::query::guard::{GuardAnswer, GuardRequest, GuardStatement, check};
use evaldesk_core::query::{QueryConsent, QueryGuardPlan};
use support::{TestDatabase, any_database, empty_database, versions};

async fn as_profile(test: &TestDatabase, change: impl FnOnce(&mut ConnectionProfile)) -> Database {
    let mut profile = test.open().await.profile().clone();
    profile.environment = Environment::Development;
    change(&mut profile);
    Database::open(&profile, None).await.unwrap()
}

async fn ask(
    database: &Database,
    sql: &str,
    consent: Option<&QueryConsent>,
) -> evaldesk_core::Result<GuardAnswer> {
    let statements = [GuardStatement { sql, line: 1 }];
    let request = GuardRequest { statements: &statements, consent, ..GuardRequest::default() };
    check(database, &request).await
}

async fn plan(database: &Database, sql: &str) -> QueryGuardPlan {
    match ask(database, sql, None).await.unwrap() {
        GuardAnswer::Asks(plan) => plan,
        GuardAnswer::Allowed => panic!("{sql} does not ask"),
    }
}

#[tokio::test]
async fn what_kills_data_asks_with_its_object_its_rows_and_its_bytes() {
    for major in versions() {
        let test = empty_database(major).await;
        test.run("create table t (a int); insert into t select generate_series(1, 100)").await;
        test.run("create schema \"S\"; create table \"S\".\"T x\" (a int) partition by list (a)").await;
        test.run("create table \"S\".p partition of \"S\".\"T x\" for values in (1); insert into \"S\".\"T x\" values (1)")
            .await;
        let database = as_profile(&test, |_| ()).await;
        let plan = plan(&database, "delete from t").await;
        let [dies] = &plan.statements[..] else { panic!("{plan:?}") };
        assert_eq!((dies.verb.as_str(), dies.target.as_deref()), ("DELETE", Some("t")));
        assert_eq!((dies.rows, dies.estimated), (Some(100), false), "small enough to be counted");
        assert!(dies.bytes.unwrap() >= 8192);
        assert_eq!(plan.name, None);
        let plan = self::plan(&database, "truncate \"S\".\"T x\", t").await;
        let dies: Vec<_> =
            plan.statements.iter().map(|dies| (dies.target.clone().unwrap(), dies.rows)).collect();
        assert_eq!(dies, [("\"S\".\"T x\"".to_owned(), Some(1)), ("t".to_owned(), Some(100))]);
        let plan = self::plan(&database, "drop table if exists not_there").await;
        assert_eq!((plan.statements[0].rows, plan.statements[0].bytes), (None, None));
        assert!(self::plan(&database, "drop schema \"S\" cascade").await.statements[0].bytes.unwrap() > 0);
        let named = format!("drop database \"{}\"", test.name);
        assert!(self::plan(&database, &named).await.statements[0].bytes.unwrap() > 0);
    }
}

#[tokio::test]
async fn a_large_table_is_estimated_and_one_that_is_locked_does_not_hold_up_the_question() {
    use sqlx::Executor as _;
    let test = empty_database(support::usual()).await;
    test.run("create table t (a int, b text); insert into t select n, repeat('x', 900) from generate_series(1, 10000) n")
        .await;
    test.run("create table small (a int); analyze").await;
    let database = as_profile(&test, |_| ()).await;
    let dies = &plan(&database, "truncate t").await.statements[0];
    assert!(dies.estimated && dies.rows == Some(10_000), "{dies:?}");
    let mut session = test.session().await;
    session.execute("begin; lock table small").await.unwrap();
    let dies = &plan(&database, "truncate small").await.statements[0];
    assert_eq!((dies.target.as_deref(), dies.rows), (Some("small"), None), "its size is not to be had now");
}

#[tokio::test]
async fn an_answer_is_good_for_this_text_these_values_and_this_connection_alone() {
    let test = any_database().await;
    let database = as_profile(&test, |_| ()).await;
    let sql = "delete from evaluation_runs";
    let agreed = QueryConsent { hash: plan(&database, sql).await.hash, name: None };
    assert_eq!(ask(&database, sql, Some(&agreed)).await.unwrap(), GuardAnswer::Allowed);
    let other = ask(&database, "delete from evaluation_results", Some(&agreed)).await.unwrap();
    assert!(matches!(other, GuardAnswer::Asks(_)));
    let elsewhere = as_profile(&test, |profile| profile.id = "another".to_owned()).await;
    assert!(matches!(ask(&elsewhere, sql, Some(&agreed)).await.unwrap(), GuardAnswer::Asks(_)));
    let statements = [GuardStatement { sql, line: 1 }];
    let parameters = [("1".to_owned(), Some("x".to_owned()))];
    let request = GuardRequest {
        statements: &statements,
        parameters: &parameters,
        consent: Some(&agreed),
        ..GuardRequest::default()
    };
    assert!(matches!(check(&database, &request).await.unwrap(), GuardAnswer::Asks(_)));
}

#[tokio::test]
async fn production_reads_only_and_where_it_may_write_its_name_is_typed() {
    let test = any_database().await;
    let sql = "drop table evaluation_runs";
    let closed = as_profile(&test, |profile| profile.environment = Environment::Production).await;
    assert_eq!(ask(&closed, sql, None).await.unwrap_err().kind(), ErrorKind::Refused);
    let database = as_profile(&test, |profile| {
        profile.environment = Environment::Production;
        profile.writes = Some(WriteMode::Confirm);
    })
    .await;
    let plan = plan(&database, sql).await;
    assert_eq!(plan.name.as_deref(), Some(test.name.as_str()));
    for typed in [None, Some("another".to_owned())] {
        let answer = QueryConsent { hash: plan.hash.clone(), name: typed };
        let error = ask(&database, sql, Some(&answer)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Refused);
        assert!(error.hint_text().unwrap().contains(&test.name));
    }
    let answer = QueryConsent { hash: plan.hash, name: Some(test.name.clone()) };
    assert_eq!(ask(&database, sql, Some(&answer)).await.unwrap(), GuardAnswer::Allowed);
}

#[tokio::test]
async fn where_writes_are_confirmed_every_write_asks_and_no_read_does() {
    let test = any_database().await;
    let database = as_profile(&test, |profile| profile.environment = Environment::Staging).await;
    for sql in
        ["select count(*) from evaluation_runs", "begin", "rollback", "set work_mem = '8MB'", "show all"]
    {
        assert_eq!(ask(&database, sql, None).await.unwrap(), GuardAnswer::Allowed, "{sql}");
    }
    for (sql, target) in [
        ("insert into evaluation_runs default values", Some("evaluation_runs")),
        ("update evaluation_runs set status = 'x' where id = 1", Some("evaluation_runs")),
        ("create table x ()", Some("x")),
        ("do $$ begin null; end $$", None),
        ("select nextval('evaluation_runs_id_seq')", None),
    ] {
        let plan = plan(&database, sql).await;
        assert_eq!(plan.statements[0].target.as_deref(), target, "{sql}: {plan:?}");
        assert!(!plan.statements[0].why.is_empty());
    }
}

#[tokio::test]
async fn where_writing_is_free_an_ordinary_write_is_not_asked_about() {
    let test = any_database().await;
    let database = as_profile(&test, |_| ()).await;
    for sql in ["insert into evaluation_runs default values", "create table x ()", "select nextval('s')"] {
        assert_eq!(ask(&database, sql, None).await.unwrap(), GuardAnswer::Allowed, "{sql}");
    }
    let read_only = GuardRequest {
        statements: &[GuardStatement { sql: "create table x ()", line: 1 }],
        read_only: true,
        ..GuardRequest::default()
    };
    assert_eq!(check(&database, &read_only).await.unwrap_err().kind(), ErrorKind::Refused);
}

#[tokio::test]
async fn a_tab_asks_before_it_runs_and_runs_what_was_agreed_to() {
    use evaldesk_core::query::{QueryPhase, QueryRange, QueryRequest, QueryRunReply, QueryTabs};
    let (test, folder) = (any_database().await, tempfile::tempdir().unwrap());
    test.run("create table t (a int); insert into t values (1), (2)").await;
    let database = as_profile(&test, |_| ()).await;
    let tab = QueryTabs::new(folder.path().to_owned()).tab("a");
    let request = |read_only, consent| QueryRequest {
        text: "delete from t where true or :x = 1".to_owned(),
        range: QueryRange::All,
        parameters: vec![evaldesk_core::query::QueryParameter {
            name: "x".to_owned(),
            value: Some("1".to_owned()),
        }],
        consent,
        sort: Vec::new(),
        filters: Vec::new(),
        read_only,
    };
    let refused = tab.run(&database, request(true, None)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Refused);
    let QueryRunReply::Asks { plan } = tab.run(&database, request(false, None)).await.unwrap() else {
        panic!()
    };
    assert_eq!(plan.statements[0].rows, Some(2));
    assert_eq!((tab.state().run, test.count("t").await), (0, 2), "nothing ran");
    let agreed = QueryConsent { hash: plan.hash, name: None };
    let started = tab.run(&database, request(false, Some(agreed))).await.unwrap();
    assert!(matches!(started, QueryRunReply::Started { .. }));
    while tab.state().phase != QueryPhase::Idle {
        tokio::task::yield_now().await;
    }
    assert_eq!(test.count("t").await, 0, "{:?}", tab.state());
}
