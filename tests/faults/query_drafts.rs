//! `kill -9` while somebody types: what a save had answered is there, whole, and the tab can be typed on in.

// Standard output is how the typist speaks to the test.
#![allow(clippy::print_stdout)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use evaldesk_core::query::draft::{DraftStore, QueryDraft};

const FOLDER: &str = "EVALDESK_TEST_DRAFTS";
/// How many saves are waited for before the process is killed, somewhere in the one after.
const KILLED_AFTER: [usize; 8] = [1, 2, 3, 17, 60, 140, 233, 401];

fn start(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "query_drafts::types", "--ignored", "--nocapture"]);
    command.env(FOLDER, folder).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().unwrap()
}

/// Reads answers until there are as many; returns the last one: how many bursts were saved.
fn answers(child: &mut Child, wanted: usize) -> u32 {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let saved = lines.filter_map(|line| line.unwrap().strip_prefix("saved ")?.parse().ok());
    let seen: Vec<u32> = saved.take(wanted).collect();
    assert_eq!(seen.len(), wanted, "the typist ended by itself");
    seen[wanted - 1]
}

fn at() -> chrono::DateTime<chrono::Utc> {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

/// The text after a number of bursts: it grows, is changed in its middle, and is long enough to be compacted.
fn text(burst: u32) -> String {
    let lines: Vec<String> =
        (0..burst % 97).map(|n| format!("select {n}, 'größe {}'", burst / (n + 1))).collect();
    format!("-- {burst}\n{}\n{}", lines.join(";\n"), "-- long line ".repeat(burst as usize % 40))
}

fn draft(tab: &str, burst: u32, revision: u32) -> QueryDraft {
    QueryDraft {
        tab: tab.to_owned(),
        connection: "c1".to_owned(),
        title: format!("Query {tab}"),
        text: text(burst),
        cursor: burst,
        file: None,
        revision,
        notice: None,
    }
}

#[test]
fn what_was_saved_survives_kill_9_at_any_moment() {
    for after in KILLED_AFTER {
        let folder = tempfile::tempdir().unwrap();
        let mut child = start(folder.path());
        let saved = answers(&mut child, after);
        child.kill().unwrap();
        child.wait().unwrap();
        let store = DraftStore::new(folder.path());
        let drafts = store.list().unwrap();
        for tab in ["one", "two"] {
            let found = drafts.iter().find(|draft| draft.tab == tab).unwrap();
            let burst = found.cursor;
            assert!(burst >= saved, "{tab} after {after}: burst {saved} was answered, {burst} is there");
            assert_eq!(
                found,
                &QueryDraft { notice: found.notice.clone(), ..draft(tab, burst, found.revision) },
                "{tab} after {after}"
            );
            let next = store.save(draft(tab, burst + 1, found.revision), at()).unwrap();
            assert!(!next.forked, "{tab} after {after}");
        }
    }
}

/// Not a test: what the other process runs, until it is killed.
#[test]
#[ignore = "is run by another test, as a process of its own"]
fn types() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = DraftStore::new(PathBuf::from(folder));
    let mut revision = 0;
    for burst in 1..1_000_000 {
        let one = store.save(draft("one", burst, revision), at()).unwrap();
        let two = store.save(draft("two", burst, revision), at()).unwrap();
        assert!(!one.forked && !two.forked);
        revision = one.revision;
        println!("saved {burst}");
    }
}
