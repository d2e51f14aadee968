//! Better, worse or neither.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Below this a difference of 0-to-1 scores is noise.
const NOISE: f64 = 0.005;

/// A difference in words. It says nothing about significance: one run is one pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Improved,
    Flat,
    Regressed,
}

impl Verdict {
    /// Judges a difference of scores, where higher is better.
    pub fn of_score_delta(delta: f64) -> Self {
        match delta {
            delta if delta >= NOISE => Self::Improved,
            delta if delta <= -NOISE => Self::Regressed,
            _ => Self::Flat,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_flat() {
        assert_eq!(Verdict::of_score_delta(0.004), Verdict::Flat);
        assert_eq!(Verdict::of_score_delta(0.031), Verdict::Improved);
        assert_eq!(Verdict::of_score_delta(-0.062), Verdict::Regressed);
    }
}
