//! A million rows in the true window, beside psql: `tests/e2e/bench` measures, this builds the app as it is shipped.

use std::fs;

use anyhow::Result;

use super::launch;
use crate::display::VirtualDisplay;
use crate::{engines, paths, setup, shell};

/// Builds, measures and reports.
pub(super) fn window() -> Result<()> {
    setup::for_test()?;
    launch::programs()?;
    let screen = VirtualDisplay::start("1280x800")?;
    let mut bench = shell::command("node");
    bench.arg("bench/window-rows.mjs").current_dir(paths::root().join("tests/e2e"));
    bench.env("DISPLAY", screen.name()).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
    bench
        .env("EVALDESK_ENGINE", engines::product_folder()?)
        .env("EVALDESK_APP", paths::binary("release", "evaldesk-desktop"))
        .env("EVALDESK_CLI", paths::binary("release", "evaldesk"));
    bench.stderr(std::process::Stdio::inherit());
    let report = shell::read(&mut bench)?;
    fs::write(paths::target().join("bench-window.json"), &report)?;
    println!("{report}written to target/bench-window.json");
    Ok(())
}
