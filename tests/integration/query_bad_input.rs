//! What a result must survive: many columns, names of any kind, bytes that are no text, statements that cannot be cut.

use evaldesk_core::ErrorKind;
use evaldesk_core::query::{QueryRange, StatementOutcome};
use support::any_database;

use crate::query_tab::{Tab, texts};

#[tokio::test]
async fn sixteen_hundred_columns_are_all_there() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let list: Vec<String> = (1..=1600).map(|number| format!("{number} as c{number}")).collect();
    let state = tab.run(&format!("select {}", list.join(", "))).await;
    assert_eq!(state.results[0].columns.len(), 1600);
    let row = tab.texts(&state, 0).await.remove(0);
    assert_eq!((row.len(), row[1599].as_deref()), (1600, Some("1600")));
}

#[tokio::test]
async fn columns_may_have_one_name_and_any_name() {
    let database = any_database().await;
    let names =
        ["x", "x", "a \"quoted\" one", "two\nlines", "<script>alert(1)</script>", "😀", "sélect", " "];
    let list: Vec<String> = names
        .iter()
        .enumerate()
        .map(|(at, name)| format!("{at} as \"{}\"", name.replace('"', "\"\"")))
        .collect();
    let tab = Tab::of(&database).await;
    let state = tab.run(&format!("select {}", list.join(", "))).await;
    let shown: Vec<_> = state.results[0].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(shown, names);
    let row: Vec<_> = tab.texts(&state, 0).await.remove(0).into_iter().flatten().collect();
    assert_eq!(row, ["0", "1", "2", "3", "4", "5", "6", "7"]);
    let empty = tab.run(&format!("select {} where false", list.join(", "))).await;
    let shown: Vec<_> = empty.results[0].columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(shown, names, "of an empty result too");
}

#[tokio::test]
async fn rows_without_columns_are_counted() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab.run("select from generate_series(1, 3)").await;
    assert_eq!((state.results[0].rows, state.results[0].columns.len()), (3, 0));
    assert_eq!(state.statements[0].tag.as_deref(), Some("SELECT 3"));
}

#[tokio::test]
async fn what_cannot_be_cut_or_sent_is_refused_before_anything_is_sent() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    for text in [
        "select 'never ends",
        "select 1;\n\\d t",
        "copy t from stdin;\n1\n\\.",
        "",
        "-- only words",
        "select '\0'",
        "listen x",
    ] {
        let refused = tab.ask(text, QueryRange::All, &[]).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::InvalidArguments, "{text:?}: {refused}");
    }
    assert_eq!(tab.session().state().run, 0);
}

#[tokio::test]
async fn what_copy_sends_to_its_client_is_a_result() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab
        .run("copy (select n, null::int, E'a\\tb' from generate_series(1, 2) n) to stdout; select 9")
        .await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("1\t\\N\ta\\tb")], &[Some("2\t\\N\ta\\tb")]]));
    assert_eq!(state.statements[0].tag.as_deref(), Some("COPY 2"));
    assert_eq!(tab.texts(&state, 1).await, texts(&[&[Some("9")]]));
    let failed = tab.run("copy nothing_here to stdout").await;
    assert_eq!(failed.statements[0].error.as_ref().unwrap().sqlstate.as_deref(), Some("42P01"));
}

#[tokio::test]
async fn a_script_of_thousands_is_told_of_in_part() {
    let database = any_database().await;
    let tab = Tab::of(&database).await;
    let state = tab.run(&"set application_name = 'x';".repeat(3000)).await;
    assert_eq!(state.statement_count, 3000);
    assert!(state.statements.len() <= 600, "{}", state.statements.len());
    assert_eq!(state.statements.last().unwrap().outcome, StatementOutcome::Done);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_shown_and_stop_nothing() {
    let database = support::empty_database(support::usual()).await;
    let name = format!("{}_ascii", database.name);
    database
        .run(&format!(
            "create database \"{name}\" template template0 encoding 'SQL_ASCII' lc_collate 'C' lc_ctype 'C'"
        ))
        .await;
    let opened = evaldesk_core::connection::Database::from_url(&database.cluster().url(&name)).await.unwrap();
    let tab = Tab::on(opened);
    let state = tab
        .run("create table t (v text); insert into t values (E'gr\\xf6\\xdfe'), ('plain'); select v from t; select v from t where v ~ 'pl'")
        .await;
    assert_eq!(tab.texts(&state, 0).await, texts(&[&[Some("gr\\xF6\\xDFe")], &[Some("plain")]]), "{state:?}");
    assert_eq!(tab.texts(&state, 1).await, texts(&[&[Some("plain")]]));
}
