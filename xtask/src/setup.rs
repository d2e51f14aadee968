//! The set-up of each command, as a list of steps.

use anyhow::Result;

use crate::step::{self, Step};
use crate::{apt, display, engines, npm, peers, platform};

/// What opening the app needs.
pub(crate) fn for_run() -> Result<()> {
    platform::require_toolchain()?;
    let mut steps = vec![apt::BUILD.step()];
    if !display::is_there() {
        steps.push(apt::DISPLAY.step());
    }
    steps.extend(ui());
    steps.extend(engines::product_steps()?);
    step::take(&steps)
}

/// What the tests need: everything.
pub(crate) fn for_test() -> Result<()> {
    platform::require_toolchain()?;
    platform::require_test_tools()?;
    let mut steps = vec![apt::BUILD.step(), apt::DISPLAY.step(), apt::TEST.step()];
    steps.extend(ui());
    steps.push(npm::packages("tests/e2e", "drives the UI in Chromium and the true window"));
    steps.extend(peers::steps());
    steps.extend(peers::readers());
    steps.extend(engines::steps(&engines::tested(&engines::pins()?)?)?);
    step::take(&steps)
}

/// What the linters need.
pub(crate) fn for_check() -> Result<()> {
    platform::require_toolchain()?;
    let mut steps = vec![apt::BUILD.step()];
    steps.extend(ui());
    step::take(&steps)
}

/// What measuring beside the peers needs.
pub(crate) fn for_bench() -> Result<()> {
    platform::require_toolchain()?;
    let mut steps = vec![apt::BUILD.step()];
    steps.extend(peers::steps());
    steps.extend(engines::steps(&engines::tested(&engines::pins()?)?)?);
    step::take(&steps)
}

/// What packaging needs.
pub(crate) fn for_dist() -> Result<()> {
    platform::require_toolchain()?;
    let mut steps = vec![apt::BUILD.step()];
    steps.extend(ui());
    steps.push(npm::packages("xtask", "the Tauri command line, which makes the package"));
    steps.extend(engines::product_steps()?);
    step::take(&steps)
}

fn ui() -> [Step; 2] {
    [npm::packages("ui", "what the UI is built with"), npm::ui_build()]
}
