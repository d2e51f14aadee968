//! Ending a server: asked first, then made to. Only processes that proved to be this server's are signalled.

use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep};
use ts_rs::TS;

use super::layout::Layout;
use super::locks;
use super::postmaster::{self, Postmaster, Signal};
use crate::job::{JobContext, Progress};
use crate::{Error, ErrorKind, Result};

/// How firmly to stop.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StopMode {
    /// Only when neither an app nor a command uses it; else the watcher stops it after the last of them.
    #[default]
    WhenUnused,
    /// Now: sessions end, what they had not committed is rolled back.
    Fast,
    /// At once, without a checkpoint; the next start recovers from the log.
    Immediate,
}

/// What stopping came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StopOutcome {
    /// It ran and is stopped.
    Stopped,
    /// It did not run.
    NotRunning,
    /// Somebody uses it: it stops after the last user.
    StillUsed,
}

impl std::fmt::Display for StopOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stopped => "The local server is stopped.",
            Self::NotRunning => "The local server was not running.",
            Self::StillUsed => {
                "The local server is still used by Evaldesk or a command; it stops after the last of them."
            }
        })
    }
}

/// Ends the hold of `local start` and stops the server, as far as the mode allows.
pub(super) async fn stop(layout: &Layout, mode: StopMode, job: &JobContext) -> Result<StopOutcome> {
    if !layout.root.is_dir() {
        return Ok(StopOutcome::NotRunning);
    }
    layout.prepare()?;
    locks::release_hold(layout)?;
    let alone = alone(layout).await?;
    if mode == StopMode::WhenUnused && alone.is_none() && Postmaster::of(&layout.data()).alive().is_some() {
        return Ok(StopOutcome::StillUsed);
    }
    let _change = locks::change(layout, job).await?;
    job.progress(Progress::phase("stopping the local server"));
    end_server(&layout.data(), mode).await
}

/// The users' lock for ourselves; waits while the watcher has it, which is then stopping the server.
pub(super) async fn alone(layout: &Layout) -> Result<Option<std::fs::File>> {
    loop {
        let taken = locks::try_alone_patiently(&layout.users_lock()).await?;
        if taken.is_some() || !locks::is_taken_alone(&layout.users_lock()) {
            return Ok(taken);
        }
        sleep(Duration::from_millis(50)).await;
    }
}

/// Ends the server of a data folder, more firmly each time it does not obey.
pub(super) async fn end_server(data: &Path, mode: StopMode) -> Result<StopOutcome> {
    let Some(server) = Postmaster::of(data).alive() else {
        return Ok(StopOutcome::NotRunning);
    };
    let firmly = [(Signal::Fast, 60), (Signal::Immediate, 10), (Signal::Kill, 10)];
    let skip = usize::from(mode == StopMode::Immediate);
    for (signal, seconds) in firmly.into_iter().skip(skip) {
        postmaster::signal(server.pid, data, signal);
        // A stopped process takes the signal only when it goes on.
        postmaster::signal(server.pid, data, Signal::Continue);
        if gone(server.pid, data, Duration::from_secs(seconds)).await {
            end_strays(data).await?;
            return Ok(StopOutcome::Stopped);
        }
    }
    Err(does_not_end(&[server.pid]))
}

async fn gone(pid: i32, data: &Path, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while postmaster::is_server_of(pid, data) {
        if Instant::now() > until {
            return false;
        }
        sleep(Duration::from_millis(20)).await;
    }
    true
}

/// Sees off processes whose postmaster is dead. They notice by themselves, unless they are deep in a computation;
/// a new server must not start before they are gone.
pub(super) async fn end_strays(data: &Path) -> Result<()> {
    if Postmaster::of(data).alive().is_some() {
        return Ok(());
    }
    for signal in [None, Some(Signal::Immediate), Some(Signal::Kill)] {
        for pid in signal.map(|_| postmaster::strays(data)).unwrap_or_default() {
            signal.map(|signal| postmaster::signal(pid, data, signal));
        }
        if no_strays(data, Duration::from_secs(5)).await {
            return Ok(());
        }
    }
    Err(does_not_end(&postmaster::strays(data)))
}

async fn no_strays(data: &Path, patience: Duration) -> bool {
    let until = Instant::now() + patience;
    while !postmaster::strays(data).is_empty() {
        if Instant::now() > until {
            return false;
        }
        sleep(Duration::from_millis(20)).await;
    }
    true
}

fn does_not_end(pids: &[i32]) -> Error {
    Error::new(ErrorKind::Precondition, format!("processes of the local server do not end: {pids:?}")).hint(
        "They hang in the kernel, often on a disk that does not answer; look there, or restart the machine.",
    )
}
