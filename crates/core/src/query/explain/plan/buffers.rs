//! The blocks that a node or a plan touched, as bytes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What was touched, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainBuffers {
    /// Found in PostgreSQL's cache.
    pub hit: u64,
    /// Taken from the operating system, from its cache or from disk.
    pub read: u64,
    pub dirtied: u64,
    pub written: u64,
    /// Of temporary files.
    pub temp_read: u64,
    pub temp_written: u64,
}

impl ExplainBuffers {
    /// All that was looked at, wherever it came from.
    pub fn touched(&self) -> u64 {
        self.hit + self.read
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    /// What is left without those of another, not below 0.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        self.with(other, u64::saturating_sub)
    }

    /// A part of it, 0 to 1.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    pub fn part(self, part: f64) -> Self {
        self.with(Self::default(), |all, _| (all as f64 * part).round() as u64)
    }

    fn with(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        Self {
            hit: join(self.hit, other.hit),
            read: join(self.read, other.read),
            dirtied: join(self.dirtied, other.dirtied),
            written: join(self.written, other.written),
            temp_read: join(self.temp_read, other.temp_read),
            temp_written: join(self.temp_written, other.temp_written),
        }
    }
}
