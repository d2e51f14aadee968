//! `cargo xtask gen`: the TypeScript bindings, written from the Rust command table.

use std::fs;

use anyhow::{Result, ensure};

use crate::arguments::Arguments;
use crate::{paths, shell};

const WRITTEN_TO: [&str; 2] = ["ui/src/lib/ipc/generated.ts", "crates/tauri-plugin/guest-js/generated.ts"];

/// The command.
pub(crate) fn generate(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    let text = shell::read(shell::cargo().args([
        "run",
        "--quiet",
        "--package",
        "evaldesk-api",
        "--example",
        "bindings",
    ]))?;
    ensure!(text.contains("export"), "the bindings example wrote no TypeScript");
    for path in WRITTEN_TO {
        let path = paths::root().join(path);
        if fs::read_to_string(&path).is_ok_and(|held| held == text) {
            println!("{} is fresh", paths::shown(&path));
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, &text)?;
        println!("{} written", paths::shown(&path));
    }
    Ok(())
}
