//! The tools whose files are understood, and where they differ.

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whose files they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationFormat {
    /// `<version>_<name>.up.sql`, `.down.sql`, `.verify.sql`.
    Evaldesk,
    /// The same without `.verify.sql`, and plain `<version>_<name>.sql`.
    Sqlx,
    /// One `<version>_<name>.sql` with `-- migrate:up` and `-- migrate:down`.
    Dbmate,
    /// `<version>_<name>.rb`.
    Rails,
}

impl MigrationFormat {
    /// How a file says that it runs without a transaction, for a hint.
    pub(super) fn without_transaction(self) -> &'static str {
        match self {
            Self::Evaldesk => "Write -- evaldesk: no-transaction at the head of the file.",
            Self::Sqlx => {
                "Write -- no-transaction as the very first characters of the file, as sqlx wants it."
            }
            Self::Dbmate => {
                "Write transaction:false behind -- migrate:up or -- migrate:down, as dbmate wants it."
            }
            Self::Rails => "Write disable_ddl_transaction! in the class.",
        }
    }

    /// How its files are called, for a hint.
    pub(in crate::migrate) fn naming(self) -> &'static str {
        match self {
            Self::Evaldesk => {
                "The name is <version>_<name>.up.sql, .down.sql or .verify.sql: digits, then a-z, 0-9 and _."
            }
            Self::Sqlx => {
                "sqlx wants <version>_<name>.sql, or .up.sql and .down.sql; the version is a bigint."
            }
            Self::Dbmate => "dbmate wants <version>_<name>.sql: digits first.",
            Self::Rails => "Rails wants <version>_<name>.rb: digits, then a-z, 0-9 and _.",
        }
    }
}

impl fmt::Display for MigrationFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evaldesk => "Evaldesk",
            Self::Sqlx => "sqlx",
            Self::Dbmate => "dbmate",
            Self::Rails => "Rails",
        })
    }
}
