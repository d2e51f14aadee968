//! How long things may take on a connection, as `add` and `edit` take it. What is not named stays.

use clap::Args;
use evaldesk_api::core::connection::ConnectionProfile;

use crate::seconds::milliseconds;

/// The flags of its limits.
#[derive(Args)]
#[command(next_help_heading = "Limits of time; 0 for none")]
pub(super) struct Limits {
    /// How long a statement may run
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    statement_timeout: Option<u32>,
    /// How long a statement may wait for a lock
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    lock_timeout: Option<u32>,
    /// How long a transaction may be open unused before it is rolled back; ten minutes at most, and where it is 0
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    idle_timeout: Option<u32>,
    /// How long connecting may take
    #[arg(long, value_name = "SECONDS", value_parser = milliseconds)]
    connect_timeout: Option<u32>,
}

impl Limits {
    /// Sets what was named.
    pub(super) fn apply(&self, profile: &mut ConnectionProfile) {
        let limits = &mut profile.timeouts;
        limits.statement_ms = self.statement_timeout.unwrap_or(limits.statement_ms);
        limits.lock_ms = self.lock_timeout.unwrap_or(limits.lock_ms);
        limits.idle_in_transaction_ms = self.idle_timeout.unwrap_or(limits.idle_in_transaction_ms);
        limits.connect_ms = self.connect_timeout.unwrap_or(limits.connect_ms);
    }
}
