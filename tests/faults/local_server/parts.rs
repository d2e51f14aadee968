//! The other processes of a test: this binary again, running one ignored test that plays a part.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

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
pub(crate) struct Part(Child);

impl Part {
    /// Begins, without waiting.
    pub(crate) fn app(place: &Place) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(ARGUMENTS).env(PART, "app").env(ROOT, &place.config.root);
        command.env(ENGINE, &place.config.engine_search[0]);
        if !place.config.watcher.is_empty() {
            command.env(WATCHED, "yes");
        }
        Self(command.stdout(Stdio::piped()).stdin(Stdio::piped()).spawn().unwrap())
    }

    /// Waits for a line that begins so, and gives the rest of it.
    pub(crate) fn says(&mut self, word: &str) -> String {
        let lines = BufReader::new(self.0.stdout.as_mut().unwrap()).lines();
        let mut heard = Vec::new();
        for line in lines.map_while(Result::ok) {
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
            heard.push(line);
        }
        panic!("the other process ended without saying {word}: {heard:?}");
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Not a test: what the other processes run.
#[tokio::test]
#[ignore = "is run by other tests, as a process of its own"]
async fn plays_its_part() {
    let Some(root) = std::env::var_os(ROOT).map(PathBuf::from) else { return };
    match std::env::var_os(PART) {
        Some(part) if part == "watch" => {
            run_watcher(&root, &FixedClock(chrono::DateTime::UNIX_EPOCH)).await.unwrap();
        }
        _ => play_app(root).await,
    }
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
