//! A sorted run in a file, read row by row.

use super::run::Keyed;
use super::runs::HEAD;
use crate::query::store::SpillFile;
use crate::{Error, Result};

/// A run with its next row: they are in the order of those.
pub(super) struct Next {
    pub(super) keyed: Keyed,
    reader: RunReader,
}

impl Next {
    fn by(&self) -> (&[u8], u32) {
        (&self.keyed.key, self.keyed.number)
    }

    /// A run between two places of the file, of which so many bytes are read ahead.
    pub(super) fn new(place: u64, end: u64, ahead: usize) -> Self {
        Self { keyed: Keyed::default(), reader: RunReader::new(place, end, ahead) }
    }

    /// Reads the next row; false at the end.
    pub(super) fn advance(&mut self, file: &SpillFile) -> Result<bool> {
        if self.reader.is_over() {
            return Ok(false);
        }
        let head = self.reader.take(file, HEAD)?;
        let word = |at: usize| head[at..at + 4].try_into().map_or(0, u32::from_le_bytes);
        let (length, number, cut) = (word(0) as usize, word(4), head[8] != 0);
        (self.keyed.number, self.keyed.cut) = (number, cut);
        let key = self.reader.take(file, length)?;
        self.keyed.key.clear();
        self.keyed.key.extend_from_slice(key);
        Ok(true)
    }
}

impl PartialEq for Next {
    fn eq(&self, other: &Self) -> bool {
        self.by() == other.by()
    }
}

impl Eq for Next {}

impl PartialOrd for Next {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Next {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.by().cmp(&other.by())
    }
}

/// Reads one run, some of it ahead.
struct RunReader {
    /// Where in the file the buffer ends.
    place: u64,
    end: u64,
    buffer: Vec<u8>,
    at: usize,
    ahead: usize,
}

impl RunReader {
    fn new(place: u64, end: u64, ahead: usize) -> Self {
        Self { place, end, buffer: Vec::new(), at: 0, ahead }
    }

    fn is_over(&self) -> bool {
        self.at == self.buffer.len() && self.place == self.end
    }

    /// The next bytes.
    fn take(&mut self, file: &SpillFile, bytes: usize) -> Result<&[u8]> {
        if self.buffer.len() - self.at < bytes {
            self.buffer.drain(..self.at);
            self.at = 0;
            let kept = self.buffer.len();
            let left = usize::try_from(self.end - self.place).unwrap_or(usize::MAX);
            let more = left.min(self.ahead.max(bytes - kept));
            self.buffer.resize(kept + more, 0);
            file.read_at(&mut self.buffer[kept..], self.place)?;
            self.place += more as u64;
        }
        let from = self.at;
        self.at += bytes;
        self.buffer
            .get(from..self.at)
            .ok_or_else(|| Error::internal("a sorted run ends in the middle of a row"))
    }
}
