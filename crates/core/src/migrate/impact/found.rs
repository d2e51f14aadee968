//! What was found about a statement, in the words that a user is shown.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::sql::LockMode;

/// Whom a lock keeps waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    Nobody,
    Writes,
    ReadsAndWrites,
    Unknown,
}

/// What a statement locks, and whom that stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Impact {
    /// The server's name of the strongest lock; `None` where there is none, or it is not known.
    pub lock: Option<String>,
    /// What it is on, as the statement spells it.
    pub relations: Vec<String>,
    pub blocks: Blocks,
    /// In words.
    pub consequence: String,
}

impl From<LockMode> for Blocks {
    fn from(mode: LockMode) -> Self {
        match mode {
            mode if mode.blocks_reads() => Self::ReadsAndWrites,
            mode if mode.blocks_writes() => Self::Writes,
            _ => Self::Nobody,
        }
    }
}

impl Impact {
    /// Nothing is locked that anybody could want.
    pub(super) fn none(consequence: &str) -> Self {
        let consequence = consequence.to_owned();
        Self { lock: None, relations: Vec::new(), blocks: Blocks::Nobody, consequence }
    }

    /// It cannot be told from the text.
    pub(super) fn unknown() -> Self {
        Self { blocks: Blocks::Unknown, ..Self::none("not known beforehand") }
    }
}
