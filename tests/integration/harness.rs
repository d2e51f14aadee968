//! The harness itself: what a test may count on before it starts.

use support::{any_database, empty_database, for_each_version, fresh_database, usual};

#[tokio::test]
async fn a_fresh_database_has_the_schema_and_no_rows() {
    for_each_version(|database| async move {
        for table in
            ["evaluation_runs", "evaluation_spans", "evaluation_configurations", "evaluation_results"]
        {
            assert_eq!(database.count(table).await, 0, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_server_is_of_the_version_that_was_asked_for() {
    for_each_version(|database| async move {
        let number: u32 =
            database.value("select current_setting('server_version_num')").await.unwrap().parse().unwrap();
        assert_eq!(number / 10_000, database.major);
    })
    .await;
}

#[tokio::test]
async fn what_one_test_writes_another_does_not_see() {
    let (one, other) = (any_database().await, any_database().await);
    one.run("create table only_here (id int)").await;
    assert_eq!(other.value("select to_regclass('only_here') is null").await.as_deref(), Some("true"));
}

#[tokio::test]
async fn a_role_with_a_password_enters_by_scram_only() {
    let database = fresh_database(usual()).await;
    database.run("create role harness_reader login password 'right'").await;
    assert!(
        evaldesk_core::connection::Database::from_url(&database.url_as("harness_reader", "right"))
            .await
            .is_ok()
    );
    assert!(
        evaldesk_core::connection::Database::from_url(&database.url_as("harness_reader", "wrong"))
            .await
            .is_err()
    );
}

#[tokio::test]
async fn an_empty_database_is_empty() {
    let database = empty_database(usual()).await;
    assert_eq!(
        database.value("select to_regclass('evaluation_runs') is null").await.as_deref(),
        Some("true")
    );
}
