//! `cargo xtask check`: what a reviewer would otherwise have to say.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::arguments::Arguments;
use crate::{paths, setup, shell};

/// The command.
pub(crate) fn check(mut arguments: Arguments) -> Result<()> {
    let skip_deny = arguments.flag("--skip-deny");
    arguments.finish()?;
    setup::for_check()?;
    let ui = || {
        let mut npm = shell::npm();
        npm.current_dir(paths::root().join("ui"));
        npm
    };
    let mut failed = Vec::new();
    let mut note = |name: &'static str, result: Result<()>| {
        match &result {
            Ok(()) => println!("ok      {name}"),
            Err(error) => println!("FAILED  {name}: {error:#}"),
        }
        failed.extend(result.err().map(|_| name));
    };
    note("formatting", shell::loud(shell::cargo().args(["fmt", "--all", "--check"])));
    note(
        "clippy",
        shell::loud(shell::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])),
    );
    note("svelte-check", shell::loud(ui().args(["run", "check"])));
    note("eslint", shell::loud(ui().args(["run", "lint"])));
    if skip_deny {
        println!("skipped cargo-deny: --skip-deny was given");
    } else {
        note("cargo-deny", deny());
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Advisories are left out: their database is fetched from a place that a build machine may not reach.
fn deny() -> Result<()> {
    let program = cargo_deny()?;
    shell::loud(shell::command(program).args(["check", "bans", "licenses", "sources"]))
}

fn cargo_deny() -> Result<PathBuf> {
    if shell::succeeds(shell::command("cargo-deny").arg("--version")) {
        return Ok("cargo-deny".into());
    }
    let ours = paths::scratch().join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !ours.exists() {
        println!("installing cargo-deny into {} (once, some minutes)", paths::shown(&ours));
        let mut install = shell::cargo();
        install.args(["install", "cargo-deny", "--locked", "--root"]).arg(paths::scratch());
        shell::quiet(
            "cargo-deny",
            install.env("CARGO_TARGET_DIR", paths::scratch().join("cargo-deny-build")),
        )?;
    }
    Ok(ours)
}
