//! What is wrong with a file, kept beside it so that the rest of its folder can still be shown.

use crate::{Error, ErrorKind};

/// Why a file cannot be run, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// Names the file.
    pub message: String,
    pub hint: String,
}

impl FileProblem {
    /// A problem of a file: its name is put before what is said.
    pub(in crate::migrate) fn new(file: &str, what: impl AsRef<str>, hint: impl Into<String>) -> Self {
        Self { message: format!("{file} {}", what.as_ref()), hint: hint.into() }
    }

    /// As an error of the caller's files.
    pub fn to_error(&self) -> Error {
        Error::new(ErrorKind::InvalidArguments, &self.message).hint(&self.hint)
    }
}
