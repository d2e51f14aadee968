//! A million rows of sixteen columns, two of them jsonb, in a tab: beside psql, which throws them away.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use evaldesk_core::connection::{Database, parse_url};
use evaldesk_core::query::{QueryPhase, QueryRange, QueryRequest, QueryState, QueryTabs};
use futures_util::StreamExt as _;
use support::{TestDatabase, any_database, peers};

/// Rows of the table.
pub(crate) const ROWS: u64 = 1_000_000;

/// Rounds; the middle one counts.
const ROUNDS: usize = 5;

/// Ten plain columns and six of the kinds that are costly to carry, two of them jsonb.
const TABLE: &str = include_str!("table.sql");

/// All of it.
pub(crate) const ALL: &str = "select * from bench";

/// Ten times as many.
pub(crate) const TENFOLD: &str = "select bench.* from bench cross join generate_series(1, 10)";

/// What one way of reading took.
#[derive(Clone, Copy)]
pub(crate) struct Took {
    pub(crate) first: Duration,
    pub(crate) all: Duration,
}

/// Measures and prints the table.
pub(crate) async fn bench() {
    let (database, opened) = prepared().await;
    let (mut theirs, mut ours) = (Vec::new(), Vec::new());
    let memory = Memory::watch();
    for _ in 0..ROUNDS {
        theirs.push(psql(&database));
        ours.push(tab(&opened, ALL, ROWS).await);
    }
    let million = memory.grown();
    let tenfold = tab(&opened, TENFOLD, 10 * ROWS).await;
    report(&theirs, &ours, million, tenfold, memory.grown());
}

/// The table, and a connection to it without a time limit.
pub(crate) async fn prepared() -> (TestDatabase, Database) {
    let database = any_database().await;
    database.run(TABLE).await;
    database.run("vacuum analyze bench").await;
    let mut profile = parse_url(&database.url).unwrap().profile;
    profile.timeouts.statement_ms = 0;
    let opened = Database::open(&profile, None).await.unwrap();
    (database, opened)
}

fn report(theirs: &[Took], ours: &[Took], million: u64, tenfold: Took, ten_million: u64) {
    let middle = |took: &[Took], of: fn(&Took) -> Duration| {
        let mut times: Vec<f64> = took.iter().map(|took| of(took).as_secs_f64()).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    let (psql, all) = (middle(theirs, |took| took.all), middle(ours, |took| took.all));
    let (psql_first, first) = (middle(theirs, |took| took.first), middle(ours, |took| took.first));
    let megabytes = |bytes: u64| bytes / 1024 / 1024;
    let report = serde_json::json!({
        "rows": ROWS,
        "columns": 16,
        "psqlCopySeconds": psql,
        "allRowsBrowsableSeconds": all,
        "allRowsRatio": all / psql,
        "psqlFirstRowMs": psql_first * 1000.0,
        "firstRowMs": first * 1000.0,
        "memoryGrowthMb": megabytes(million),
        "tenMillionSeconds": tenfold.all.as_secs_f64(),
        "tenMillionMemoryGrowthMb": megabytes(ten_million),
    });
    println!("{}", serde_json::to_string_pretty(&report).unwrap());
}

/// psql writes the rows to nothing; and, for its first row alone, to a pipe that is closed then.
fn psql(database: &TestDatabase) -> Took {
    let copy = format!("copy ({ALL}) to stdout");
    let started = |out: Stdio, said: Stdio| {
        let mut command = Command::new(peers::psql());
        command.args(["-X", "-c", &copy, &database.url]).stdout(out).stderr(said);
        command.spawn().unwrap()
    };
    let begun = Instant::now();
    let mut piped = started(Stdio::piped(), Stdio::null());
    assert!(piped.stdout.take().unwrap().read(&mut [0; 1024]).unwrap() > 0);
    let first = begun.elapsed();
    piped.wait().unwrap();
    let begun = Instant::now();
    assert!(started(Stdio::null(), Stdio::inherit()).wait().unwrap().success());
    Took { first, all: begun.elapsed() }
}

/// A tab that connects anew, as psql does, until every row can be looked at.
pub(crate) async fn tab(database: &Database, sql: &str, rows: u64) -> Took {
    let folder = tempfile::tempdir().unwrap();
    let tabs = QueryTabs::new(folder.path().join("results"));
    let session = tabs.tab("bench");
    let mut states = Box::pin(session.watch());
    let begun = Instant::now();
    session.run(database, whole(sql)).await.unwrap();
    let mut first = None;
    loop {
        let state = states.next().await.unwrap();
        if state.results.first().is_some_and(|result| result.rows > 0) {
            first.get_or_insert_with(|| begun.elapsed());
        }
        if is_whole(&state, rows) {
            break;
        }
    }
    let took = Took { first: first.unwrap(), all: begun.elapsed() };
    tabs.close("bench").await;
    took
}

/// Everything that a statement gives.
pub(crate) fn whole(sql: &str) -> QueryRequest {
    QueryRequest {
        text: sql.to_owned(),
        range: QueryRange::All,
        parameters: Vec::new(),
        consent: None,
        sort: Vec::new(),
        filters: Vec::new(),
        read_only: false,
    }
}

fn is_whole(state: &QueryState, rows: u64) -> bool {
    if state.phase == QueryPhase::Idle && state.run > 0 {
        assert!(state.statements[0].error.is_none(), "{:?}", state.statements[0]);
    }
    state.results.first().is_some_and(|result| result.complete && result.rows == rows)
}

/// What this process holds in memory, looked at all the time until it is dropped.
pub(crate) struct Memory {
    before: u64,
    most: Arc<AtomicU64>,
    over: Arc<AtomicBool>,
}

impl Memory {
    pub(crate) fn watch() -> Self {
        let (most, over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (seen, ends) = (Arc::clone(&most), Arc::clone(&over));
        std::thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                seen.fetch_max(resident(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self { before: resident(), most, over }
    }

    /// Bytes above those of the beginning, at their most.
    pub(crate) fn grown(&self) -> u64 {
        self.most.load(Ordering::Relaxed).saturating_sub(self.before)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
    }
}

/// Bytes of this process in memory, as Linux counts them.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}
