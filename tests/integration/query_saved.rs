//! The starter set: every query runs on the servers that it says it is for, on evaluation data.

use evaldesk_core::demo::{self, DemoOptions};
use evaldesk_core::job::JobContext;
use evaldesk_core::query::saved::{QueryFileText, STARTER, starter, starter_files};
use sqlx::{
    AssertSqlSafe, Column as _, Executor as _, PgConnection, Row as _, SqlSafeStr as _, Statement as _,
};
use support::{TestDatabase, for_each_version};

/// The text with its parameters numbered, and their usual values.
fn numbered(file: &QueryFileText) -> (String, Vec<String>) {
    let (mut text, mut values) = (file.text.clone(), Vec::new());
    for parameter in &file.file.parameters {
        values.push(
            parameter.value.clone().unwrap_or_else(|| panic!("{}: {}", file.file.path, parameter.name)),
        );
        let before = text.clone();
        text = text.replace(&format!(":{}::", parameter.name), &format!("${}::", values.len()));
        assert_ne!(text, before, "{}: {} is not used", file.file.path, parameter.name);
    }
    (text, values)
}

async fn run(session: &mut PgConnection, file: &QueryFileText) -> Result<(), sqlx::Error> {
    let (text, values) = numbered(file);
    let literals: Vec<String> = values.iter().map(|value| format!("'{value}'")).collect();
    let text = text.trim().trim_end_matches(';');
    let execute = if literals.is_empty() {
        "execute q".to_owned()
    } else {
        format!("execute q({})", literals.join(", "))
    };
    let sql = format!("begin read only; prepare q as {text};\n{execute}; deallocate q; commit");
    let sql = if text.contains("explain\nselect") {
        // What EXPLAIN explains can be prepared, EXPLAIN itself cannot.
        let query = text.replace("explain\nselect", "select");
        format!("begin read only; prepare q as {query};\nexplain {execute}; deallocate q; commit")
    } else {
        sql
    };
    let ran = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut *session).await.map(drop);
    if ran.is_err() {
        session.execute("rollback; deallocate all").await.unwrap();
    }
    ran
}

async fn with_demo_data(test: &TestDatabase) {
    let options =
        DemoOptions { runs: 12, results: 150, ..DemoOptions::new("2026-03-01T00:00:00Z".parse().unwrap()) };
    demo::load_demo(&test.open().await, &options, &JobContext::detached()).await.unwrap();
}

#[tokio::test]
async fn every_query_of_the_starter_set_runs_where_it_says_it_does() {
    for_each_version(|test| async move {
        with_demo_data(&test).await;
        test.run("create extension pg_stat_statements").await;
        let mut session = test.session().await;
        for listed in starter_files(Some(test.major)) {
            let file = starter(&listed.path).unwrap();
            match run(&mut session, &file).await {
                // The test's servers do not load the library: that the columns are there is what can be asked.
                Err(error) if file.file.needs.is_some() => {
                    let state = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
                    assert_eq!(state, "55000", "{}: {error}", listed.path);
                }
                ran => ran.unwrap_or_else(|error| panic!("{}: {error}", listed.path)),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_query_of_another_version_would_not_run() {
    for_each_version(|test| async move {
        test.run("create extension pg_stat_statements").await;
        let mut session = test.session().await;
        for (path, _) in STARTER {
            let file = starter(&format!("starter:{path}")).unwrap();
            if !file.file.server.unwrap().has(test.major) {
                let error = session
                    .prepare(AssertSqlSafe(file.text.clone()).into_sql_str())
                    .await
                    .map(|found| found.columns().len());
                let error = error.unwrap_err();
                let state = error.as_database_error().and_then(|error| error.code()).unwrap_or_default();
                assert_eq!(state, "42703", "{path}: {error}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn the_queries_about_evaluations_find_what_the_demo_data_holds() {
    for_each_version(|test| async move {
        with_demo_data(&test).await;
        let mut session = test.session().await;
        for title in ["Changes by configuration", "Regressions", "Slow results", "Failed results"] {
            let listed = starter_files(None).into_iter().find(|file| file.title == title).unwrap();
            let (text, values) = numbered(&starter(&listed.path).unwrap());
            let mut text = text.trim().trim_end_matches(';').to_owned();
            for (n, value) in values.iter().enumerate() {
                text = text.replace(&format!("${}", n + 1), &format!("'{value}'"));
            }
            let rows = sqlx::raw_sql(AssertSqlSafe(text)).fetch_all(&mut session).await.unwrap();
            assert!(!rows.is_empty(), "{title}");
            assert!(rows[0].columns().iter().all(|column| !column.name().is_empty()));
        }
    })
    .await;
}
