//! `cargo xtask test`: all the set-up, then every runner; one that fails does not stop the next.

use std::time::Instant;

use anyhow::{Result, bail};

use crate::arguments::Arguments;
use crate::display::VirtualDisplay;
use crate::{engines, paths, setup, shell, step};

/// A runner and what became of it.
struct Outcome {
    name: &'static str,
    error: Option<String>,
    time: String,
}

/// The command.
pub(crate) fn test(mut arguments: Arguments) -> Result<()> {
    let pattern = arguments.next_word();
    arguments.finish()?;
    setup::for_test()?;
    let outcomes = vec![
        outcome("build", build),
        outcome("Rust: logic, Postgres, contract, command line, faults", || rust(pattern.as_deref())),
        outcome("UI: vitest", || {
            shell::loud(shell::npm().args(["test"]).current_dir(paths::root().join("ui")))
        }),
        outcome("journeys in Chromium", journeys),
        outcome("the true window", true_window),
    ];
    sum_up(&outcomes)
}

/// Everything is built once, and the same way as the tests build it.
fn build() -> Result<()> {
    shell::loud(shell::cargo().args(["build", "--workspace"]))
}

fn rust(pattern: Option<&str>) -> Result<()> {
    let mut cargo = shell::cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast"]).args(pattern);
    shell::loud(cargo.env("EVALDESK_ENGINES", paths::engines()))
}

fn journeys() -> Result<()> {
    shell::loud(node_tests("journeys").env("EVALDESK_BRIDGE", paths::binary("debug", "evaldesk-bridge")))
}

fn true_window() -> Result<()> {
    let screen = VirtualDisplay::start("1280x800")?;
    let mut tests = node_tests("window");
    tests.env("DISPLAY", screen.name()).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
    shell::loud(tests.env("EVALDESK_APP", paths::binary("debug", "evaldesk-desktop")))
}

/// Node's own test runner over one folder of `tests/e2e`.
fn node_tests(folder: &str) -> std::process::Command {
    let e2e = paths::root().join("tests/e2e");
    let mut node = shell::command("node");
    node.args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .arg(format!("{folder}/"))
        .current_dir(&e2e);
    node.env("EVALDESK_ENGINE", engines::folder("17"))
        .env("EVALDESK_CLI", paths::binary("debug", "evaldesk"));
    node
}

fn outcome(name: &'static str, runner: impl FnOnce() -> Result<()>) -> Outcome {
    println!("\n== {name}");
    let started = Instant::now();
    let error = runner().err().map(|error| format!("{error:#}"));
    Outcome { name, error, time: step::seconds(started) }
}

fn sum_up(outcomes: &[Outcome]) -> Result<()> {
    println!();
    for outcome in outcomes {
        match &outcome.error {
            None => println!("passed  {} ({})", outcome.name, outcome.time),
            Some(error) => println!(
                "FAILED  {} ({}): {}",
                outcome.name,
                outcome.time,
                error.lines().next().unwrap_or("")
            ),
        }
    }
    let failed = outcomes.iter().filter(|outcome| outcome.error.is_some()).count();
    println!("\nrunners: {} passed, {failed} failed", outcomes.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} runners failed", outcomes.len());
    }
    Ok(())
}
