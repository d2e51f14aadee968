//! What a version is in a database, in one word. Of several that hold, the one that needs a person first is taken:
//! partial, conflict, no file, changed, out of order, baselined, irreversible, up; and of those not applied, opt-in, down.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Direction;
use super::log::EntryId;

/// What a version is in this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MigrationState {
    /// Recorded, and its objects are there, as far as a verify file tells.
    Up,
    /// Not recorded.
    Down,
    /// Recorded, without a file here.
    NoFile,
    /// Recorded, and its verify file does not find its objects.
    Conflict,
    /// Not recorded, and applied only when named.
    OptIn,
    /// Recorded, and its file is not the one that was applied.
    Changed,
    /// Not recorded, and older than a version that is; nobody has said yet that this is right.
    OutOfOrder,
    /// It broke off half-way: some of its statements ran, and stay.
    Partial,
    /// Recorded, and there is no file that takes it back.
    Irreversible,
    /// Recorded without having been run here: its objects were there.
    Baselined,
}

/// How far a version came that broke off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PartialRun {
    /// Which way it went.
    pub direction: Direction,
    pub done: u32,
    pub total: u32,
    /// A statement, counted from 0, that was sent and whose end nobody wrote down.
    pub open: Option<u32>,
    /// Its entry in the log.
    pub entry: EntryId,
}

impl MigrationState {
    /// Whether its objects are there as the ledger says: others may rely on it.
    pub fn is_in_effect(self) -> bool {
        matches!(self, Self::Up | Self::Changed | Self::Baselined | Self::Irreversible)
    }

    /// Whether a person has to decide before a plain `up` goes on.
    pub fn stands_in_the_way(self) -> bool {
        matches!(self, Self::Partial | Self::Conflict | Self::OutOfOrder)
    }
}
