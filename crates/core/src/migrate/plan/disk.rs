//! Disk that a plan needs, and what is free where that can be known.

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::PlannedMigration;

/// Disk needed beside disk free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PlannedDisk {
    /// The most that is needed at once, by the estimates; statements without one are left out.
    #[ts(type = "number")]
    pub needed_bytes: i64,
    /// How many statements have no estimate of it.
    pub unknown: u32,
    /// Only for a server on this machine whose folder we may look at; never guessed.
    #[ts(type = "number | null")]
    pub free_bytes: Option<i64>,
    /// Why the free space is not known.
    pub free_unknown: Option<String>,
}

impl PlannedDisk {
    /// What these steps need. Whatever they write stays, so it adds up; the old copy of a rewritten table goes when its
    /// transaction ends, which nobody can count on between two statements.
    pub(super) fn of(steps: &[PlannedMigration], free: Result<i64, String>) -> Self {
        let needs = || steps.iter().flat_map(|step| &step.statements).map(|statement| statement.disk_bytes);
        let unknown = needs().filter(Option::is_none).count();
        Self {
            needed_bytes: needs().flatten().sum(),
            unknown: u32::try_from(unknown).unwrap_or(u32::MAX),
            free_bytes: free.as_ref().ok().copied(),
            free_unknown: free.err(),
        }
    }
}

/// What is free where the server keeps its data, if that is on this machine: its folder must hold the process file of
/// the very server that we speak to. A tunnel ends at an address of ours too.
pub(super) fn free(data_directory: Option<&str>, started: i64) -> Result<i64, String> {
    let folder = data_directory.ok_or("this role may not see where the server keeps its data")?;
    let folder = Path::new(folder);
    if !is_of(folder, started) {
        return Err("the server's disk is not one that this machine can look at".to_owned());
    }
    available(folder)
}

/// The third line of `postmaster.pid` is when the server started, in seconds.
fn is_of(folder: &Path, started: i64) -> bool {
    let Ok(text) = std::fs::read_to_string(folder.join("postmaster.pid")) else { return false };
    let there = text.lines().nth(2).and_then(|line| line.trim().parse::<i64>().ok());
    there.is_some_and(|there| (there - started).abs() <= 2)
}

#[cfg(unix)]
fn available(folder: &Path) -> Result<i64, String> {
    let found = rustix::fs::statvfs(folder).map_err(|error| format!("the disk cannot be asked: {error}"))?;
    Ok(i64::try_from(found.f_bavail.saturating_mul(found.f_frsize)).unwrap_or(i64::MAX))
}

#[cfg(not(unix))]
fn available(_: &Path) -> Result<i64, String> {
    Err("the disk is not asked on this system".to_owned())
}
