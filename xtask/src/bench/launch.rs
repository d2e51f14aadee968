//! How long until the runs are painted, beside an empty window of the same toolkit.
//!
//! Both are started in turn, so that whatever slows the machine slows both; medians are compared.
//! Memory is the proportional set size of the whole process tree, since WebKit runs in three processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::display::VirtualDisplay;
use crate::{apt, dist, engines, paths, run, setup, shell, step};

const ROUNDS: usize = 9;
const IDLE: Duration = Duration::from_secs(4);

/// One start of one program.
struct Start {
    milliseconds: f64,
    pss_megabytes: f64,
}

/// Builds, measures and reports.
pub(super) fn launch() -> Result<()> {
    setup::for_dist()?;
    step::take(&[apt::DISPLAY.step()])?;
    let packages = dist::build()?;
    programs()?;
    let (app, empty) =
        (paths::binary("release", "evaldesk-desktop"), paths::binary("release", "embed-tauri"));
    let (ours, theirs) = measure(&app, &empty)?;
    let report = report(&ours, &theirs, &packages)?;
    fs::write(paths::target().join("bench.json"), serde_json::to_string_pretty(&report)?)?;
    println!("{report:#}\nwritten to target/bench.json");
    Ok(())
}

/// The app as it is shipped, the command line and the empty window: in one build, for cargo to settle on the same
/// features each time.
pub(super) fn programs() -> Result<()> {
    shell::loud(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "evaldesk-desktop",
        "--package",
        "evaldesk-cli",
        "--package",
        "embed-tauri",
        "--features",
        "evaldesk-desktop/custom-protocol",
    ]))
}

fn measure(app: &Path, empty: &Path) -> Result<(Vec<Start>, Vec<Start>)> {
    let screen = VirtualDisplay::start("1280x800")?;
    let engine = engines::product_folder()?;
    let opened = || with(app, &["--open", "local"], &engine);
    let bare = || with(empty, &["--empty"], &engine);
    // The first start of each makes the cluster and fills the caches: it is not counted.
    one_start(&mut opened(), &screen)?;
    one_start(&mut bare(), &screen)?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        ours.push(one_start(&mut opened(), &screen)?);
        theirs.push(one_start(&mut bare(), &screen)?);
        println!(
            "round {round}: {:.0} ms, empty {:.0} ms",
            ours[round - 1].milliseconds,
            theirs[round - 1].milliseconds
        );
    }
    Ok((ours, theirs))
}

fn with(program: &Path, words: &[&str], engine: &Path) -> Command {
    let mut command = shell::command(program);
    command.args(words).env("EVALDESK_ENGINE", engine);
    command
}

fn one_start(command: &mut Command, screen: &VirtualDisplay) -> Result<Start> {
    let ready = paths::scratch().join("bench-ready.json");
    let _ = fs::remove_file(&ready);
    let log = shell::log_path("bench-app")?;
    let started = Instant::now();
    let mut app = run::start(command, screen, &ready, &log)?;
    run::wait_until_painted(&mut app, &ready, &log)?;
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    std::thread::sleep(IDLE);
    let pss_megabytes = proportional_memory(app.id())?;
    app.end(Duration::from_secs(20));
    Ok(Start { milliseconds, pss_megabytes })
}

/// The summed PSS of a process and everything below it that is no PostgreSQL.
fn proportional_memory(root: u32) -> Result<f64> {
    let mut kilobytes = 0.0;
    for id in tree(root)? {
        let name = fs::read_to_string(format!("/proc/{id}/comm")).unwrap_or_default();
        let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
        if !name.starts_with("postgres") {
            kilobytes += rollup.lines().find_map(pss).unwrap_or(0.0);
        }
    }
    Ok(kilobytes / 1000.0)
}

fn pss(line: &str) -> Option<f64> {
    line.strip_prefix("Pss:")?.trim().trim_end_matches("kB").trim().parse().ok()
}

fn tree(root: u32) -> Result<Vec<u32>> {
    let table = shell::read(shell::command("ps").args(["-e", "-o", "pid=,ppid="]))?;
    let pairs: Vec<(u32, u32)> = table
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().filter_map(|word| word.parse().ok());
            Some((numbers.next()?, numbers.next()?))
        })
        .collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(id, _)| *id));
        next += 1;
    }
    Ok(found)
}

fn report(ours: &[Start], theirs: &[Start], packages: &[PathBuf]) -> Result<Value> {
    let launch = |starts: &[Start]| median(starts.iter().map(|start| start.milliseconds).collect());
    let memory = |starts: &[Start]| median(starts.iter().map(|start| start.pss_megabytes).collect());
    let mut sizes = serde_json::Map::new();
    for package in packages {
        let name = package.file_name().context("a file without a name")?.to_string_lossy().into_owned();
        sizes.insert(name, json!(round(dist::megabytes(package)?)));
    }
    Ok(json!({
        "rounds": ours.len(),
        "launchToRunsPaintedMs": round(launch(ours)),
        "launchOfAnEmptyWindowMs": round(launch(theirs)),
        "ratio": (launch(ours) / launch(theirs) * 100.0).round() / 100.0,
        "idlePssMb": round(memory(ours)),
        "idlePssOfAnEmptyWindowMb": round(memory(theirs)),
        "sizesMb": sizes,
    }))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
