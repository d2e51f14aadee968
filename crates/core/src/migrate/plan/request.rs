//! What is asked for, and which way a version goes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Version;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum MigrationRequest {
    /// Everything pending.
    Up,
    /// Everything pending up to a version, and that one.
    UpTo { version: Version },
    /// One version alone; the only way to an opt-in one.
    UpOnly { version: Version },
    /// One version, and before it whatever stands on it.
    Down { version: Version },
    /// Either way: everything up to a version is up afterwards, and nothing newer. 0 is before the first one.
    To { version: Version },
    /// The newest applied versions, so many of them.
    Rollback { step: u32 },
    /// The newest applied versions, so many of them, down and up again.
    Redo { step: u32 },
    /// One version and whatever stands on it, down and up again.
    RedoVersion { version: Version },
    /// The statements that are left of a version that broke off.
    Resume { version: Version },
    /// What a version that broke off has left, taken back.
    Undo { version: Version },
}

/// Which way a version goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MigrationDirection")]
pub enum Direction {
    Up,
    Down,
}
