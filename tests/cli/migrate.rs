//! `evaldesk migrate`: from an empty database up, and down again; each subject in a file of its own.

mod adopt;
mod bad_input;
mod change;
mod fault;
mod lint;
mod log;
mod matrix;
mod new;
mod plan;
mod rehearse;
mod repair;
mod state;
mod verify;

use std::path::PathBuf;

use support::{Cli, TestDatabase, empty_database, usual, versions};

/// A folder of migration files in the home of a command line.
struct Folder(PathBuf);

impl Folder {
    fn new(cli: &Cli) -> Self {
        let folder = cli.home().join("db migrate");
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.0.join(name), text).unwrap();
        self
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

/// The whole schema of RAAF Eval, by the command line.
async fn raaf(cli: &Cli, database: &TestDatabase) {
    let _ = cli.run(&["migrate", "up", "--url", &database.url]).expect(0);
    assert!(!gone(database, "evaluation_runs").await);
}

/// Whether there is no relation of this name.
async fn gone(database: &TestDatabase, relation: &str) -> bool {
    let sql = format!("select to_regclass('{relation}') is null");
    database.value(&sql).await.as_deref() == Some("true")
}

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
