//! The files of the history: `2026-11.jsonl`, appended to by every process, within a bound.
//!
//! The bound: when all files together are too large, whole months go, the oldest first; where the newest month alone
//! is too large, its older half goes.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike as _, Utc};

use super::bytes::{holds, lines_backwards};
use super::{FinishedRun, QueryHistoryEntry};
use crate::private_file::{ends_torn, private_file};
use crate::{Error, Result};

/// How much is kept.
#[derive(Debug, Clone, Copy)]
pub struct HistoryBounds {
    /// All files together, in bytes.
    pub bytes: u64,
}

impl Default for HistoryBounds {
    /// 64 MiB: some two hundred thousand runs.
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024 }
    }
}

/// What to list.
#[derive(Debug, Clone, Default)]
pub struct HistoryQuery {
    /// The id of one connection; absent, all.
    pub connection: Option<String>,
    /// Words that all have to be in the statement, the names or the error, in any case.
    pub search: Option<String>,
    /// Only what is older than the entry of this id.
    pub before: Option<String>,
    /// At most so many.
    pub count: usize,
}

/// The history in a folder.
#[derive(Debug)]
pub struct HistoryStore {
    folder: PathBuf,
    bounds: HistoryBounds,
}

impl HistoryStore {
    /// The history in a folder, which is made when first written.
    pub fn new(folder: impl Into<PathBuf>, bounds: HistoryBounds) -> Self {
        Self { folder: folder.into(), bounds }
    }

    /// Adds a run, its secrets blanked. Not synced: a power loss may take the last runs, and the text of tabs is kept
    /// elsewhere.
    ///
    /// # Errors
    /// `Storage` where the disk refuses.
    pub fn add(&self, run: &FinishedRun<'_>) -> Result<QueryHistoryEntry> {
        let entry = run.entry();
        let _lock = self.lock()?;
        let path = self.folder.join(name_of(run.at));
        append(&path, &entry).map_err(|error| storage(error, &path))?;
        self.stay_within_bounds()?;
        Ok(entry)
    }

    /// Lists runs, the newest first. A line that nobody can read is passed over.
    pub fn list(&self, query: &HistoryQuery) -> Result<Vec<QueryHistoryEntry>> {
        let words = words(query.search.as_deref());
        let mut found = Vec::new();
        for path in self.months()?.iter().rev() {
            let bytes = fs::read(path).map_err(|error| storage(error, path))?;
            let lines = lines_backwards(&bytes).filter(|line| may_match(line, &words));
            let entries = lines.filter_map(|line| serde_json::from_slice(line).ok());
            let room = query.count - found.len();
            found.extend(entries.filter(|entry| matches(entry, query, &words)).take(room));
            if found.len() >= query.count {
                break;
            }
        }
        Ok(found)
    }

    /// Removes one run. False where there is none of that id.
    pub fn remove(&self, id: &str) -> Result<bool> {
        Ok(self.remove_where(|entry| entry.id == id)? > 0)
    }

    /// Removes all runs of a connection; says how many there were.
    pub fn remove_connection(&self, connection: &str) -> Result<u64> {
        self.remove_where(|entry| entry.connection == connection)
    }

    fn remove_where(&self, goes: impl Fn(&QueryHistoryEntry) -> bool) -> Result<u64> {
        if !self.folder.exists() {
            return Ok(0);
        }
        let _lock = self.lock()?;
        let mut removed = 0;
        for path in self.months()? {
            removed += remove_lines(&path, &goes).map_err(|error| storage(error, &path))?;
        }
        Ok(removed)
    }

    fn stay_within_bounds(&self) -> Result<()> {
        let mut months = self.months()?;
        let size = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
        while months.len() > 1 && months.iter().map(size).sum::<u64>() > self.bounds.bytes {
            let oldest = months.remove(0);
            fs::remove_file(&oldest).map_err(|error| storage(error, &oldest))?;
        }
        match months.first() {
            Some(only) if size(only) > self.bounds.bytes => halve(only).map_err(|error| storage(error, only)),
            _ => Ok(()),
        }
    }

    /// The files, the oldest first.
    fn months(&self) -> Result<Vec<PathBuf>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.map_err(|error| storage(error, &self.folder))?,
        };
        let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        Ok(paths)
    }

    fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.folder).map_err(|error| storage(error, &self.folder))?;
        let path = self.folder.join("lock");
        let lock = private_file().create(true).truncate(false).write(true).open(&path);
        lock.and_then(|file| file.lock().map(|()| file)).map_err(|error| storage(error, &path))
    }
}

fn name_of(at: DateTime<Utc>) -> String {
    format!("{:04}-{:02}.jsonl", at.year(), at.month())
}

fn append(path: &Path, entry: &QueryHistoryEntry) -> std::io::Result<()> {
    let mut file = private_file().create(true).append(true).open(path)?;
    // What a full disk cut off must not swallow the line after it.
    let torn = if ends_torn(path)? { "\n" } else { "" };
    file.write_all(format!("{torn}{}\n", serde_json::to_string(entry)?).as_bytes())
}

fn remove_lines(path: &Path, goes: &impl Fn(&QueryHistoryEntry) -> bool) -> std::io::Result<u64> {
    let bytes = fs::read(path)?;
    let (mut kept, mut removed) = (Vec::with_capacity(bytes.len()), 0);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if serde_json::from_slice(line).is_ok_and(|entry| goes(&entry)) {
            removed += 1;
        } else {
            kept.extend_from_slice(line);
        }
    }
    if removed > 0 {
        crate::connection::write_private(path, &kept)?;
    }
    Ok(removed)
}

fn halve(path: &Path) -> std::io::Result<()> {
    let bytes = fs::read(path)?;
    let middle = bytes.len() / 2;
    let next =
        bytes[middle..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| middle + at + 1);
    crate::connection::write_private(path, &bytes[next..])
}

/// The words of a search, as they are in a line of JSON.
fn words(search: Option<&str>) -> Vec<(String, Vec<u8>)> {
    let words = search.unwrap_or_default().split_whitespace();
    words.map(|word| (word.to_lowercase(), in_json(word))).collect()
}

fn in_json(word: &str) -> Vec<u8> {
    let quoted = serde_json::to_string(word).unwrap_or_default();
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().as_bytes().to_vec()
}

/// A first look at the bytes, that lets through too much rather than too little.
fn may_match(line: &[u8], words: &[(String, Vec<u8>)]) -> bool {
    words.iter().all(|(word, json)| !word.is_ascii() || holds(line, json))
}

fn matches(entry: &QueryHistoryEntry, query: &HistoryQuery, words: &[(String, Vec<u8>)]) -> bool {
    query.connection.as_ref().is_none_or(|connection| entry.connection == *connection)
        && query.before.as_ref().is_none_or(|before| entry.id < *before)
        && words.iter().all(|(word, _)| says(entry, word))
}

fn says(entry: &QueryHistoryEntry, word: &str) -> bool {
    let error = entry.error.as_ref();
    let texts = [
        Some(entry.sql.as_str()),
        Some(entry.connection_name.as_str()),
        Some(entry.database.as_str()),
        error.map(|error| error.message.as_str()),
        error.and_then(|error| error.sqlstate.as_deref()),
    ];
    texts.into_iter().flatten().any(|text| contains(text, word))
}

fn contains(text: &str, word: &str) -> bool {
    if word.is_ascii() { holds(text.as_bytes(), word.as_bytes()) } else { text.to_lowercase().contains(word) }
}

fn storage(error: std::io::Error, path: &Path) -> Error {
    Error::from(error).while_doing(&format!("the history of queries cannot be kept in {}", path.display()))
}
