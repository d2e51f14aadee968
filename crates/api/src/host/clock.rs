//! The wall clock.

use chrono::{DateTime, Utc};
use evaldesk_core::clock::Clock;

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that asks the operating system")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}
