//! What a person sees of a million and of ten million rows, in Chromium over the release build of the bridge: from Run until
//! all of them can be browsed, frames while scrolling, jumps, and what the page holds in memory.

use std::fs;

use anyhow::Result;

use crate::{engines, paths, setup, shell};

/// Builds, measures and reports.
pub(super) fn frames() -> Result<()> {
    setup::for_test()?;
    let packages = ["--package", "evaldesk-tests", "--bin", "evaldesk-bridge"];
    shell::loud(shell::cargo().args(["build", "--release"]).args(packages))?;
    shell::loud(shell::cargo().args(["build", "--release", "--package", "evaldesk-cli"]))?;
    let mut node = shell::command("node");
    node.arg("bench/frames.mjs").current_dir(paths::root().join("tests/e2e"));
    node.env("EVALDESK_ENGINE", engines::product_folder()?)
        .env("EVALDESK_CLI", paths::binary("release", "evaldesk"))
        .env("EVALDESK_BRIDGE", paths::binary("release", "evaldesk-bridge"));
    node.stderr(std::process::Stdio::inherit());
    let report = shell::read(&mut node)?;
    fs::write(paths::target().join("bench-frames.json"), &report)?;
    println!("{report}written to target/bench-frames.json");
    Ok(())
}
