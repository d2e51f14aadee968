//! Scripts that run in a tab: what is told of them, and what stays.

use evaldesk_core::ErrorKind;
use evaldesk_core::query::{
    FilterTest, QueryCondition, QueryParameter, QueryRange, QueryRunReply, QuerySort, QueryState,
    StatementOutcome, TransactionState,
};
use support::{any_database, for_each_version};

use crate::query_tab::{Tab, texts};

#[tokio::test]
async fn a_script_runs_statement_by_statement_and_each_has_its_result() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let state = tab
            .run("create table t (a int, b text); insert into t values (1, 'x'), (2, null); select * from t order by a; select 7 as seven")
            .await;
        let tags: Vec<_> = state.statements.iter().filter_map(|done| done.tag.as_deref()).collect();
        assert_eq!(tags, ["CREATE TABLE", "INSERT 0 2", "SELECT 2", "SELECT 1"]);
        assert_eq!(state.results.len(), 2);
        assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1"), Some("x")], &[Some("2"), None]]));
        assert_eq!(tab.texts(&state, 1).await, texts(&[&[Some("7")]]));
        let columns = &state.results[0].columns;
        assert_eq!(columns[0].type_name, "integer");
        assert_eq!(columns[1].table.as_ref().map(ToString::to_string).as_deref(), Some("public.t"));
        assert!(state.results.iter().all(|result| result.complete));
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_fails_stops_the_script_and_says_where() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let text = "select '😀' as \"größe\";\nselect nothing_of_the_kind;\nselect 3";
    let state = tab.run(text).await;
    let outcomes: Vec<_> = state.statements.iter().map(|statement| statement.outcome).collect();
    assert_eq!(outcomes, [StatementOutcome::Done, StatementOutcome::Failed, StatementOutcome::Skipped]);
    let error = state.statements[1].error.as_ref().unwrap();
    let at = error.position.unwrap() as usize;
    let units: Vec<u16> = text.encode_utf16().collect();
    assert!(String::from_utf16(&units[at..]).unwrap().starts_with("nothing_of_the_kind"), "{error:?}");
    assert_eq!((error.code, error.sqlstate.as_deref()), (ErrorKind::NotFound, Some("42703")));
}

#[tokio::test]
async fn rows_that_came_before_an_error_stay() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab.run("select n, 1 / (500 - n) from generate_series(1, 600) n").await;
    assert_eq!(state.statements[0].outcome, StatementOutcome::Failed);
    assert_eq!((state.results[0].rows, state.results[0].complete), (499, false));
    assert_eq!(state.results[0].stopped.as_deref(), Some("division by zero"));
}

#[tokio::test]
async fn an_empty_result_has_its_columns() {
    for_each_version(|database| async move {
        database
            .run("create table t (id bigint primary key, n numeric(8,2)); create view v as select * from t")
            .await;
        let tab = Tab::of(&database).await;
        for sql in [
            "select *, 1 as id from t where false",
            "with x as (select 1) select id, n, 'a'::varchar(3) as id from v",
            "delete from t where id > 0 returning id, n, id",
            "select id, n, null::int4range from t where n > :least",
        ] {
            let given = [QueryParameter { name: "least".into(), value: Some("1.5".into()) }];
            let state = tab.run_with(sql, QueryRange::All, &given).await;
            assert!(state.statements[0].error.is_none(), "{sql}: {:?}", state.statements[0].error);
            let columns = &state.results[0].columns;
            let shown: Vec<_> = columns.iter().map(|column| column.type_name.as_str()).collect();
            assert_eq!(shown[..2], ["bigint", "numeric(8,2)"], "{sql}");
            assert_eq!((columns.len(), state.results[0].rows, state.results[0].complete), (3, 0, true));
        }
        let left = tab.run("select count(*) from pg_prepared_statements where name !~ '^evaldesk_'").await;
        assert_eq!(
            tab.texts(&left, 0).await,
            texts(&[&[Some("0")]]),
            "nothing is left prepared by describing"
        );
    })
    .await;
}

#[tokio::test]
async fn parameters_take_the_type_that_the_server_finds() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let asked = tab.ask("select $1::int + 1, :since", QueryRange::All, &[]).await.unwrap();
    assert_eq!(asked, QueryRunReply::Parameters { names: vec!["1".into(), "since".into()] });
    let given = [("1", Some("41")), ("since", Some("o'clock \\ :x $2")), ("unused", None)];
    let given =
        given.map(|(name, value)| QueryParameter { name: name.into(), value: value.map(str::to_owned) });
    let state = tab.run_with("select $1::int + 1, :since::text", QueryRange::All, &given).await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("42"), Some("o'clock \\ :x $2")]]));
    let wrong = [QueryParameter { name: "a".into(), value: Some("x".into()) }];
    let failed = tab.run_with("select nix, :a::int", QueryRange::All, &wrong).await;
    assert_eq!(failed.statements[0].error.as_ref().unwrap().position, Some(7));
}

#[tokio::test]
async fn notices_come_with_their_level_and_are_counted_beyond_a_thousand() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab
        .run("select 1; do $$ begin raise warning 'watch %', 'out'; for i in 1..1200 loop raise notice 'n %', i; end loop; end $$")
        .await;
    assert_eq!((state.notices.len(), state.notices_dropped), (1000, 201));
    let first = &state.notices[0];
    assert_eq!((first.level.as_str(), first.message.as_str(), first.statement), ("warning", "watch out", 1));
    assert_eq!(state.notices[1].level, "notice");
}

#[tokio::test]
async fn while_rows_come_the_planner_says_how_many_there_will_be() {
    for_each_version(|database| async move {
        let tab = Tab::of(&database).await;
        let slow =
            "select n, repeat('x', 2000), pg_sleep(0.01) from generate_series(1, 100000) n where n > 0";
        tab.ask(slow, QueryRange::All, &[]).await.unwrap();
        let state = tab.until(|state| state.results.iter().any(|one| one.estimate.is_some())).await;
        let result = &state.results[0];
        assert!(!result.complete && result.rows < 100_000, "{result:?}");
        let expected = result.estimate.unwrap();
        assert!((10_000..=100_000).contains(&expected), "{expected}");
        tab.session().cancel().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_statement_that_only_its_own_session_can_plan_has_no_estimate() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let text = "create temp table own as select n from generate_series(1, 100) n; select n, repeat('x', 2000), pg_sleep(0.01) from own";
    let state = tab.run(text).await;
    assert_eq!((state.results[0].rows, state.results[0].estimate), (100, None));
}

#[tokio::test]
async fn a_tab_keeps_its_session_and_its_connection() {
    let (database, other) = (any_database().await, any_database().await);
    let tab = Tab::of(&database).await;
    tab.run("create temp table mine as select 5 as five").await;
    let state = tab.run("select five from mine").await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("5")]]));
    assert_eq!(state.results[0].columns[0].column.as_deref(), Some("five"));
    let elsewhere = other.open().await;
    let refused =
        tab.session().run(&elsewhere, Tab::request("select 1", QueryRange::All, &[])).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidArguments);
}

#[tokio::test]
async fn what_only_the_open_transaction_knows_is_named_too() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab
        .run("begin; create type mood as enum ('calm'); create table moods (m mood); insert into moods values ('calm'); select m from moods")
        .await;
    assert_eq!(state.transaction, TransactionState::Open);
    let column = &state.results[0].columns[0];
    assert_eq!((column.type_name.as_str(), column.column.as_deref()), ("mood", Some("m")));
}

#[tokio::test]
async fn the_state_of_a_tab_that_never_ran_is_idle() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state: QueryState = tab.session().state();
    assert_eq!((state.run, state.pid, state.statements.len()), (0, None, 0));
}

#[tokio::test]
async fn the_server_sorts_where_it_is_asked_to() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab.sorted("select n as a, -n as a from generate_series(1, 3) n -- tail", 1, false).await;
    let rows = tab.texts(&state, 0).await;
    assert_eq!(rows[0], [Some("3".to_owned()), Some("-3".to_owned())]);
}

#[tokio::test]
async fn the_server_filters_where_it_is_asked_to_also_with_parameters() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let sql = "select n as \"the \"\"number\"\"\", case when n <> 4 then 'Row ' || n end as name from generate_series(1, :most::int) n -- tail";
    let given = [QueryParameter { name: "most".into(), value: Some("20".into()) }];
    let held =
        |column: &str, op, value: &str| QueryCondition { column: column.into(), op, value: value.into() };
    for (filters, expected) in [
        (
            vec![held("name", FilterTest::Contains, "ROW 1"), held("the \"number\"", FilterTest::Less, "12")],
            vec!["1", "10", "11"],
        ),
        (vec![held("name", FilterTest::IsNull, "")], vec!["4"]),
        (vec![held("name", FilterTest::Equals, "it's :most $1")], vec![]),
        (vec![held("the \"number\"", FilterTest::Greater, "18")], vec!["19", "20"]),
    ] {
        let state = tab.filtered(sql, &given, &filters).await;
        assert_eq!(state.statements[0].error, None, "{filters:?}");
        let rows = tab.texts(&state, 0).await;
        let found: Vec<&str> = rows.iter().map(|row| row[0].as_deref().unwrap()).collect();
        assert_eq!(found, expected, "{filters:?}");
    }
    let wrong = tab
        .filtered(
            "select nix, :a::int",
            &[QueryParameter { name: "a".into(), value: Some("1".into()) }],
            &[held("nix", FilterTest::IsNull, "")],
        )
        .await;
    assert_eq!(wrong.statements[0].error.as_ref().unwrap().position, Some(7), "places are those of the text");
}

#[tokio::test]
async fn a_statement_with_parameters_is_sorted_by_the_server_too() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let mut request = Tab::request(
        "select n from generate_series(1, :most::int) n",
        QueryRange::All,
        &[QueryParameter { name: "most".into(), value: Some("3".into()) }],
    );
    request.sort = vec![QuerySort { column: 0, descending: true }];
    let state = tab.until_over(tab.session().run(&tab.database, request).await.unwrap()).await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("3")], &[Some("2")], &[Some("1")]]));
}
