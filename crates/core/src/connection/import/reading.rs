//! What one source says: connections with their passwords, and what in it is wrong.

use std::fmt;
use std::fs;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::{ConnectionProfile, Secret};
use crate::{Error, ErrorKind, Result};

/// No file of connections is longer; what is, is something else.
const LONGEST: u64 = 1024 * 1024;

/// Something wrong in a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// Counted from 1; absent where it is about the whole source.
    pub line: Option<u32>,
    pub message: String,
}

/// A connection as a source has it.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub profile: ConnectionProfile,
    pub password: Option<Secret>,
    /// Where it begins in its file.
    pub line: Option<u32>,
    /// Why it cannot be imported.
    pub problem: Option<String>,
    /// What to know of it.
    pub notes: Vec<String>,
}

impl Candidate {
    pub(super) fn new(profile: ConnectionProfile) -> Self {
        Self { profile, password: None, line: None, problem: None, notes: Vec::new() }
    }

    /// The first problem is the one to mend first.
    pub(super) fn fails(&mut self, problem: impl Into<String>) {
        self.problem.get_or_insert_with(|| problem.into());
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }
}

/// All that a source says.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// In the source's order.
    pub candidates: Vec<Candidate>,
    pub problems: Vec<ImportProblem>,
    /// About the source as a whole.
    pub notes: Vec<String>,
}

impl Reading {
    pub(super) fn problem(&mut self, line: impl Into<Option<u32>>, message: impl fmt::Display) {
        self.problems.push(ImportProblem { line: line.into(), message: message.to_string() });
    }
}

/// Reads a file of text.
///
/// # Errors
/// `NotFound`, `Storage` or `InvalidArguments`, each with the file's name.
pub(super) fn text_of(path: &Path) -> Result<String> {
    let mut bytes = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    read.map_err(|error| cannot_read(path, error))?;
    if bytes.len() as u64 > LONGEST {
        return Err(not_understood(path, "it is longer than a megabyte"));
    }
    let text = String::from_utf8(bytes).map_err(|_| not_understood(path, "it is not UTF-8 text"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn cannot_read(path: &Path, error: std::io::Error) -> Error {
    match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(ErrorKind::NotFound, format!("there is no file {}", path.display()))
                .hint("Check the path.")
        }
        _ => Error::from(error).while_doing(&format!("cannot read {}", path.display())),
    }
}

fn not_understood(path: &Path, why: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{} cannot be read: {why}", path.display()))
        .hint("Choose another file.")
}

/// Counts from 1, as editors do.
pub(super) fn numbered(text: &str) -> impl Iterator<Item = (u32, &str)> {
    (1..).zip(text.lines())
}
