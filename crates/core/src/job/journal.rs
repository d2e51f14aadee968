//! A job's file: one JSON line for each change that matters, locked by its owner while it runs.
//!
//! The lock is the lease: the kernel lets go of it when the owner dies, and whoever reads the folder then sees that
//! the job is orphaned.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::{JobRecord, JobState};
use crate::private_file::private_file;
use crate::{Error, Result};

/// The open file of a running job.
pub(super) struct Journal {
    file: File,
}

impl Journal {
    pub(super) fn create(folder: &Path, record: &JobRecord) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = path_of(folder, &record.id);
        let file = private_file().create_new(true).append(true).open(&path).map_err(|error| {
            Error::from(error).while_doing(&format!("cannot write the journal {}", path.display()))
        })?;
        // Waits for no longer than a reader needs that found the new file before us.
        file.lock()?;
        let mut journal = Self { file };
        journal.write(record)?;
        Ok(journal)
    }

    pub(super) fn write(&mut self, record: &JobRecord) -> Result<()> {
        let mut line = serde_json::to_string(record)?;
        line.push('\n');
        self.file.write_all(line.as_bytes())?;
        self.file.sync_data().map_err(Error::from)
    }
}

/// How many journals are looked at: the folder grows for years, and lists show the newest.
const NEWEST: usize = 500;

/// Reads the last state of the newest journals in a folder; those without a living owner come back as orphaned.
pub(super) fn read_all(folder: &Path) -> Vec<JobRecord> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    // Ids begin with their time.
    paths.sort_by(|a, b| b.cmp(a));
    paths.iter().take(NEWEST).filter_map(|path| read(path)).collect()
}

/// Reads one job's journal.
pub(super) fn read_one(folder: &Path, id: &str) -> Option<JobRecord> {
    // An id is a name in the folder, never a way out of it.
    uuid::Uuid::parse_str(id).ok()?;
    read(&path_of(folder, id))
}

/// Where another process leaves word that a job shall end.
pub(super) fn cancel_request(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.cancel"))
}

fn read(path: &Path) -> Option<JobRecord> {
    let file = File::open(path).ok()?;
    let owned = file.try_lock_shared().is_err();
    let lines = BufReader::new(file).lines().map_while(std::result::Result::ok);
    let mut record: JobRecord = lines.filter_map(|line| serde_json::from_str(&line).ok()).last()?;
    if !record.state.is_final() && !owned {
        record.state = JobState::Orphaned;
    }
    Some(record)
}

fn path_of(folder: &Path, id: &str) -> PathBuf {
    folder.join(format!("{id}.jsonl"))
}
