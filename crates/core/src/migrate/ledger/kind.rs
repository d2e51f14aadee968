//! Who keeps `schema_migrations`, and where versions of ours are written down because of that.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who keeps the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LedgerKind {
    /// `ar_internal_metadata` stands beside it: Rails works on this database too.
    Rails,
    /// Its version is `character varying(128)`: dbmate made it.
    Dbmate,
    /// The table alone, in Rails' shape: ours.
    Evaldesk,
    /// No such table yet.
    Missing,
    /// A table of that name and of another shape.
    Foreign,
}

/// Where a version of ours is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LedgerPlace {
    /// `schema_migrations`, which is ours or the owner's whose files these are.
    Shared,
    /// `evaldesk.migration_ledger`: a row that the owner of `schema_migrations` has no file for would stop its tools.
    Own,
}

impl LedgerKind {
    /// Whether its rows can be read as versions.
    pub(in crate::migrate) fn is_readable(self) -> bool {
        matches!(self, Self::Rails | Self::Dbmate | Self::Evaldesk)
    }

    /// The tool, in words.
    pub(in crate::migrate) fn owner(self) -> &'static str {
        match self {
            Self::Rails => "Rails",
            Self::Dbmate => "dbmate",
            Self::Evaldesk => "Evaldesk",
            Self::Missing => "nobody",
            Self::Foreign => "another tool",
        }
    }
}
