//! Whom a lock keeps waiting.

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

impl From<LockMode> for Blocks {
    fn from(mode: LockMode) -> Self {
        match mode {
            mode if mode.blocks_reads() => Self::ReadsAndWrites,
            mode if mode.blocks_writes() => Self::Writes,
            _ => Self::Nobody,
        }
    }
}
