//! Whether a statement may be run to be measured, and as what.

use super::session::May;
use crate::connection::Database;
use crate::sql::statement::{StatementKind, describe_on};
use crate::{Error, ErrorKind, Result};

/// What a statement may do while it is explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Permit {
    pub(super) may: May,
    pub(super) runs: bool,
}

impl Permit {
    /// Planning is allowed for everything. Running a write needs a connection that may write.
    ///
    /// # Errors
    /// `Refused` where it would run a write on a read-only connection.
    pub(super) fn of(database: &Database, sql: &str, analyze: bool) -> Result<Self> {
        let effects = describe_on(sql, database.version().major.unsigned_abs());
        if !analyze || effects.kind == StatementKind::Read {
            return Ok(Self { may: May::Read, runs: analyze });
        }
        if database.profile().read_only {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("ANALYZE would run this write, and {} is read-only", database.profile().name),
            )
            .hint("Explain it without ANALYZE: that shows the plan and changes nothing."));
        }
        Ok(Self { may: May::Write, runs: true })
    }
}
