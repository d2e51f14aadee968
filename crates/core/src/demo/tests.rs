//! The whole stream, without a server.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::DemoOptions;
use super::history::{FirstIds, History};

const FIRST: FirstIds = FirstIds { runs: 1, spans: 1, configurations: 1, results: 1 };

fn options() -> DemoOptions {
    let until: DateTime<Utc> = "2025-11-20T14:30:00Z".parse().unwrap();
    DemoOptions::new(until)
}

struct Stream {
    hash: Vec<u8>,
    tables: [Vec<u8>; 4],
    history: History,
}

fn stream(options: DemoOptions, first: FirstIds) -> Stream {
    let mut history = History::new(options, first);
    let mut hash = Sha256::new();
    let mut tables: [Vec<u8>; 4] = Default::default();
    while let Some(batch) = history.next_batch().unwrap() {
        let parts = [batch.runs, batch.spans, batch.configurations, batch.results];
        for (table, part) in tables.iter_mut().zip(parts) {
            let bytes = part.into_bytes();
            hash.update(&bytes);
            table.extend_from_slice(&bytes);
        }
    }
    Stream { hash: hash.finalize().to_vec(), tables, history }
}

fn lines(table: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(table).unwrap();
    text.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

fn small() -> DemoOptions {
    DemoOptions { runs: 25, results: 200, ..options() }
}

#[test]
fn a_seed_tells_the_same_history_twice_and_another_seed_another() {
    let first = stream(small(), FIRST);
    assert_eq!(first.hash, stream(small(), FIRST).hash);
    assert_ne!(first.hash, stream(DemoOptions { seed: 2, ..small() }, FIRST).hash);
}

#[test]
fn the_default_size_is_exact_and_holds_every_dirty_state() {
    let told = stream(options(), FIRST);
    assert_eq!(lines(&told.tables[0]).len(), 300);
    assert_eq!(lines(&told.tables[3]).len(), 6_000);
    let absent: Vec<_> = told.history.tally().counts().into_iter().filter(|count| count.count == 0).collect();
    assert!(absent.is_empty(), "{absent:?}");
}

#[test]
fn any_size_is_exact() {
    for (runs, results) in [(1, 0), (1, 1), (1, 500), (7, 3), (61, 40), (70, 1_000)] {
        let told = stream(DemoOptions { runs, results, ..options() }, FIRST);
        assert_eq!(told.history.next_ids().runs - 1, i64::from(runs));
        assert_eq!(told.history.next_ids().results - 1, i64::from(results), "{runs} runs");
    }
}

#[test]
fn an_append_with_the_same_seed_repeats_no_span_id() {
    let one = stream(small(), FIRST);
    let next = one.history.next_ids();
    let two = stream(small(), next);
    let mut ids: Vec<String> =
        [&one, &two].into_iter().flat_map(|told| lines(&told.tables[1])).map(|row| row[1].clone()).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[test]
fn nothing_happens_after_the_end_of_the_history() {
    let told = stream(DemoOptions { runs: 20, results: 3_000, ..options() }, FIRST);
    for row in lines(&told.tables[0]).iter().chain(&lines(&told.tables[3])) {
        for time in &row[row.len() - 2..] {
            assert!(time.as_str() < "2025-11-20 14:30:00", "{time}");
        }
    }
}

#[test]
fn a_batch_stays_small_even_when_one_run_holds_everything() {
    let mut history = History::new(DemoOptions { runs: 1, results: 51_000, ..options() }, FIRST);
    while let Some(batch) = history.next_batch().unwrap() {
        let bytes: usize = [batch.runs, batch.spans, batch.configurations, batch.results]
            .map(|part| part.len())
            .iter()
            .sum();
        assert!(bytes < 8 << 20, "{bytes}");
    }
    assert_eq!(history.next_ids().results - 1, 51_000);
}
