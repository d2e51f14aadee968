//! What can go wrong, said so that a person can act on it.
//!
//! One struct and a closed set of kinds instead of one enum a module: every caller above wants the same
//! things (what, why, what next, the server's own words), and the kind is what hosts branch on.

mod place;
mod report;
mod server;

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use place::ErrorPlace;
pub use report::ErrorReport;
pub use server::{ObjectRef, ServerError};

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of failure it was, as far as a host acts differently on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Nothing listens at the address, or the network dropped.
    ConnectionRefused,
    /// The host name has no address.
    UnknownHost,
    /// Connecting took longer than the profile allows.
    Timeout,
    /// The server did not take the user name and password.
    AuthenticationFailed,
    /// TLS was required and not offered, or the certificate did not hold.
    Tls,
    /// An SSH server shows a key that nobody has accepted yet; the detail is its fingerprint, "SHA256:...".
    UnknownHostKey,
    /// The server has no database of that name.
    DatabaseMissing,
    /// PostgreSQL below the oldest version we work with.
    ServerTooOld,
    /// The role may not do this.
    PermissionDenied,
    /// A named thing does not exist.
    NotFound,
    /// The caller's arguments do not make sense.
    InvalidArguments,
    /// The server could not parse or plan the statement.
    Syntax,
    /// Something of that name or state is already there.
    Conflict,
    /// A lock was not to be had in time, or two transactions stood in each other's way.
    LockTimeout,
    /// A person or a program cancelled it.
    Cancelled,
    /// A guard refused: read-only, production, a lock that another holds.
    Refused,
    /// The plan was made for a state that has changed since.
    StalePlan,
    /// The keyring holds no password, is locked or is not there.
    SecretUnavailable,
    /// An engine, tool or extension is missing.
    Missing,
    /// A file could not be read or written, the disk is full.
    Storage,
    /// Not now: the state has to be another first.
    Precondition,
    /// An outside program ended badly.
    ToolFailed,
    /// The server said something that fits no other kind.
    Server,
    /// Our own bug.
    Internal,
}

/// An error with its message, the next step, the server's own fields and its cause.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    detail: Option<String>,
    server: Option<ServerError>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// Makes an error; the message says what failed, with the object's name, and why.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            hint: None,
            detail: None,
            server: None,
            source: None,
        }))
    }

    /// Our own bug, or a state that cannot be.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Adds more words than a message should have.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// Puts what was being done before the message: "cannot read evaluation_runs: ...".
    #[must_use]
    pub fn while_doing(mut self, doing: &str) -> Self {
        self.0.message = format!("{doing}: {}", self.0.message);
        self
    }

    /// Says it in other words; the server's fields and the cause stay.
    #[must_use]
    pub fn reworded(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Changes the kind, where the caller knows better what it means.
    #[must_use]
    pub fn of_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Says where the server's error is in another text than the one that was sent.
    #[must_use]
    pub fn at(mut self, position: Option<u32>) -> Self {
        if let Some(server) = &mut self.0.server {
            server.position = position;
        }
        self
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What failed and why, in one sentence.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do next: ours, else the server's.
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref().or_else(|| self.server()?.hint.as_deref())
    }

    /// More words: ours, else the server's detail.
    pub fn detail_text(&self) -> Option<&str> {
        self.0.detail.as_deref().or_else(|| self.server()?.detail.as_deref())
    }

    /// The server's own fields, when it was the server that refused.
    pub fn server(&self) -> Option<&ServerError> {
        self.0.server.as_ref()
    }

    /// The messages of the causes, outermost first, without repeating the message itself.
    pub fn causes(&self) -> Vec<String> {
        let mut next = std::error::Error::source(self);
        let mut causes = Vec::new();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes.retain(|cause| *cause != self.0.message);
        causes
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source.as_ref() as _)
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        server::from_sqlx(error)
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::StorageFull => Some("Free some disk space and try again; nothing was lost."),
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                Some("Look who owns the folder and may write there.")
            }
            _ => None,
        };
        let made = Self::new(ErrorKind::Storage, error.to_string()).caused_by(error);
        match hint {
            Some(hint) => made.hint(hint),
            None => made,
        }
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::new(ErrorKind::InvalidArguments, format!("not the JSON that was expected: {error}"))
            .caused_by(error)
    }
}
