//! Long actions and the ways in which they end: Ctrl-C, TERM, another process, `kill -9`.

use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use support::{Cli, TestDatabase, any_database};

#[tokio::test]
async fn an_interrupted_load_is_rolled_back_and_journalled_as_cancelled() {
    for signal in ["-INT", "-TERM"] {
        let (cli, database) = (Cli::new(), any_database().await);
        let mut load = Load::start(&cli, &database);
        load.send(signal);
        assert_eq!(load.0.wait().unwrap().code(), Some(1), "{signal}");
        assert_eq!(state(&cli), "cancelled", "{signal}");
        assert_eq!(database.count("evaluation_runs").await, 0, "{signal}");
    }
}

#[tokio::test]
async fn another_process_can_cancel_a_job() {
    let (cli, database) = (Cli::new(), any_database().await);
    let mut load = Load::start(&cli, &database);
    let id = cli.json(&["job", "list", "--json"])[0]["id"].as_str().unwrap().to_owned();
    let _ = cli.run(&["job", "cancel", &id]).expect(0);
    assert_eq!(load.0.wait().unwrap().code(), Some(1));
    assert_eq!(state(&cli), "cancelled");
    assert_eq!(database.count("evaluation_runs").await, 0);
}

#[tokio::test]
async fn a_killed_process_leaves_an_orphaned_job_and_no_rows() {
    let (cli, database) = (Cli::new(), any_database().await);
    let mut load = Load::start(&cli, &database);
    load.send("-KILL");
    load.0.wait().unwrap();
    assert_eq!(state(&cli), "orphaned");
    assert_eq!(database.count("evaluation_runs").await, 0);
}

/// A load of far more rows than a test waits for.
struct Load(Child);

impl Load {
    fn start(cli: &Cli, database: &TestDatabase) -> Self {
        let arguments = ["demo", "load", "--runs", "5000", "--results", "900000", "--url", &database.url];
        let mut command = cli.command();
        let load = Self(command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let began = Instant::now();
        while state(cli) != "running" {
            assert!(began.elapsed() < Duration::from_secs(20), "the load does not begin");
            std::thread::sleep(Duration::from_millis(50));
        }
        load
    }

    fn send(&self, signal: &str) {
        let process = self.0.id().to_string();
        // It follows its job from the first moment, but not before.
        std::thread::sleep(Duration::from_millis(500));
        assert!(std::process::Command::new("kill").args([signal, &process]).status().unwrap().success());
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn state(cli: &Cli) -> String {
    let jobs = cli.json(&["job", "list", "--json"]);
    jobs[0]["state"].as_str().unwrap_or("none").to_owned()
}
