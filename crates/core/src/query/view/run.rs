//! Keys that are sorted in memory, as many as may be at once.

use std::cmp::Ordering;

/// Bytes that a run may have.
const MOST: usize = 4 * 1024 * 1024;

/// Bytes of a key that stand beside its row's number: most comparisons need no more.
const NEAR: usize = 8;

/// A key without more than its first bytes.
const NO_REST: u32 = u32::MAX;

/// A row and the beginning of its key.
#[derive(Clone, Copy)]
struct Entry {
    near: [u8; NEAR],
    number: u32,
    /// Where the rest of the key begins.
    rest: u32,
}

/// A key with the row it is of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Keyed {
    pub(super) key: Vec<u8>,
    pub(super) number: u32,
    /// The values have more than the key tells.
    pub(super) cut: bool,
}

/// A part of the keys of a result.
#[derive(Default)]
pub(super) struct Run {
    entries: Vec<Entry>,
    /// What does not fit beside a number: its length, the highest bit of which says that the key is cut, and the bytes.
    rests: Vec<u8>,
}

const CUT: u32 = 1 << 31;

impl Run {
    pub(super) fn is_full(&self) -> bool {
        self.entries.len() * size_of::<Entry>() + self.rests.len() >= MOST
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(super) fn push(&mut self, number: u32, key: &[u8], cut: bool) {
        let (first, more) = key.split_at(key.len().min(NEAR));
        let mut near = [0; NEAR];
        near[..first.len()].copy_from_slice(first);
        let rest = if more.is_empty() && !cut { NO_REST } else { self.keep(more, cut) };
        self.entries.push(Entry { near, number, rest });
    }

    fn keep(&mut self, more: &[u8], cut: bool) -> u32 {
        let at = u32::try_from(self.rests.len()).unwrap_or(NO_REST);
        let length = u32::try_from(more.len()).unwrap_or(0) | if cut { CUT } else { 0 };
        self.rests.extend_from_slice(&length.to_le_bytes());
        self.rests.extend_from_slice(more);
        at
    }

    /// Puts the keys in order; rows of one key as they came.
    pub(super) fn sort(&mut self) {
        let Self { entries, rests } = self;
        entries.sort_unstable_by(|one, other| compare(rests, one, other));
    }

    /// The rows in order, each with its key in `into`.
    pub(super) fn each<E>(&self, mut take: impl FnMut(&Keyed) -> Result<(), E>) -> Result<(), E> {
        let mut keyed = Keyed::default();
        for entry in &self.entries {
            let (more, cut) = rest(&self.rests, entry);
            keyed.key.clear();
            keyed.key.extend_from_slice(&entry.near);
            keyed.key.extend_from_slice(more);
            (keyed.number, keyed.cut) = (entry.number, cut);
            take(&keyed)?;
        }
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.rests.clear();
    }
}

fn compare(rests: &[u8], one: &Entry, other: &Entry) -> Ordering {
    let near = u64::from_be_bytes(one.near).cmp(&u64::from_be_bytes(other.near));
    let more = || rest(rests, one).0.cmp(rest(rests, other).0);
    near.then_with(more).then(one.number.cmp(&other.number))
}

fn rest<'a>(rests: &'a [u8], entry: &Entry) -> (&'a [u8], bool) {
    if entry.rest == NO_REST {
        return (&[], false);
    }
    let at = entry.rest as usize;
    let length = rests[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
    (&rests[at + 4..at + 4 + (length & !CUT) as usize], length & CUT != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_by_their_keys_and_those_of_one_key_as_they_came() {
        let mut run = Run::default();
        let keys: [&[u8]; 6] =
            [b"longer than eight", b"b\0", b"longer than nine", b"b\0", b"\0", b"longer t"];
        for (number, key) in (0..).zip(keys) {
            run.push(number, key, number == 1);
        }
        run.sort();
        let mut found = Vec::new();
        let taken: Result<(), ()> = run.each(|keyed| {
            found.push((keyed.number, keyed.cut));
            Ok(())
        });
        assert_eq!(taken, Ok(()));
        assert_eq!(found, [(4, false), (1, true), (3, false), (5, false), (0, false), (2, false)]);
    }
}
