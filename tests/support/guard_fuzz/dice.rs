//! Chance that a seed repeats: splitmix64 (<https://prng.di.unimi.it/splitmix64.c>).

pub(super) struct Dice {
    state: u64,
    /// Whether the statement that is made may have in it what is no read.
    pub(super) bold: bool,
}

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed, bold: false }
    }

    fn roll(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to one less; 0 for 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end.max(1) as u64).unwrap_or(0)
    }

    /// True once in so many times.
    pub(super) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// True once in so many times, where the statement is a bold one.
    pub(super) fn dares(&mut self, times: usize) -> bool {
        self.once_in(times) && self.bold
    }

    /// One of the first of these, or where the statement is a bold one, of all.
    pub(super) fn pick_of_first<'a>(&mut self, calm: usize, from: &[&'a str]) -> &'a str {
        if self.bold { self.pick(from) } else { self.pick(&from[..calm]) }
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}
