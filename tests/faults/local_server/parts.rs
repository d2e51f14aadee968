//! The other processes of a test: this binary again, running one ignored test that plays a part.

// Standard output is how they speak to the test.
#![allow(clippy::print_stdout)]

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use evaldesk_core::clock::FixedClock;
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{LeaseKind, LocalServer, run_watcher};

use super::place::{self, Place};

const PART: &str = "EVALDESK_TEST_PART";
const ROOT: &str = "EVALDESK_TEST_ROOT";
const ENGINE: &str = "EVALDESK_TEST_ENGINE";
const WATCHED: &str = "EVALDESK_TEST_WATCHED";

/// The arguments by which the test harness runs the part and nothing else.
const ARGUMENTS: [&str; 4] = ["--exact", "local_server::parts::plays_its_part", "--ignored", "--nocapture"];

/// The command line of a watcher over a folder.
pub(crate) fn watcher(root: &Path) -> Vec<OsString> {
    let variable = |name: &str, value: &std::ffi::OsStr| {
        let mut pair = OsString::from(name);
        pair.push("=");
        pair.push(value);
        pair
    };
    let mut command =
        vec!["/usr/bin/env".into(), variable(PART, "watch".as_ref()), variable(ROOT, root.as_os_str())];
    command.push(std::env::current_exe().unwrap().into());
    command.extend(ARGUMENTS.map(OsString::from));
    command
}

/// An app: it starts the server, holds it, says "up" and waits to be killed.
pub(crate) struct Part {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Part {
    /// Begins, without waiting.
    pub(crate) fn app(place: &Place) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(ARGUMENTS).env(PART, "app").env(ROOT, &place.config.root);
        command.env(ENGINE, &place.config.engine_search[0]);
        if !place.config.watcher.is_empty() {
            command.env(WATCHED, "yes");
        }
        Self::spawn(command.stdin(Stdio::piped()))
    }

    /// The same on a file system of 20 MB, in a mount namespace of its own.
    pub(crate) fn on_a_small_disk(place: &Place) -> Self {
        let mut command = support::on_a_small_disk(place.config.root.parent().unwrap(), 20);
        command.args(ARGUMENTS);
        command
            .env(PART, "full disk")
            .env(ROOT, &place.config.root)
            .env(ENGINE, &place.config.engine_search[0]);
        Self::spawn(&mut command)
    }

    fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Self { child, out }
    }

    /// Waits for a line that begins so, and gives the rest of it.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let mut heard = Vec::new();
        for line in self.out.by_ref().lines().map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
            heard.push(line);
        }
        panic!("the other process ended without saying {word}: {heard:?}");
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not a test: what the other processes run.
#[tokio::test]
#[ignore = "is run by other tests, as a process of its own"]
async fn plays_its_part() {
    let Some(root) = std::env::var_os(ROOT).map(PathBuf::from) else { return };
    match std::env::var_os(PART) {
        Some(part) if part == "watch" => {
            run_watcher(&root, &FixedClock(Default::default())).await.unwrap();
        }
        Some(part) if part == "full disk" => play_full_disk(root).await,
        _ => play_app(root).await,
    }
}

/// Starts on a file system that is too small, and says what came of it.
async fn play_full_disk(root: PathBuf) {
    let engine = std::env::var_os(ENGINE).map(PathBuf::from).unwrap();
    let server = LocalServer::new(place::config(root, vec![engine]));
    let job = JobContext::detached();
    let error = server.start(&place::password(), &job).await.unwrap_err();
    println!("\nsaid {:?} {error}", error.kind());
    println!("\nstate {:?}", server.status().await.unwrap().state);
}

async fn play_app(root: PathBuf) {
    let engine = std::env::var_os(ENGINE).map(PathBuf::from).unwrap();
    let mut config = place::config(root, vec![engine]);
    if std::env::var_os(WATCHED).is_some() {
        config.watcher = watcher(&config.root);
    }
    let server = LocalServer::new(config);
    let _lease = server.lease(LeaseKind::App).await.unwrap();
    let endpoint = server.start(&place::password(), &JobContext::detached()).await.unwrap();
    println!("\nup {} {}", endpoint.port, endpoint.created);
    // Until killed, or until the test is gone and its end of the pipe closes.
    tokio::task::spawn_blocking(|| std::io::stdin().read_line(&mut String::new())).await.unwrap().unwrap();
}
