//! Two hundred small migrations up on an empty database, beside sqlx-cli and dbmate.

use std::time::Duration;

use serde_json::json;
use support::{TestDatabase, empty_database, newest};

use super::folders::{COUNT, Folders};
use super::runner::Runner;

/// A disk that is shared with others is slow for seconds at a time: fewer would let one such moment decide.
const ROUNDS: usize = 25;

/// Measures, and prints one JSON document.
pub(crate) async fn bench() {
    let folders = Folders::write();
    durable(&empty_database(newest()).await).await;
    let mut times = Runner::ALL.map(|runner| (runner, Vec::new()));
    for round in 0..=ROUNDS {
        for (runner, times) in &mut times {
            let took = one(*runner, &folders).await;
            eprintln!("round {round}: {} {:.0} ms", runner.name(), took.as_secs_f64() * 1000.0);
            // The first round fills the caches.
            if round > 0 {
                times.push(took);
            }
        }
    }
    let medians = times.map(|(runner, times)| (runner, median(times)));
    println!("{:#}", report(&medians));
}

/// The servers of the tests skip the disk for speed; here it counts, as it does for everybody.
async fn durable(database: &TestDatabase) {
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        database.run(&format!("alter system set {setting} = on")).await;
    }
    database.run("select pg_reload_conf()").await;
}

async fn one(runner: Runner, folders: &Folders) -> Duration {
    let database = empty_database(newest()).await;
    let took = runner.up(&database.url, folders);
    let made = "select count(*) from pg_class where relname like 'bench\\_%' and relkind = 'r'";
    assert_eq!(database.value(made).await.as_deref(), Some("67"), "{} left some out", runner.name());
    took
}

fn report(medians: &[(Runner, f64)]) -> serde_json::Value {
    let of = |wanted: Runner| medians.iter().find(|(runner, _)| *runner == wanted).unwrap().1;
    let fastest = of(Runner::Sqlx).min(of(Runner::Dbmate));
    let milliseconds: serde_json::Map<_, _> =
        medians.iter().map(|(runner, median)| (runner.name().to_owned(), json!(median.round()))).collect();
    json!({
        "migrations": COUNT,
        "rounds": ROUNDS,
        "server": newest(),
        "medianMs": milliseconds,
        "ratioToTheFasterPeer": (of(Runner::Evaldesk) / fastest * 100.0).round() / 100.0,
    })
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}
