//! Completion against a real catalog: what is proposed is there, and is written so that the server takes it.

use std::time::Instant;

use evaldesk_core::connection::Database;
use evaldesk_core::query::{QueryCandidate, QueryCompleter};
use support::{TestDatabase, any_database, empty_database, for_each_version, usual};

/// What is proposed at a bar in a text.
async fn at(completer: &QueryCompleter, database: &Database, text: &str) -> Vec<QueryCandidate> {
    let offset = text[..text.find('|').unwrap()].encode_utf16().count();
    let found = completer
        .complete(database, &text.replacen('|', "", 1), u32::try_from(offset).unwrap())
        .await
        .unwrap();
    assert!(found.candidates.len() <= 200);
    found.candidates
}

async fn labels(database: &Database, text: &str) -> Vec<String> {
    at(&QueryCompleter::default(), database, text).await.into_iter().map(|found| found.label).collect()
}

#[tokio::test]
async fn tables_columns_and_keys_of_the_evaluation_schema_are_proposed() {
    for_each_version(|test| async move {
        let database = test.open().await;
        assert_eq!(labels(&database, "select * from evaluation_re|").await[0], "evaluation_results");
        let columns = labels(&database, "select r.| from evaluation_results r").await;
        assert_eq!(columns[..3], ["id", "evaluation_run_id", "evaluation_configuration_id"]);
        assert_eq!(labels(&database, "select tok| from evaluation_results").await[0], "token_metrics");
        let join = labels(&database, "select * from evaluation_runs r join evaluation_results t on |").await;
        assert_eq!(join[0], "t.evaluation_run_id = r.id");
        let twice = at(
            &QueryCompleter::default(),
            &database,
            "select stat| from evaluation_runs r join evaluation_results t on true",
        )
        .await;
        assert_eq!(
            twice[..2].iter().map(|found| found.insert.as_str()).collect::<Vec<_>>(),
            ["r.status", "t.status"]
        );
        let insert = labels(&database, "insert into evaluation_runs (name, |").await;
        assert!(insert.contains(&"status".to_owned()) && !insert.contains(&"name".to_owned()), "{insert:?}");
        assert!(labels(&database, "select pg_size_p|").await.contains(&"pg_size_pretty".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn keys_of_json_are_those_that_are_known_and_those_that_are_there() {
    let test = any_database().await;
    test.run(r#"create table other (doc jsonb, text text); insert into other values ('{"odd ''key": {"deep": 1}}'), ('[1]'), (null)"#).await;
    let database = test.open().await;
    let keys = labels(&database, "select token_metrics->'|' from evaluation_results").await;
    assert!(keys.contains(&"baseline".to_owned()) && keys.contains(&"total_tokens".to_owned()), "{keys:?}");
    assert_eq!(
        labels(&database, "select token_metrics->'baseline'->>'to|' from evaluation_results").await,
        ["total"]
    );
    let found = at(&QueryCompleter::default(), &database, "select doc->'| from other").await;
    assert_eq!((found[0].label.as_str(), found[0].insert.as_str()), ("odd 'key", "'odd ''key'"));
    assert_eq!(labels(&database, "select o.doc->'odd ''key'->'|' from other o").await, ["deep"]);
    assert!(labels(&database, "select text->'|' from other").await.is_empty());
}

#[tokio::test]
async fn names_are_written_so_that_the_server_takes_them() {
    let test = empty_database(usual()).await;
    test.run(
        "create schema \"Odd \"\"s\"; create table \"Odd \"\"s\".\"Größe 🦀\" (\"select\" int, \"a b\" int, plain int);
         create table public.\"user\" (\"Id\" int); create schema hidden; create table hidden.lonely (a int)",
    )
    .await;
    let database = test.open().await;
    let completer = QueryCompleter::default();
    for (text, expected) in [
        ("select * from grö|", "\"Odd \"\"s\".\"Größe 🦀\""),
        ("select * from user|", "\"user\""),
        ("select * from lonel|", "hidden.lonely"),
        ("select * from \"Odd \"\"s\".|", "\"Größe 🦀\""),
        ("select x.sel| from \"Odd \"\"s\".\"Größe 🦀\" x", "\"select\""),
        ("select x.a| from \"Odd \"\"s\".\"Größe 🦀\" x", "\"a b\""),
        ("select \"Id|\" from \"user\"", "\"Id\""),
    ] {
        let found = at(&completer, &database, text).await;
        assert_eq!(found.first().map(|found| found.insert.as_str()), Some(expected), "{text}");
    }
}

#[tokio::test]
async fn what_was_made_is_known_after_forgetting() {
    let test = empty_database(usual()).await;
    let database = test.open().await;
    let completer = QueryCompleter::default();
    assert!(at(&completer, &database, "select * from fresh|").await.is_empty());
    test.run("create table fresh (a int)").await;
    completer.forget(&database.profile().id);
    assert_eq!(at(&completer, &database, "select * from fresh|").await[0].label, "fresh");
}

#[tokio::test]
async fn a_locked_table_keeps_nobody_waiting() {
    let test = any_database().await;
    let database = test.open().await;
    let mut holder = test.session().await;
    sqlx::raw_sql("begin; lock table evaluation_results in access exclusive mode")
        .execute(&mut holder)
        .await
        .unwrap();
    let keys = labels(&database, "select token_metrics->'|' from evaluation_results").await;
    assert!(keys.contains(&"baseline".to_owned()), "what is known is proposed all the same: {keys:?}");
}

async fn many_tables(test: &TestDatabase) {
    for part in 0..20 {
        test.run(&format!(
            "do $$ begin for n in 1..1000 loop execute format('create table \"wide_table_{part}_%s\" (id bigint, name text, value numeric, created_at timestamp)', n); end loop; end $$"
        ))
        .await;
    }
}

#[tokio::test]
#[ignore = "makes 20,000 tables and prints how long completion takes"]
#[allow(clippy::print_stdout)]
async fn twenty_thousand_tables_are_no_burden() {
    let test = any_database().await;
    many_tables(&test).await;
    let (database, completer) = (test.open().await, QueryCompleter::default());
    let begun = Instant::now();
    at(&completer, &database, "select * from |").await;
    println!("first answer, with reading the catalog: {} ms", begun.elapsed().as_millis());
    let texts = [
        "select * from w|",
        "select * from wide_table_1|",
        "select * from ev|",
        "select | from wide_table_3_77",
        "select n| from wide_table_3_77",
        "select t.| from evaluation_results t join wide_table_1_1 w on true",
        "select * from evaluation_runs r join evaluation_results t on |",
        "select pg_|",
        "select * from |",
        "select token_metrics->'|' from evaluation_results",
    ];
    let mut took = Vec::new();
    for n in 0..500 {
        let begun = Instant::now();
        at(&completer, &database, texts[n % texts.len()]).await;
        took.push(begun.elapsed());
    }
    took.sort();
    println!("p50 {:?}, p95 {:?}, p99 {:?}, longest {:?}", took[250], took[475], took[495], took[499]);
}
