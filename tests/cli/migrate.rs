//! `evaldesk migrate`: from an empty database up, and down again.

use support::{Cli, empty_database, usual, versions};

#[tokio::test]
async fn an_empty_database_goes_up_and_says_so() {
    for major in versions() {
        let (cli, database) = (Cli::new(), empty_database(major).await);
        let _ = cli.run(&["migrate", "up", "--url", &database.url]).expect(0);
        let status = cli.json(&["migrate", "status", "--json", "--url", &database.url]);
        assert_eq!(status["pending"], 0, "PostgreSQL {major}");
        assert_eq!(status["migrations"][0]["state"], "up");
        assert_eq!(database.count("schema_migrations").await.to_string(), ups(&status).to_string());
    }
}

#[tokio::test]
async fn a_plan_shows_sql_and_changes_nothing() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let plan = cli.run(&["migrate", "plan", "--url", &database.url]).expect(0).out;
    assert!(plan.to_lowercase().contains("create table evaluation_runs"), "{plan}");
    assert_eq!(
        database.value("select to_regclass('evaluation_runs') is null").await.as_deref(),
        Some("true")
    );
}

#[tokio::test]
async fn the_first_version_comes_down_only_when_it_is_confirmed() {
    let (cli, database) = (Cli::new(), empty_database(usual()).await);
    let _ = cli.run(&["migrate", "up", "--url", &database.url]).expect(0);
    let refused = cli.run(&["migrate", "down", "20251106000001", "--url", &database.url]).expect(4);
    assert!(refused.err.contains("--confirm") || refused.err.contains("--yes"), "{}", refused.err);
    assert_eq!(database.count("evaluation_runs").await, 0);
    let confirmed =
        ["migrate", "down", "20251106000001", "--yes", "--confirm", &database.name, "--url", &database.url];
    let _ = cli.run(&confirmed).expect(0);
    assert_eq!(
        database.value("select to_regclass('evaluation_runs') is null").await.as_deref(),
        Some("true")
    );
}

fn ups(status: &serde_json::Value) -> usize {
    status["migrations"].as_array().unwrap().iter().filter(|row| row["state"] == "up").count()
}
