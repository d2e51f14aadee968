//! Running other programs: loudly, quietly with a sign of life, or for their output.
//!
//! A quiet program writes into a log under `target/xtask/log/`; if it fails, the end of the log is shown,
//! since "exit status 100" alone helps nobody.

use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::{paths, step};

const LOOK_EVERY: Duration = Duration::from_millis(200);
const SIGN_OF_LIFE_EVERY: u64 = 15;

/// A command that starts in the root of the checkout.
pub(crate) fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(paths::root());
    command
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// npm, whose executable has another name on Windows.
pub(crate) fn npm() -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.env("npm_config_fund", "false")
        .env("npm_config_audit", "false")
        .env("npm_config_update_notifier", "false");
    npm
}

/// Runs a program with its output before the reader's eyes.
pub(crate) fn loud(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", name(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs a program and returns what it wrote to its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::piped()).output().with_context(|| format!("cannot start {}", name(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}\n{}", line(command), output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether a program runs and likes what it is asked; its output is of no interest.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs a program into a log, with a sign of life while it lasts.
pub(crate) fn quiet(label: &str, command: &mut Command) -> Result<()> {
    let log = log_path(label)?;
    let file = File::create(&log)?;
    command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    let child = command.spawn().with_context(|| format!("cannot start {}", name(command)))?;
    let status = watch(child, &log)?;
    if !status.success() {
        bail!(
            "{} ended with {status}; the end of {}:\n{}",
            line(command),
            paths::shown(&log),
            tail(&log, 40)
        );
    }
    Ok(())
}

/// Where the output of a quiet program goes.
pub(crate) fn log_path(label: &str) -> Result<PathBuf> {
    let folder = paths::scratch().join("log");
    fs::create_dir_all(&folder)?;
    Ok(folder.join(format!("{label}.log")))
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path, lines: usize) -> String {
    let bytes = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

fn watch(mut child: Child, log: &Path) -> Result<ExitStatus> {
    let started = Instant::now();
    let mut next = SIGN_OF_LIFE_EVERY;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if started.elapsed().as_secs() >= next {
            next += SIGN_OF_LIFE_EVERY;
            say_still_there(started, log);
        }
        std::thread::sleep(LOOK_EVERY);
    }
}

fn say_still_there(started: Instant, log: &Path) {
    let last: String = tail(log, 1).chars().take(90).collect();
    let mut out = std::io::stdout();
    let _ = writeln!(out, "      {} ... {last}", step::seconds(started));
    if out.is_terminal() {
        let _ = out.flush();
    }
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn line(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(name(command)).chain(words).collect::<Vec<_>>().join(" ")
}
