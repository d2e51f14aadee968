//! A million rows in a tab of the workbench, beside psql: `tests/bench` measures, this builds what is measured.

use std::fs;

use anyhow::Result;

use crate::{paths, setup, shell};

/// Builds, measures and reports.
pub(super) fn query() -> Result<()> {
    setup::for_bench()?;
    shell::loud(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "evaldesk-tests",
        "--bin",
        "evaldesk-bench",
    ]))?;
    let mut bench = shell::command(paths::binary("release", "evaldesk-bench"));
    bench.arg("query").env("EVALDESK_ENGINES", paths::engines());
    bench.stderr(std::process::Stdio::inherit());
    let report = shell::read(&mut bench)?;
    fs::write(paths::target().join("bench-query.json"), &report)?;
    println!("{report}written to target/bench-query.json");
    Ok(())
}
