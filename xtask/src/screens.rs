//! `cargo xtask screens`: a picture of every screen in every state, for a person to look at.

use anyhow::Result;

use crate::arguments::Arguments;
use crate::{engines, paths, setup, shell};

/// The command; `--quick` takes fewer rows for the full database, and says so in the index. A name, or several with commas
/// between, takes those screens alone.
pub(crate) fn screens(mut arguments: Arguments) -> Result<()> {
    let quick = arguments.flag("--quick");
    let only = arguments.next_word();
    arguments.finish()?;
    setup::for_test()?;
    shell::loud(shell::cargo().args(["build", "--package", "evaldesk-tests", "--package", "evaldesk-cli"]))?;
    let mut node = shell::command("node");
    node.arg("screens.mjs")
        .args(quick.then_some("--quick"))
        .args(only)
        .current_dir(paths::root().join("tests/e2e"));
    node.env("EVALDESK_ENGINE", engines::product_folder()?)
        .env("EVALDESK_CLI", paths::binary("debug", "evaldesk"));
    node.env("EVALDESK_BRIDGE", paths::binary("debug", "evaldesk-bridge"));
    shell::loud(&mut node)?;
    println!("look at {}", paths::target().join("screens/index.html").display());
    Ok(())
}
