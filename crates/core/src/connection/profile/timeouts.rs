//! How long a session waits for what.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Limits of a session, in milliseconds; 0 means no limit, as the server understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Timeouts {
    pub connect_ms: u32,
    pub statement_ms: u32,
    pub lock_ms: u32,
    pub idle_in_transaction_ms: u32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 10_000, statement_ms: 30_000, lock_ms: 2_000, idle_in_transaction_ms: 60_000 }
    }
}

impl Timeouts {
    /// How long connecting may take; without end where it is 0.
    pub fn connect_limit(&self) -> Option<std::time::Duration> {
        (self.connect_ms > 0).then(|| std::time::Duration::from_millis(self.connect_ms.into()))
    }
}
