//! The million rows into a file: beside psql's \copy, from the server and from a result that a tab has, as CSV and as
//! Parquet, all onto one disk and by turns.
//!
//! Ours is on the disk when it ends, psql's is not: what a sync of psql's file takes is told apart, and so is ours.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use evaldesk_core::clock::FixedClock;
use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::query::export::{
    ExportPlace, QueryExport, QueryExportFormat, QueryExportRequest, export_query, export_result,
};
use evaldesk_core::query::{QueryPhase, QueryTabs};
use futures_util::StreamExt as _;
use support::{TestDatabase, peers};

use super::query::{ALL, ROWS, prepared, whole};

/// Rounds; the middle one counts.
const ROUNDS: usize = 5;

/// What one export took.
#[derive(Clone, Copy, Default)]
struct Took {
    all: f64,
    /// From the last row on: what was left to be put on the disk.
    sync: f64,
    bytes: u64,
}

/// A way of exporting and its rounds.
struct Way {
    name: &'static str,
    rounds: Vec<Took>,
}

/// Measures and prints the table.
pub(crate) async fn bench() {
    let (database, opened) = prepared().await;
    let folder = tempfile::Builder::new().prefix("evaldesk-bench-").tempdir_in(disk()).unwrap();
    let (tabs, result) = held(&opened, folder.path()).await;
    let mut ways =
        ["psql", "csv", "parquet", "storedCsv", "storedParquet"].map(|name| Way { name, rounds: Vec::new() });
    for round in 0..ROUNDS {
        for way in &mut ways {
            let path = folder.path().join(format!("{}-{round}", way.name));
            way.rounds.push(match way.name {
                "psql" => psql(&database, &path),
                "csv" => ours(&opened, QueryExportFormat::Csv, None, &path).await,
                "parquet" => ours(&opened, QueryExportFormat::Parquet, None, &path).await,
                "storedCsv" => ours(&opened, QueryExportFormat::Csv, Some((&tabs, &result)), &path).await,
                _ => ours(&opened, QueryExportFormat::Parquet, Some((&tabs, &result)), &path).await,
            });
            std::fs::remove_file(&path).unwrap();
        }
    }
    println!("{:#}", report(&ways));
}

fn report(ways: &[Way]) -> serde_json::Value {
    let of = |name: &str| ways.iter().find(|way| way.name == name).unwrap();
    let middle = |name: &str, part: fn(&Took) -> f64| {
        let mut times: Vec<f64> = of(name).rounds.iter().map(part).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let all = |name: &str| middle(name, |took| took.all);
    let each = |name: &'static str| {
        let (sync, bytes) = (middle(name, |took| took.sync), of(name).rounds[0].bytes);
        (name.to_owned(), serde_json::json!({ "seconds": all(name), "syncSeconds": sync, "bytes": bytes }))
    };
    serde_json::json!({
        "rows": ROWS,
        "columns": 16,
        "each": ways.iter().map(|way| each(way.name)).collect::<serde_json::Map<_, _>>(),
        "csvToCopyRatio": all("csv") / all("psql"),
        "parquetToCsvRatio": all("parquet") / all("csv"),
        "storedCsvToCopyRatio": all("storedCsv") / all("psql"),
        "storedParquetToStoredCsvRatio": all("storedParquet") / all("storedCsv"),
    })
}

/// A folder on a real disk: /tmp may be memory.
fn disk() -> PathBuf {
    let target = support::root().join("target");
    std::fs::create_dir_all(&target).unwrap();
    target
}

/// psql leaves its file to the system; the sync afterwards is measured and not counted.
fn psql(database: &TestDatabase, path: &Path) -> Took {
    let begun = Instant::now();
    let command = format!("\\copy ({ALL}) to '{}' csv header", path.display());
    let ran = Command::new(peers::psql()).args(["-X", "-q", "-c", &command, &database.url]).status();
    assert!(ran.unwrap().success());
    let (all, written) = (begun.elapsed(), Instant::now());
    let file = std::fs::File::open(path).unwrap();
    file.sync_all().unwrap();
    took(all, written.elapsed(), file.metadata().unwrap().len())
}

fn took(all: Duration, sync: Duration, bytes: u64) -> Took {
    Took { all: all.as_secs_f64(), sync: sync.as_secs_f64(), bytes }
}

async fn ours(
    database: &Database,
    format: QueryExportFormat,
    held: Option<(&QueryTabs, &String)>,
    path: &Path,
) -> Took {
    let request = QueryExportRequest { text: ALL.to_owned(), parameters: Vec::new(), format, table: None };
    let place = ExportPlace { path: path.to_owned(), overwrite: false };
    let (begun, syncing) = (Instant::now(), Arc::new(Mutex::new(None)));
    let seen = Arc::clone(&syncing);
    let job = JobContext::watched(move |progress| {
        if progress.phase == "Putting it on the disk" {
            seen.lock().unwrap().get_or_insert_with(Instant::now);
        }
    });
    let clock = FixedClock("2026-01-01T00:00:00Z".parse().unwrap());
    let done = match held {
        None => export_query(database, &request, &place, &clock, &job).await,
        Some((tabs, result)) => {
            export_result(database, tabs.result(result, None).unwrap(), &request, &place, &clock, &job).await
        }
    };
    let QueryExport { rows, bytes, manifest, .. } = done.unwrap();
    let all = begun.elapsed();
    assert_eq!(rows, ROWS);
    std::fs::remove_file(manifest).unwrap();
    let since = syncing.lock().unwrap().unwrap();
    took(all, since.elapsed(), bytes)
}

/// A tab with all rows.
async fn held(database: &Database, folder: &Path) -> (QueryTabs, String) {
    let tabs = QueryTabs::new(folder.join("results"));
    let session = tabs.tab("bench");
    let mut states = Box::pin(session.watch());
    session.run(database, whole(ALL)).await.unwrap();
    loop {
        let state = states.next().await.unwrap();
        if state.run > 0 && state.phase == QueryPhase::Idle {
            assert!(state.results[0].complete && state.results[0].rows == ROWS, "{state:?}");
            return (tabs, state.results[0].id.clone());
        }
    }
}
