//! Where a transaction broke off, and what is said of it.

use super::words::{self, Stays};
use crate::Error;
use crate::migrate::PlannedMigration;
use crate::migrate::session::NotCommitted;

/// Where a transaction broke off.
pub(super) enum Broke {
    /// In a statement, counted from 0.
    Statement(usize, Error),
    /// Before its first statement, or after its last.
    Outside(&'static str, Error),
    Commit(Error),
    /// In words of our own, which say it all: the verify file found something, it was cancelled, or it is done and its end
    /// cannot be written into the log.
    Told(Error),
}

impl From<NotCommitted> for Broke {
    fn from(why: NotCommitted) -> Self {
        match why {
            NotCommitted::Write(error) => Self::Outside("cannot record it", error),
            NotCommitted::Commit(error) => Self::Commit(error),
        }
    }
}

impl Broke {
    /// The error that it ends with; `stays` is what of the version is kept without this transaction.
    pub(super) fn into_error(self, step: &PlannedMigration, stays: Stays) -> Error {
        match self {
            Self::Told(error) => error,
            Self::Statement(at, error) => words::broke(error, step, at, stays, None),
            Self::Outside(doing, error) => words::broke_at_the_end(error, step, doing, stays),
            // A deferred constraint speaks at the commit.
            Self::Commit(error) if error.server().is_some() => {
                words::broke_at_the_end(error, step, "cannot commit", stays)
            }
            // A connection that is lost there leaves the answer with the server.
            Self::Commit(error) => words::broke_at_the_end(error, step, "cannot commit", Stays::Unknown),
        }
    }
}
