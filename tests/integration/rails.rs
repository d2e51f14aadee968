//! A database that nobody here made up: migrated and filled by ActiveRecord, with Rails' own names.
//!
//! With the real trajectories beside the project it takes those, else three invented ones, and says which.

use std::path::PathBuf;
use std::process::Command;

use evaldesk_core::RowId;
use evaldesk_core::clock::Clock as _;
use evaldesk_core::connection::Database;
use evaldesk_core::eval::{Outcome, ResultQuery, RunQuery, RunRow, results, run, runs, span};
use evaldesk_core::migrate::{MigrationContext, MigrationState, migration_status};
use support::{TestDatabase, empty_database, root, usual};

/// What the loader says it saved.
struct Loaded {
    database: TestDatabase,
    runs: i64,
    results: i64,
    real: bool,
}

#[tokio::test]
async fn runs_of_an_active_record_database_are_listed() {
    let loaded = load().await;
    let database = loaded.database.open().await;
    let listed = all_runs(&database).await;
    assert_eq!(i64::try_from(listed.len()).unwrap(), loaded.runs);
    assert!(
        listed.iter().all(|run| run.outcome == Outcome::Completed && run.configurations == 1),
        "{listed:#?}"
    );
    assert_eq!(listed.iter().map(|run| run.measures.results).sum::<i64>(), loaded.results);
    assert!(listed.iter().all(|run| run.baseline_model.as_deref() == Some("gpt-4o")), "{listed:#?}");
}

#[tokio::test]
async fn a_run_is_opened_with_its_configuration_and_repetitions() {
    let loaded = load().await;
    let database = loaded.database.open().await;
    let row = named(&database, "Airline task 0").await;
    let now = evaldesk_api::host::SystemClock.now();
    let detail = run(&database, row.id, now, None).await.unwrap();
    assert!(detail.baseline.found);
    assert_eq!(detail.configurations.len(), 1, "configuration_changes is read as changes is");
    let repetitions: Vec<i64> = detail.results.results.iter().map(|result| result.repetition).collect();
    assert_eq!(repetitions, if loaded.real { vec![1, 2, 3, 4] } else { vec![1, 2] });
}

#[tokio::test]
async fn a_conversation_is_read_with_its_tool_calls() {
    let loaded = load().await;
    let database = loaded.database.open().await;
    let row = named(&database, "Airline task 0").await;
    let page = results(&database, &ResultQuery::of(row.id)).await.unwrap();
    let conversation = span(&database, &page.results[0].result_span_id).await.unwrap();
    let roles: Vec<&str> = conversation.messages.iter().map(|message| message.role.as_str()).collect();
    assert_eq!(&roles[..2], ["system", "user"]);
    assert!(roles.contains(&"assistant") && roles.contains(&"tool"), "{roles:?}");
    assert_eq!(conversation.unreadable, None);
    assert!(
        !conversation.tool_calls.is_empty()
            || conversation.messages.iter().any(|message| !message.tool_calls.is_empty())
    );
}

#[tokio::test]
async fn the_version_that_rails_recorded_has_no_file_here_and_is_kept() {
    let loaded = load().await;
    let database = loaded.database.open().await;
    let status = migration_status(&database, &MigrationContext::embedded().unwrap()).await.unwrap();
    let recorded =
        status.migrations.iter().find(|row| row.version.as_str() == "1").expect("Rails recorded version 1");
    assert_eq!(recorded.state, MigrationState::NoFile);
}

async fn all_runs(database: &Database) -> Vec<RunRow> {
    let query = RunQuery { limit: Some(500), ..RunQuery::default() };
    runs(database, &query, evaldesk_api::host::SystemClock.now()).await.unwrap().runs
}

async fn named(database: &Database, name: &str) -> RunRow {
    let mut found = all_runs(database).await;
    found.retain(|run| run.name == name);
    found.pop().unwrap_or_else(|| panic!("no run is called {name}"))
}

/// One load for all tests of this file would couple them: a test gets its own, within a second or two.
async fn load() -> Loaded {
    let (file, real) = trajectories();
    let database = empty_database(usual()).await;
    let output = Command::new("ruby")
        .arg(root().join("tests/fixtures/rails/load.rb"))
        .arg(&database.url)
        .arg(&file)
        .output()
        .expect("ruby is missing: `cargo xtask test` installs ruby-activerecord and ruby-pg");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let saved: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let number = |name: &str| saved[name].as_i64().unwrap();
    Loaded { runs: number("runs"), results: number("results"), real, database }
}

/// The 200 real trajectories are not part of the project; where they are not, that is said.
fn trajectories() -> (PathBuf, bool) {
    let real = root().join("../shared/data/tau-bench-gpt-4o-airline.json");
    if real.exists() {
        return (real, true);
    }
    let invented = root().join("tests/fixtures/rails/invented.json");
    // Straight to the terminal: the test harness would swallow it.
    let told = format!("note: {} is not there; taking the invented {}\n", real.display(), invented.display());
    let _ = std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes());
    (invented, false)
}

#[test]
fn a_row_id_travels_as_text() {
    assert_eq!(serde_json::to_string(&RowId(9_007_199_254_740_993)).unwrap(), "\"9007199254740993\"");
}
