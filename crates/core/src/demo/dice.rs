//! The one source of chance: a ChaCha8 stream for each run, so that a run's story never depends on its neighbours.
//!
//! Only the four basic operations are used on floats: no `exp` or `ln`, whose last digit differs by platform.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// What every stream of one load is derived from: the seed and where in the database the load begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key([u8; 32]);

impl Key {
    /// Mixes the first ids in, so that an append with the same seed makes other span ids.
    pub(super) fn new(seed: u64, first_run: i64, first_span: i64) -> Self {
        let mut hash = Sha256::new();
        hash.update(b"evaldesk demo 1");
        hash.update(seed.to_le_bytes());
        hash.update(first_run.to_le_bytes());
        hash.update(first_span.to_le_bytes());
        Self(hash.finalize().into())
    }

    /// The stream of one run.
    pub(super) fn stream(&self, number: u64) -> Dice {
        let mut rng = ChaCha8Rng::from_seed(self.0);
        rng.set_stream(number);
        Dice(rng)
    }
}

/// Draws from one stream.
#[derive(Debug, Clone)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// A number in 0..1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number, both ends included.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high.max(low))
    }

    /// One of a list that is not empty.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.0.random_range(0..from.len() as u64) as usize]
    }

    /// About `mean`, nearly bell-shaped, with this standard deviation.
    pub(super) fn around(&mut self, mean: f64, deviation: f64) -> f64 {
        // Three uniforms have a variance of 1/4.
        let sum = self.unit() + self.unit() + self.unit();
        mean + (sum - 1.5) * 2.0 * deviation
    }

    /// So many hexadecimal digits.
    pub(super) fn hex(&mut self, digits: usize) -> String {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(digits);
        let mut left = 0_u64;
        for at in 0..digits {
            if at % 16 == 0 {
                left = self.0.random();
            }
            text.push(DIGITS[(left & 15) as usize] as char);
            left >>= 4;
        }
        text
    }
}
