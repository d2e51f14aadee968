//! Trying again what a lock kept from happening: later each time, and never in step with another who does the same.

use std::time::Duration;

use rand::Rng as _;

use crate::{Error, Result};

/// The first pause; each one after it is twice as long, up to the longest.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(10);

/// How often something was tried, and how often it may be.
#[derive(Debug)]
pub(super) struct Tries {
    made: u32,
    retries: u32,
}

impl Tries {
    /// One try and so many more.
    pub(super) fn with(retries: u32) -> Self {
        Self { made: 1, retries }
    }

    /// How many retries were made.
    pub(super) fn retried(&self) -> u32 {
        self.made - 1
    }

    /// How many tries were made.
    pub(super) fn made(&self) -> u32 {
        self.made
    }

    /// "2 of 6": the try that comes next.
    pub(super) fn next(&self) -> String {
        format!("{} of {}", self.made + 1, self.retries + 1)
    }

    /// The pause before the next try; the error again where there is none.
    pub(super) fn after(&mut self, error: Error) -> Result<Duration> {
        if !is_passing(&error) || self.retried() >= self.retries {
            return Err(error);
        }
        let pause = FIRST.saturating_mul(2u32.saturating_pow(self.retried())).min(LONGEST);
        self.made += 1;
        Ok(pause.mul_f64(rand::rng().random_range(0.5..1.5)))
    }
}

/// `lock_not_available`, `deadlock_detected`, `serialization_failure`: the same again may well succeed.
pub(super) fn is_passing(error: &Error) -> bool {
    error.server().is_some_and(|server| matches!(server.sqlstate.as_str(), "55P03" | "40P01" | "40001"))
}
