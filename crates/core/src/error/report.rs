//! The wire form of an error.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Error, ErrorKind, ErrorPlace, ObjectRef};

/// What a host shows: what failed, why, what next, and the server's own words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ErrorReport {
    /// What hosts branch on.
    pub code: ErrorKind,
    /// What failed and why, with the object's name.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    pub detail: Option<String>,
    /// The server's five characters.
    pub sqlstate: Option<String>,
    /// 1-based character in the statement sent; in a state of a query the UTF-16 unit in the whole text, from 0.
    pub position: Option<u32>,
    pub object: Option<ObjectRef>,
    /// Which statement of a script it was, where it matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub place: Option<Box<ErrorPlace>>,
    /// Whether the same call may well succeed again.
    pub retryable: bool,
    pub causes: Vec<String>,
}

impl ErrorReport {
    /// A report of our own making.
    pub fn new(code: ErrorKind, message: impl Into<String>) -> Self {
        Error::new(code, message).into()
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Error> for ErrorReport {
    fn from(error: Error) -> Self {
        let server = error.server();
        Self {
            code: error.kind(),
            message: error.message().to_owned(),
            hint: error.hint_text().map(str::to_owned),
            detail: error.detail_text().map(str::to_owned),
            sqlstate: server.map(|server| server.sqlstate.clone()),
            position: server.and_then(|server| server.position),
            object: server.and_then(|server| server.object.clone()),
            place: None,
            retryable: is_retryable(&error),
            causes: error.causes(),
        }
    }
}

fn is_retryable(error: &Error) -> bool {
    match error.server() {
        Some(server) => server.retryable(),
        None => {
            matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::Timeout | ErrorKind::LockTimeout)
        }
    }
}

impl std::fmt::Display for ErrorReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ErrorReport {}
