//! The kinds of things that a plan drops, and which of them nobody can make again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sql::statement::ObjectKind;

/// What kind of thing dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DoomedKind {
    Table,
    /// The rows of a table that stays.
    Rows,
    Column,
    Index,
    Constraint,
    View,
    MaterializedView,
    Sequence,
    Trigger,
    Function,
    Type,
    Schema,
    Extension,
    Other,
    /// What nobody can tell before it runs: Ruby, a `do` block.
    Unknown,
}

impl DoomedKind {
    /// Whether what dies cannot be made again by running statements: an index can.
    pub fn is_data(self) -> bool {
        matches!(
            self,
            Self::Table
                | Self::Rows
                | Self::Column
                | Self::Sequence
                | Self::Schema
                | Self::Extension
                | Self::Other
                | Self::Unknown
        )
    }

    /// What people call it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Rows => "rows of",
            Self::Column => "column",
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Sequence => "sequence",
            Self::Trigger => "trigger",
            Self::Function => "function",
            Self::Type => "type",
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Other => "object",
            Self::Unknown => "whatever is taken back by",
        }
    }
}

impl From<ObjectKind> for DoomedKind {
    fn from(kind: ObjectKind) -> Self {
        match kind {
            ObjectKind::Table => Self::Table,
            ObjectKind::Column => Self::Column,
            ObjectKind::Index => Self::Index,
            ObjectKind::Constraint => Self::Constraint,
            ObjectKind::View => Self::View,
            ObjectKind::MaterializedView => Self::MaterializedView,
            ObjectKind::Sequence => Self::Sequence,
            ObjectKind::Trigger => Self::Trigger,
            ObjectKind::Function | ObjectKind::Procedure => Self::Function,
            ObjectKind::Type | ObjectKind::Domain => Self::Type,
            ObjectKind::Schema => Self::Schema,
            ObjectKind::Extension => Self::Extension,
            _ => Self::Other,
        }
    }
}
