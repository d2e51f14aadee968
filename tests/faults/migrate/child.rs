//! The runner of a case: this binary in a process of its own, which takes the version up and says how it ended.

// Standard output is how it speaks to the test.
#![allow(clippy::print_stdout)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use evaldesk_core::connection::Database;
use evaldesk_core::job::JobContext;
use evaldesk_core::migrate::{MigrationRequest, apply_migrate, plan_migrate};

use super::mixed::{self, Mode, Place};

const URL: &str = "EVALDESK_TEST_MIGRATE_URL";
const LOG: &str = "EVALDESK_TEST_MIGRATE_LOG";
const MODE: &str = "EVALDESK_TEST_MIGRATE_MODE";
const PLACE: &str = "EVALDESK_TEST_MIGRATE_PLACE";

/// A running migration.
pub(crate) struct Runner(Child);

impl Runner {
    pub(crate) fn start(url: &str, mode: Mode, place: Place, log: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "migrate::child::migrates", "--ignored", "--nocapture"]);
        command.env(URL, url).env(LOG, log).env("RUST_BACKTRACE", "0");
        command.env(MODE, if mode == Mode::OneTransaction { "one" } else { "each" });
        command.env(PLACE, if place == Place::Database { "database" } else { "file" });
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().unwrap())
    }

    /// `kill -9`.
    pub(crate) fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Waits for its end; nothing where it does not come.
    pub(crate) fn end(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        while Instant::now() < until {
            if let Some(status) = self.0.try_wait().unwrap() {
                return Some(status);
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Not a test: what the other process runs.
#[tokio::test]
#[ignore = "is run by other tests, as a process of its own"]
async fn migrates() {
    #[expect(clippy::disallowed_methods, reason = "a test program is told by its environment what to run")]
    let variable = |name: &str| std::env::var(name).ok();
    let Some(url) = variable(URL) else { return };
    let mode =
        if variable(MODE).unwrap() == "one" { Mode::OneTransaction } else { Mode::StatementByStatement };
    let place = if variable(PLACE).unwrap() == "database" { Place::Database } else { Place::File };
    let context = mixed::context(mode, place, &PathBuf::from(variable(LOG).unwrap()));
    let database = Database::from_url(&url).await.unwrap();
    let plan = plan_migrate(&database, &context, MigrationRequest::Up).await.unwrap();
    apply_migrate(&database, &context, &plan, &JobContext::detached()).await.unwrap();
}
