//! What to load: how much, from which seed, and where the history ends.
//!
//! The host passes `until`: the same seed and the same `until` give the same rows, byte for byte.

use chrono::{DateTime, SubsecRound as _, Utc};

use crate::{Error, ErrorKind, Result};

/// Above this many results the history is *lean*: most result spans are shared and short, judges are rare.
const LEAN_ABOVE: u32 = 50_000;

/// The most of either that one load takes; beyond it, load twice with `append`.
const MOST: u32 = 20_000_000;

/// How much of an evaluation history to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOptions {
    /// Evaluation runs, exactly.
    pub runs: u32,
    /// Evaluation results, exactly, as long as any run may have results.
    pub results: u32,
    /// Another seed tells another history of the same shape.
    pub seed: u64,
    /// Whether a database that already holds runs gets more of them.
    pub append: bool,
    /// When the history ends; it begins about five months earlier.
    pub until: DateTime<Utc>,
}

impl DemoOptions {
    /// The default size: about 300 runs and 6,000 results.
    pub fn new(until: DateTime<Utc>) -> Self {
        Self { runs: 300, results: 6_000, seed: 1, append: false, until }
    }

    /// Refuses what makes no history.
    pub(super) fn check(&self) -> Result<()> {
        if self.runs == 0 || self.runs > MOST || self.results > MOST {
            let message = format!("cannot load {} runs and {} results", self.runs, self.results);
            return Err(Error::new(ErrorKind::InvalidArguments, message)
                .hint(format!("Ask for 1 to {MOST} runs and at most {MOST} results.")));
        }
        Ok(())
    }

    /// With `until` as exact as the server and the wire are.
    pub(super) fn on_the_microsecond(&self) -> Self {
        Self { until: self.until.trunc_subsecs(6), ..self.clone() }
    }

    /// Whether disk and minutes matter more than long conversations.
    pub(super) fn lean(&self) -> bool {
        self.results > LEAN_ABOVE
    }
}
