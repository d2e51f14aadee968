//! `pg_ctl start`, and what the log says when it fails.

use std::collections::HashMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use super::engine::Engine;
use super::layout::Layout;
use super::{port, settings};
use crate::job::JobContext;
use crate::server::process::{Program, disk_full, is_disk_full};
use crate::{Error, ErrorKind, Result};

/// Starts the server on the first of the wished ports that is free. Between looking and starting somebody else may
/// take the port, so it is tried again with another.
pub(super) async fn launch(
    layout: &Layout,
    engine: &Engine,
    wishes: &[u16],
    job: &JobContext,
) -> Result<u16> {
    let mut wishes = wishes;
    for _ in 0..3 {
        let port = port::choose(wishes)?;
        settings::write(layout, engine, port, &layout.socket_folder()?)?;
        match pg_ctl_start(layout, engine, job).await {
            Err(error) if error.kind() == ErrorKind::Conflict => wishes = &[],
            other => return other.map(|()| port),
        }
    }
    Err(Error::new(
        ErrorKind::Conflict,
        "cannot start the local server: every port that was tried was taken meanwhile",
    )
    .hint("Try again."))
}

/// Gives a server that takes sessions. It detaches: it is no child of ours when this returns.
async fn pg_ctl_start(layout: &Layout, engine: &Engine, job: &JobContext) -> Result<()> {
    let mark = LogMark::now(&layout.logs());
    let started = Program::new(engine.program("pg_ctl"))
        .arg("start")
        .arg("-D")
        .arg(layout.data())
        .arg("-l")
        .arg(layout.logs().join("start.log"))
        .args(["-w", "-t", "600", "-s"])
        .folder(&layout.home)
        .run_as(layout.run_as.as_ref())
        .run("cannot start the local server", job)
        .await;
    started.map(drop).map_err(|error| explain(error, &mark.since(), &layout.logs()))
}

/// pg_ctl says only "could not start server, examine the log": so this examines the log.
fn explain(error: Error, said: &str, logs: &Path) -> Error {
    if error.kind() != ErrorKind::ToolFailed {
        return error;
    }
    if is_disk_full(said) {
        return disk_full("cannot start the local server").detail(said);
    }
    if said.contains("Address already in use") || said.contains("could not create any TCP/IP sockets") {
        return Error::new(ErrorKind::Conflict, "cannot start the local server: its port is taken")
            .detail(said);
    }
    let fatal = said.lines().rfind(|line| line.contains("FATAL:") || line.contains("PANIC:"));
    let why = fatal.and_then(|line| line.split_once(": ")).map_or("it says no reason", |(_, why)| why.trim());
    let detail = if said.is_empty() { error.detail_text().unwrap_or_default() } else { said };
    Error::new(ErrorKind::ToolFailed, format!("cannot start the local server: {why}"))
        .hint(format!("Its log is in {}.", logs.display()))
        .detail(detail)
        .caused_by(error)
}

/// How long each log was before, so that only new words are read.
struct LogMark {
    logs: PathBuf,
    lengths: HashMap<PathBuf, u64>,
}

impl LogMark {
    fn now(logs: &Path) -> Self {
        Self { logs: logs.to_owned(), lengths: files(logs).collect() }
    }

    /// What was written since.
    fn since(&self) -> String {
        let new = files(&self.logs).filter(|(path, length)| self.lengths.get(path) != Some(length));
        new.map(|(path, _)| read_from(&path, self.lengths.get(&path).copied().unwrap_or_default())).collect()
    }
}

fn files(folder: &Path) -> impl Iterator<Item = (PathBuf, u64)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.len())))
}

fn read_from(path: &Path, start: u64) -> String {
    let read = || {
        let mut file = std::fs::File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut bytes = Vec::new();
        file.take(64 * 1024).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    String::from_utf8_lossy(&read().unwrap_or_default()).into_owned()
}

/// Removes the sockets of a server that is gone: their lock files name a pid that may be anyone's by now.
pub(super) fn clear_sockets(layout: &Layout) -> Result<()> {
    for (path, _) in files(&layout.socket_folder()?) {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".s.PGSQL.")) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Error {
        Error::new(ErrorKind::ToolFailed, "pg_ctl: could not start server")
    }

    #[test]
    fn the_log_says_why() {
        let check = |said: &str, kind: ErrorKind, message: &str| {
            let error = explain(failed(), said, Path::new("/logs"));
            assert_eq!((error.kind(), error.message()), (kind, message));
        };
        check(
            "2026-01-01 UTC [7] LOG:  could not bind IPv4 address \"127.0.0.1\": Address already in use\n",
            ErrorKind::Conflict,
            "cannot start the local server: its port is taken",
        );
        check(
            "2026-01-01 UTC [7] FATAL:  could not write lock file: No space left on device\n",
            ErrorKind::Storage,
            "cannot start the local server: the disk is full",
        );
    }

    #[test]
    fn only_new_words_count() {
        let top = tempfile::tempdir().unwrap();
        let log = top.path().join("server-Mon.log");
        std::fs::write(&log, "old\n").unwrap();
        let mark = LogMark::now(top.path());
        std::fs::write(&log, "old\nnew\n").unwrap();
        assert_eq!(mark.since(), "new\n");
    }
}
