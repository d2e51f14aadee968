//! The rows of one result: appended once, read by windows while they still come.
//!
//! A row is, for each of its cells, a length (four bytes, little end first, -1 for NULL) and the bytes. All rows stand
//! one after another in one line of bytes; where every 64th begins is remembered. The line's beginning is in memory as
//! far as the budget goes, what follows is in a file, and its newest part is on the way there. A batch becomes visible
//! as a whole, so that a reader never meets half a row.

mod append;
mod budget;
mod read;
mod spill;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) use append::{Appender, RowBytes, push_cell};
pub use budget::Budget;
pub use read::RowReader;
pub(super) use spill::{SpillFile, explain_write};

use crate::{Error, Result};

/// Every so many rows the place of one is remembered.
const STEP: u64 = 64;

/// How long the file of a result outlives it: to free hundreds of megabytes keeps a processor busy for tens of milliseconds,
/// and a result mostly goes when the first rows of the next are awaited.
const CLOSED_AFTER: Duration = Duration::from_secs(1);

/// How large a piece of memory, and a write to the file, is.
const CHUNK: usize = 1024 * 1024;

/// The rows of one result.
#[derive(Debug)]
pub struct Store {
    columns: usize,
    folder: PathBuf,
    budget: Arc<Budget>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    rows: u64,
    /// Where every 64th row begins.
    marks: Vec<u64>,
    /// The end of the last whole row.
    bytes: u64,
    /// The beginning of the line, each piece with where it begins.
    memory: Vec<(u64, Vec<u8>)>,
    file: Option<Arc<SpillFile>>,
    /// Where the file begins in the line.
    file_start: u64,
    /// What is on its way to the file, each piece with where it begins.
    pending: VecDeque<(u64, Arc<Vec<u8>>)>,
    tail_start: u64,
    /// The newest bytes.
    tail: Vec<u8>,
    /// What the budget gave.
    taken: u64,
    complete: bool,
}

impl Store {
    /// An empty store for rows of so many cells. The folder is for the file, if it comes to one.
    pub fn new(columns: usize, folder: &Path, budget: &Arc<Budget>) -> Arc<Self> {
        Arc::new(Self {
            columns,
            folder: folder.to_owned(),
            budget: Arc::clone(budget),
            inner: Mutex::default(),
        })
    }

    /// How many cells a row has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Rows that can be read now.
    pub fn rows(&self) -> u64 {
        self.lock().rows
    }

    /// Bytes of all its rows.
    pub fn bytes(&self) -> u64 {
        self.lock().bytes
    }

    /// Bytes in the file, or on their way there.
    pub fn spilled(&self) -> u64 {
        let inner = self.lock();
        if inner.file.is_some() { inner.bytes.saturating_sub(inner.file_start) } else { 0 }
    }

    /// Whether no more rows will come and none is missing.
    pub fn is_complete(&self) -> bool {
        self.lock().complete
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fills a buffer from a place in the line.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> Result<()> {
        let (mut done, mut at) = (0, at);
        while done < buffer.len() {
            let read = self.read_some(&mut buffer[done..], at)?;
            (done, at) = (done + read, at + read as u64);
        }
        Ok(())
    }

    /// Copies what one piece of the line has of it. The file is read without holding anybody up.
    fn read_some(&self, buffer: &mut [u8], at: u64) -> Result<usize> {
        let (file, start, end) = {
            let inner = self.lock();
            if let Some(read) = inner.copy(buffer, at) {
                return Ok(read);
            }
            match &inner.file {
                Some(file) if at >= inner.file_start && at < inner.written() => {
                    (Arc::clone(file), inner.file_start, inner.written())
                }
                _ => return Err(Error::internal("a place beyond the end of a result was read")),
            }
        };
        let long = buffer.len().min(usize::try_from(end - at).unwrap_or(usize::MAX));
        file.read_at(&mut buffer[..long], at - start)?;
        Ok(long)
    }
}

impl Inner {
    /// Where the file ends in the line.
    fn written(&self) -> u64 {
        self.pending.front().map_or(self.tail_start, |(start, _)| *start)
    }

    /// Copies from the piece of memory that has this place, if one has.
    fn copy(&self, buffer: &mut [u8], at: u64) -> Option<usize> {
        let piece = |start: u64, bytes: &[u8], buffer: &mut [u8]| {
            let from = usize::try_from(at.checked_sub(start)?).ok()?;
            let there = bytes.get(from..).filter(|there| !there.is_empty())?;
            let long = there.len().min(buffer.len());
            buffer[..long].copy_from_slice(&there[..long]);
            Some(long)
        };
        if at >= self.tail_start {
            return piece(self.tail_start, &self.tail, buffer);
        }
        if let Some(read) = self
            .pending
            .iter()
            .rev()
            .find(|(start, _)| *start <= at)
            .and_then(|(start, bytes)| piece(*start, bytes, buffer))
        {
            return Some(read);
        }
        let held = self.memory.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        let (start, bytes) = &self.memory[held];
        piece(*start, bytes, buffer)
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let mut inner = self.lock();
        self.budget.give_back(inner.taken);
        inner.memory = Vec::new();
        let (Some(file), Ok(runtime)) = (inner.file.take(), tokio::runtime::Handle::try_current()) else {
            return;
        };
        runtime.spawn(async {
            tokio::time::sleep(CLOSED_AFTER).await;
            let _ = tokio::task::spawn_blocking(move || drop(file)).await;
        });
    }
}
