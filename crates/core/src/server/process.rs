//! Running PostgreSQL's own programs: no shell, arguments as a list, a clean environment.
//!
//! The environment is emptied on purpose: a `DATABASE_URL` or `PGPASSWORD` of the host would otherwise stand in
//! `/proc/<pid>/environ` of a server that outlives it, and PG* variables would change what the programs do.
//! Passwords travel by standard input or by a 0600 file, never as an argument.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use super::local::RunAs;
use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};

/// One run of an outside program.
#[derive(Debug)]
pub struct Program {
    path: PathBuf,
    command: Command,
    stdin: Option<Input>,
    limit: Duration,
}

/// Bytes for standard input, which may hold a password and so never print.
struct Input(Vec<u8>);

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

impl Program {
    /// A program by its full path; its messages are in English, since we read them.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let mut command = Command::new(&path);
        clean_environment(&mut command);
        command.kill_on_drop(true).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { path, command, stdin: None, limit: Duration::from_secs(3600) }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = S>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Sets an environment variable; never a password.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The folder to run in; another user cannot stand in ours.
    #[must_use]
    pub fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs as another user. std drops the supplementary groups together with root's uid.
    #[must_use]
    pub fn run_as(mut self, user: Option<&RunAs>) -> Self {
        #[cfg(unix)]
        if let Some(user) = user {
            self.command.uid(user.uid).gid(user.gid);
        }
        #[cfg(not(unix))]
        let _ = user;
        self
    }

    /// Bytes for standard input.
    #[must_use]
    pub fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.command.stdin(Stdio::piped());
        self.stdin = Some(Input(bytes.into()));
        self
    }

    /// How long it may take; an hour unless told.
    #[must_use]
    pub fn limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs to the end and gives standard output.
    ///
    /// # Errors
    /// `ToolFailed` with the end of what it wrote; `Storage` when the disk was full; `Cancelled`.
    pub async fn run(self, doing: &str, job: &JobContext) -> Result<String> {
        let path = self.path.clone();
        let limit = self.limit;
        let output = tokio::select! {
            output = tokio::time::timeout(limit, self.finish(doing)) => output.map_err(|_| too_long(doing, &path, limit))??,
            () = job.cancelled() => return Err(Error::new(ErrorKind::Cancelled, format!("{doing}: cancelled"))),
        };
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        Err(failed(doing, &path, &output))
    }

    async fn finish(mut self, doing: &str) -> Result<Output> {
        let spawn = |error| cannot_run(doing, &self.path, error);
        let mut child = self.command.spawn().map_err(spawn)?;
        if let (Some(bytes), Some(mut stdin)) = (self.stdin, child.stdin.take()) {
            // A program that ends early closes its end; its own message then says more than the broken pipe.
            let _ = stdin.write_all(&bytes.0).await;
        }
        child.wait_with_output().await.map_err(|error| cannot_run(doing, &self.path, error))
    }
}

/// Starts a program that outlives us: a process group of its own, its output into a log file.
///
/// # Errors
/// `ToolFailed` when it cannot be started.
pub(super) fn spawn_detached(command: &[OsString], log: std::fs::File) -> Result<tokio::process::Child> {
    let Some((program, arguments)) = command.split_first() else {
        return Err(Error::internal("no command line to start"));
    };
    let mut detached = Command::new(program);
    detached.args(arguments).stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log);
    #[cfg(unix)]
    detached.process_group(0);
    detached.spawn().map_err(|error| cannot_run("cannot start the watcher", Path::new(program), error))
}

/// What a program that ends at once says in one line; for questions asked before any runtime is there.
pub(super) fn one_line(path: &Path, argument: &str) -> Option<String> {
    let output = std::process::Command::new(path).arg(argument).stdin(Stdio::null()).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !line.is_empty()).then_some(line)
}

#[cfg(unix)]
fn clean_environment(command: &mut Command) {
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin").env("LC_ALL", "C");
}

#[cfg(not(unix))]
fn clean_environment(command: &mut Command) {
    for name in
        ["DATABASE_URL", "PGPASSWORD", "PGHOST", "PGPORT", "PGDATA", "PGOPTIONS", "PGSERVICE", "PGUSER"]
    {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C");
}

fn cannot_run(doing: &str, path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::ToolFailed, format!("{doing}: {} cannot be run: {error}", path.display()))
        .hint("Check that the file is there, is executable and was built for this machine.")
        .caused_by(error)
}

fn too_long(doing: &str, path: &Path, limit: Duration) -> Error {
    let seconds = limit.as_secs();
    Error::new(ErrorKind::Timeout, format!("{doing}: {} did not end within {seconds} s", path.display()))
}

fn failed(doing: &str, path: &Path, output: &Output) -> Error {
    let said = tail(&[output.stdout.as_slice(), output.stderr.as_slice()].concat());
    if is_disk_full(&said) {
        return disk_full(doing).detail(said);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let why = last_line(&said).unwrap_or_else(|| output.status.to_string());
    Error::new(ErrorKind::ToolFailed, format!("{doing}: {name}: {why}")).detail(said)
}

/// The disk is full: its own message, since the programs bury it among others.
pub(super) fn disk_full(doing: &str) -> Error {
    Error::new(ErrorKind::Storage, format!("{doing}: the disk is full"))
        .hint("Free some disk space and try again; nothing was lost.")
}

/// Whether a program's words say that the disk is full. A write cut short has no errno, only PostgreSQL's hint.
pub(super) fn is_disk_full(said: &str) -> bool {
    ["No space left on device", "Disk quota exceeded", "Check free disk space"]
        .iter()
        .any(|words| said.contains(words))
}

/// The last line that says what went wrong, in preference to hints after it.
fn last_line(said: &str) -> Option<String> {
    let telling =
        |line: &&str| ["error:", "FATAL:", "fatal:", "ERROR:"].iter().any(|word| line.contains(word));
    let line = said.lines().rfind(telling).or_else(|| said.lines().rfind(|line| !line.trim().is_empty()))?;
    Some(line.trim().to_owned())
}

/// The last 4 kB, on whole lines.
fn tail(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_end();
    let start = text.len().saturating_sub(4096);
    match text.char_indices().find(|(at, c)| *at >= start && (start == 0 || *c == '\n')) {
        Some((at, _)) => text[at..].trim_start_matches('\n').to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_failure_carries_what_the_program_said() {
        let job = JobContext::detached();
        let error = Program::new("/bin/sh")
            .args(["-c", "echo 'x: error: no luck' >&2; echo hint >&2; exit 3"])
            .run("trying", &job);
        let error = error.await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ToolFailed);
        assert_eq!(error.message(), "trying: sh: x: error: no luck");
        assert!(error.detail_text().unwrap().contains("hint"));
    }

    #[tokio::test]
    async fn a_full_disk_has_its_own_message() {
        let job = JobContext::detached();
        let said = "initdb: error: could not write: No space left on device";
        let run = Program::new("/bin/sh").args(["-c", "echo \"$0\" >&2; exit 1", said]).run("making", &job);
        assert_eq!(run.await.unwrap_err().kind(), ErrorKind::Storage);
    }

    #[tokio::test]
    async fn nothing_of_our_environment_reaches_a_program() {
        let said = Program::new("/usr/bin/env").run("env", &JobContext::detached()).await.unwrap();
        assert!(!said.contains("HOME="), "{said}");
    }

    #[tokio::test]
    async fn standard_input_is_written() {
        let said =
            Program::new("/bin/cat").input("a secret").run("cat", &JobContext::detached()).await.unwrap();
        assert_eq!(said, "a secret");
    }
}
