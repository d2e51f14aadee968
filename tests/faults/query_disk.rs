//! A disk that fills, and kill -9, while rows are written: into a file that is exported, and into the file that a
//! result goes on in.

// Standard output is how the other process speaks to the test.
#![allow(clippy::print_stdout)]

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::query::export::{
    ExportPlace, QueryExport, QueryExportFormat, QueryExportRequest, export_query,
};
use evaldesk_core::query::{Budget, QueryPhase, QueryRange, QueryRequest, QueryState, QueryTabs};
use futures_util::StreamExt as _;
use support::any_database;

const PART: &str = "EVALDESK_TEST_PART";
const URL: &str = "EVALDESK_TEST_PART_URL";
const FOLDER: &str = "EVALDESK_TEST_PART_FOLDER";

/// The arguments by which the test harness runs the part and nothing else.
const ARGUMENTS: [&str; 4] = ["--exact", "query_disk::plays_its_part", "--ignored", "--nocapture"];

/// In a list of columns the series is made row by row; in a from clause the server would lay all of it down first.
const ENDLESS: &str = "select generate_series(1, 100000000) as n, repeat('x', 300) as x";

fn part(command: &mut Command, part: &str, url: &str, folder: &Path) -> String {
    command.args(ARGUMENTS).env(PART, part).env(URL, url).env(FOLDER, folder);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    said
}

#[tokio::test]
async fn an_export_onto_a_full_disk_says_so_and_leaves_nothing() {
    let (database, folder) = (any_database().await, tempfile::tempdir().unwrap());
    let mut small = support::on_a_small_disk(folder.path(), 2);
    let said = part(&mut small, "export", &database.url, folder.path());
    for format in ["Csv", "Parquet"] {
        let wanted = format!("{format}: Storage cannot write {}/out", folder.path().display());
        assert!(said.contains(&wanted), "{said}");
    }
    assert!(said.contains("No space left") && said.contains("Free some space"), "{said}");
    assert_eq!(said.matches("left: 0").count(), 2, "{said}");
}

#[tokio::test]
async fn a_disk_that_fills_under_a_result_stops_it_and_what_came_stays() {
    let (database, folder) = (any_database().await, tempfile::tempdir().unwrap());
    let mut small = support::on_a_small_disk(folder.path(), 4);
    let said = part(&mut small, "spill", &database.url, folder.path());
    assert!(said.contains("Storage: the disk of"), "{said}");
    assert!(said.contains("is full: the result stops here, what came before stays"), "{said}");
    assert!(said.contains("the last row is its own, the session goes on"), "{said}");
}

#[tokio::test]
async fn an_export_killed_in_the_middle_leaves_its_partial_file_alone() {
    let (database, folder) = (any_database().await, tempfile::tempdir().unwrap());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(ARGUMENTS).env(PART, "endless").env(URL, &database.url).env(FOLDER, folder.path());
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let aside = folder.path().join("out.partial");
    while std::fs::metadata(&aside).map_or(0, |found| found.len()) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(names(folder.path()), ["out.partial"]);
    let done = export(&database.url, folder.path(), "select 1 as a", QueryExportFormat::Csv).await.unwrap();
    assert_eq!((done.rows, std::fs::read_to_string(&done.path).unwrap().as_str()), (1, "a\r\n1\r\n"));
    assert_eq!(names(folder.path()), ["out", "out.manifest.json"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

async fn export(
    url: &str,
    folder: &Path,
    sql: &str,
    format: QueryExportFormat,
) -> evaldesk_core::Result<QueryExport> {
    let database = Database::from_url(url).await.unwrap();
    let request = QueryExportRequest { text: sql.to_owned(), parameters: Vec::new(), format, table: None };
    let place = ExportPlace { path: folder.join("out"), overwrite: false };
    let clock = FixedClock("2026-03-01T00:00:00Z".parse().unwrap());
    export_query(&database, &request, &place, &clock, &JobContext::detached()).await
}

/// Not a test: what the other processes run.
#[tokio::test]
#[ignore = "is run by other tests, as a process of its own"]
#[expect(clippy::disallowed_methods, reason = "its environment tells it what to play")]
async fn plays_its_part() {
    let Ok(url) = std::env::var(URL) else { return };
    let folder = std::env::var_os(FOLDER).unwrap();
    match std::env::var(PART).unwrap().as_str() {
        "export" => play_export(&url, folder.as_ref()).await,
        "spill" => play_spill(&url, folder.as_ref()).await,
        _ => drop(export(&url, folder.as_ref(), ENDLESS, QueryExportFormat::Csv).await),
    }
}

async fn play_export(url: &str, folder: &Path) {
    for format in [QueryExportFormat::Csv, QueryExportFormat::Parquet] {
        let random = "select n, md5(n::text) as h from (select generate_series(1, 100000000) as n) as s";
        let error = export(url, folder, random, format).await.unwrap_err();
        println!("\n{format:?}: {:?} {error} ({})", error.kind(), error.hint_text().unwrap());
        println!("left: {}", names(folder).len());
    }
}

async fn play_spill(url: &str, folder: &Path) {
    let database = Database::from_url(url).await.unwrap();
    let tabs = QueryTabs::with_budget(folder.join("results"), Budget::new(1024 * 1024));
    let state = run(&tabs, &database, ENDLESS).await;
    let (error, result) = (state.statements[0].error.as_ref().unwrap(), &state.results[0]);
    println!("\n{:?}: {}", error.code, error.message);
    assert!(result.rows > 1000 && !result.complete && result.stopped.is_some(), "{result:?}");
    let last = tabs.rows(&result.id, None, result.rows - 1, 1).await.unwrap().rows.remove(0);
    assert_eq!(last[0].as_ref().unwrap().text, result.rows.to_string());
    let after = run(&tabs, &database, "select 5").await;
    assert_eq!((after.results[0].rows, after.pid), (1, state.pid));
    println!("the last row is its own, the session goes on");
}

async fn run(tabs: &QueryTabs, database: &Database, sql: &str) -> QueryState {
    let (text, range) = (sql.to_owned(), QueryRange::All);
    let request = QueryRequest {
        text,
        range,
        parameters: Vec::new(),
        consent: None,
        sort: Vec::new(),
        filters: Vec::new(),
        read_only: false,
    };
    let tab = tabs.tab("tab");
    let before = tab.state().run;
    tab.run(database, request).await.unwrap();
    let mut states = Box::pin(tab.watch());
    loop {
        let state = states.next().await.unwrap();
        if state.run > before && state.phase == QueryPhase::Idle {
            return state;
        }
    }
}
