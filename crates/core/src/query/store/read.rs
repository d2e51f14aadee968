//! Reading rows in order, from any of them on, without taking large cells into memory.

use std::sync::Arc;

use super::{STEP, Store};
use crate::Result;

/// How much is read ahead at first: single rows are read too. It doubles with every piece.
const AHEAD_AT_FIRST: usize = 4 * 1024;

/// How much is read ahead at most.
const AHEAD: usize = 64 * 1024;

/// Walks along the rows of a store.
#[derive(Debug)]
pub struct RowReader {
    store: Arc<Store>,
    /// Where the buffer begins in the line.
    start: u64,
    buffer: Vec<u8>,
    /// The place in the buffer.
    at: usize,
    ahead: usize,
    /// The end of the rows when it was made.
    end: u64,
    /// Rows that are left.
    rows: u64,
}

impl Store {
    /// A reader that stands before a row. Beyond the last row it has nothing to read.
    ///
    /// # Errors
    /// `Storage` when the file cannot be read.
    pub fn reader(self: &Arc<Self>, row: u64) -> Result<RowReader> {
        let (start, end, rows) = {
            let inner = self.lock();
            let mark = usize::try_from(row / STEP).ok().and_then(|mark| inner.marks.get(mark).copied());
            (mark.unwrap_or(inner.bytes), inner.bytes, inner.rows)
        };
        let mut reader = RowReader {
            store: Arc::clone(self),
            start,
            buffer: Vec::new(),
            at: 0,
            ahead: AHEAD_AT_FIRST,
            end,
            rows: rows.saturating_sub(row),
        };
        for _ in 0..if row < rows { row % STEP } else { 0 } {
            reader.skip_row()?;
        }
        Ok(reader)
    }
}

impl RowReader {
    /// Rows from here to the last one that there was when the reader was made.
    pub fn left(&self) -> u64 {
        self.rows
    }

    /// Begins the next row; false where there is none.
    pub fn next_row(&mut self) -> bool {
        let some = self.rows > 0;
        self.rows = self.rows.saturating_sub(1);
        some
    }

    /// The length of the next cell, `None` for NULL. Its bytes come next: `take` them or `skip` them, all.
    pub fn length(&mut self) -> Result<Option<usize>> {
        let mut length = [0; 4];
        match self.buffer.get(self.at..self.at + 4) {
            Some(there) => {
                length.copy_from_slice(there);
                self.at += 4;
            }
            None => self.read_into(&mut length)?,
        }
        Ok(usize::try_from(i32::from_le_bytes(length)).ok())
    }

    /// Goes over bytes of a cell.
    pub fn skip(&mut self, bytes: usize) {
        let buffered = self.buffer.len() - self.at;
        if bytes <= buffered {
            self.at += bytes;
        } else {
            self.start += (self.buffer.len() + bytes - buffered) as u64;
            self.buffer.clear();
            self.at = 0;
        }
    }

    /// Appends bytes of a cell to a buffer.
    pub fn take(&mut self, bytes: usize, into: &mut Vec<u8>) -> Result<()> {
        if let Some(there) = self.buffer.get(self.at..self.at + bytes) {
            into.extend_from_slice(there);
            self.at += bytes;
            return Ok(());
        }
        let from = into.len();
        into.resize(from + bytes, 0);
        self.read_into(&mut into[from..])
    }

    /// Reads the next row whole: its cells one after another, and where each begins and ends (NULL does not). False
    /// where there is none.
    pub(crate) fn row(
        &mut self,
        bytes: &mut Vec<u8>,
        cells: &mut Vec<Option<(usize, usize)>>,
    ) -> Result<bool> {
        bytes.clear();
        // One huge cell must not hold its memory to the end.
        bytes.shrink_to(16 * 1024 * 1024);
        cells.clear();
        if !self.next_row() {
            return Ok(false);
        }
        for _ in 0..self.store.columns {
            let length = self.length()?;
            let from = bytes.len();
            if let Some(length) = length {
                self.take(length, bytes)?;
            }
            cells.push(length.map(|length| (from, from + length)));
        }
        Ok(true)
    }

    fn skip_row(&mut self) -> Result<()> {
        for _ in 0..self.store.columns {
            let length = self.length()?;
            self.skip(length.unwrap_or(0));
        }
        Ok(())
    }

    fn read_into(&mut self, mut into: &mut [u8]) -> Result<()> {
        while !into.is_empty() {
            if self.at == self.buffer.len() {
                if into.len() >= AHEAD {
                    self.store.read_at(into, self.place())?;
                    self.skip(into.len());
                    return Ok(());
                }
                self.fill()?;
            }
            let long = into.len().min(self.buffer.len() - self.at);
            let (now, later) = into.split_at_mut(long);
            now.copy_from_slice(&self.buffer[self.at..self.at + long]);
            self.at += long;
            into = later;
        }
        Ok(())
    }

    fn place(&self) -> u64 {
        self.start + self.at as u64
    }

    fn fill(&mut self) -> Result<()> {
        let start = self.place();
        let left = usize::try_from(self.end.saturating_sub(start)).unwrap_or(usize::MAX);
        // One byte beyond the end is an error of ours, which `read_at` tells.
        self.buffer.resize(left.clamp(1, self.ahead), 0);
        self.ahead = (self.ahead * 2).min(AHEAD);
        (self.start, self.at) = (start, 0);
        self.store.read_at(&mut self.buffer, start)
    }
}
