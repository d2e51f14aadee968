//! Two hundred small migrations, beside sqlx-cli and dbmate: `tests/bench` measures, this builds what is measured.

use std::fs;

use anyhow::Result;

use crate::{paths, setup, shell};

/// Builds, measures and reports.
pub(super) fn migrate() -> Result<()> {
    setup::for_bench()?;
    shell::loud(shell::cargo().args(["build", "--release", "--package", "evaldesk-cli"]))?;
    shell::loud(shell::cargo().args(["build", "--package", "evaldesk-tests", "--bin", "evaldesk-bench"]))?;
    let mut bench = shell::command(paths::binary("debug", "evaldesk-bench"));
    bench.arg("migrate").env("EVALDESK_ENGINES", paths::engines());
    bench.env("EVALDESK_CLI", paths::binary("release", "evaldesk"));
    bench.stderr(std::process::Stdio::inherit());
    let report = shell::read(&mut bench)?;
    fs::write(paths::target().join("bench-migrate.json"), &report)?;
    println!("{report}written to target/bench-migrate.json");
    Ok(())
}
