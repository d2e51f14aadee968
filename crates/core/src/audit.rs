//! The audit log: who did what to which database, when, with which outcome. JSON lines, one file a month, append-only.
//!
//! It holds statements and object names, never a password and never the value of a cell.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;

use chrono::{DateTime, Datelike as _, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::private_file::{ends_torn, private_file};
use crate::{Error, Result};

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// UTC, ISO 8601.
    pub at: String,
    /// What was done, as a command name: "maintenance_apply".
    pub action: String,
    /// The connection's name and database, "Staging: raaf_eval".
    pub target: Option<String>,
    /// Objects or statements, never values.
    pub subject: String,
    /// "ok", or the error's message.
    pub outcome: String,
    /// Who: the operating system's user, and through what ("app", "cli", a program's name).
    pub actor: String,
}

/// The log in a folder.
#[derive(Debug, Clone)]
pub struct AuditLog {
    folder: PathBuf,
}

impl AuditLog {
    /// The log in a folder, made when first written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Appends one line and flushes it to disk.
    pub fn append(&self, at: DateTime<Utc>, entry: &AuditEntry) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.folder.join(name_of(at));
        let mut file = private_file().create(true).append(true).open(&path)?;
        // What a power loss cut off must not swallow the line after it.
        let torn = if ends_torn(&path)? { "\n" } else { "" };
        let line = format!("{torn}{}\n", serde_json::to_string(entry)?);
        file.write_all(line.as_bytes())?;
        file.sync_data().map_err(Error::from)
    }

    /// Reads entries at or after a moment, oldest first. A torn last line (power loss) is left out.
    pub fn since(&self, from: DateTime<Utc>) -> Result<Vec<AuditEntry>> {
        let (month, from) = (name_of(from), from.to_rfc3339());
        let mut files: Vec<PathBuf> = match fs::read_dir(&self.folder) {
            Ok(entries) => entries.filter_map(|entry| Some(entry.ok()?.path())).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        files.retain(|path| path.file_name().is_some_and(|name| *name.to_string_lossy() >= *month));
        files.sort();
        let mut entries = Vec::new();
        for path in files {
            let lines = BufReader::new(File::open(path)?).lines().map_while(Result::ok);
            entries.extend(lines.filter_map(|line| serde_json::from_str::<AuditEntry>(&line).ok()));
        }
        entries.retain(|entry| entry.at >= from);
        Ok(entries)
    }
}

fn name_of(at: DateTime<Utc>) -> String {
    format!("{:04}-{:02}.jsonl", at.year(), at.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_land_in_the_file_of_their_month() {
        let folder = tempfile::tempdir().unwrap();
        let log = AuditLog::new(folder.path());
        for month in ["2026-01-31T23:59:59Z", "2026-02-01T00:00:00Z"] {
            let at: DateTime<Utc> = month.parse().unwrap();
            let entry = AuditEntry {
                at: at.to_rfc3339(),
                action: "x".into(),
                target: None,
                subject: "t".into(),
                outcome: "ok".into(),
                actor: "me (cli)".into(),
            };
            log.append(at, &entry).unwrap();
        }
        assert!(folder.path().join("2026-01.jsonl").exists() && folder.path().join("2026-02.jsonl").exists());
        assert_eq!(log.since("2026-02-01T00:00:00Z".parse().unwrap()).unwrap().len(), 1);
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_swallow_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let log = AuditLog::new(folder.path());
        let at: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
        fs::write(folder.path().join("2026-03.jsonl"), "{\"at\":\"2026-").unwrap();
        let entry = AuditEntry {
            at: at.to_rfc3339(),
            action: "x".into(),
            target: None,
            subject: "t".into(),
            outcome: "ok".into(),
            actor: "me (cli)".into(),
        };
        log.append(at, &entry).unwrap();
        assert_eq!(log.since(at).unwrap(), [entry]);
    }
}
