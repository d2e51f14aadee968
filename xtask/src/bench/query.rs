//! A million rows in a tab of the workbench, beside psql: `tests/bench` measures, this builds what is measured.

use std::fs;

use anyhow::Result;

use crate::{paths, setup, shell, step, viewers};

/// Builds, measures and reports.
pub(super) fn query() -> Result<()> {
    setup::for_bench()?;
    measure("query")
}

/// The same rows into files.
pub(super) fn export() -> Result<()> {
    setup::for_bench()?;
    measure("export")
}

/// The same rows sorted and filtered where they are.
pub(super) fn view() -> Result<()> {
    setup::for_bench()?;
    measure("view")
}

/// The same rows in other viewers.
pub(super) fn viewers() -> Result<()> {
    setup::for_bench()?;
    step::take(&viewers::steps())?;
    measure("viewers")
}

fn measure(subject: &str) -> Result<()> {
    shell::loud(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "evaldesk-tests",
        "--bin",
        "evaldesk-bench",
    ]))?;
    let mut bench = shell::command(paths::binary("release", "evaldesk-bench"));
    bench.arg(subject).env("EVALDESK_ENGINES", paths::engines());
    bench.stderr(std::process::Stdio::inherit());
    let report = shell::read(&mut bench)?;
    let kept = format!("bench-{subject}.json");
    fs::write(paths::target().join(&kept), &report)?;
    println!("{report}written to target/{kept}");
    Ok(())
}
