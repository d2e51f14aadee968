//! A job's file: one JSON line for each change that matters, locked by its owner while it runs.
//!
//! The lock is the lease: the kernel lets go of it when the owner dies, and whoever reads the folder then sees that
//! the job is orphaned.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};

use super::{JobRecord, JobState};
use crate::{Error, Result};

/// The open file of a running job.
pub(super) struct Journal {
    file: File,
}

impl Journal {
    pub(super) fn create(folder: &Path, record: &JobRecord) -> Result<Self> {
        fs::create_dir_all(folder)?;
        let path = path_of(folder, &record.id);
        let file = File::options().create_new(true).append(true).open(&path).map_err(|error| {
            Error::from(error).while_doing(&format!("cannot write the journal {}", path.display()))
        })?;
        file.try_lock().map_err(|error| Error::internal(format!("a new journal is locked: {error}")))?;
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

/// Reads the last state of every journal in a folder; those without a living owner come back as orphaned.
pub(super) fn read_all(folder: &Path) -> Vec<JobRecord> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut records: Vec<JobRecord> = entries.filter_map(|entry| read(&entry.ok()?.path())).collect();
    records.sort_by(|a, b| b.id.cmp(&a.id));
    records
}

fn read(path: &Path) -> Option<JobRecord> {
    if path.extension()? != "jsonl" {
        return None;
    }
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
