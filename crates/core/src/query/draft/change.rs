//! What one burst of typing changed in a text: a single piece, found by what both have in common before and after it.

use serde::{Deserialize, Serialize};

/// One piece of a text that was replaced. Offsets are bytes at borders of characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Change {
    pub(super) from: usize,
    /// How many bytes went.
    pub(super) removed: usize,
    pub(super) inserted: String,
}

impl Change {
    /// What turns one text into another.
    pub(super) fn between(before: &str, after: &str) -> Self {
        let start = common_start(before, after);
        let end = common_end(&before[start..], &after[start..]);
        Self {
            from: start,
            removed: before.len() - start - end,
            inserted: after[start..after.len() - end].to_owned(),
        }
    }

    /// The text after the change; nothing where it does not fit the text.
    pub(super) fn apply(&self, text: &str) -> Option<String> {
        let end = self.from.checked_add(self.removed)?;
        Some([text.get(..self.from)?, &self.inserted, text.get(end..)?].concat())
    }
}

fn common_start(a: &str, b: &str) -> usize {
    let mut same = a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(same) || !b.is_char_boundary(same) {
        same -= 1;
    }
    same
}

fn common_end(a: &str, b: &str) -> usize {
    let mut same = a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count();
    while !a.is_char_boundary(a.len() - same) || !b.is_char_boundary(b.len() - same) {
        same -= 1;
    }
    same
}

/// A short sum of a text (FNV-1a, 64 bits): tells a journal that was damaged, not one that somebody forged.
pub(super) fn sum(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
