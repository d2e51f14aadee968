//! Appending rows. One writer; what it hands over becomes visible at once, and a full piece goes to memory or the file.

use std::io;
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::spill::{SpillFile, explain_write};
use super::{CHUNK, Inner, STEP, Store};
use crate::{Error, Result};

/// Pieces on their way to the file: reading from the server goes on while they are written.
const IN_FLIGHT: usize = 4;

/// A row, as the server sent it.
pub(crate) trait RowBytes {
    /// Appends each of so many cells (`push_cell`); false where it has another number of them.
    fn append_to(&self, columns: usize, rows: &mut Vec<u8>) -> bool;
}

/// Appends a cell as a store keeps it: its length, -1 for NULL, and its bytes.
pub(crate) fn push_cell(cell: Option<&[u8]>, rows: &mut Vec<u8>) {
    // The protocol's own lengths are of this type.
    let length = cell.map_or(-1, |bytes| i32::try_from(bytes.len()).unwrap_or(i32::MAX));
    rows.extend_from_slice(&length.to_le_bytes());
    rows.extend_from_slice(cell.unwrap_or_default());
}

/// The one writer of a store.
#[derive(Debug)]
pub(crate) struct Appender {
    store: Arc<Store>,
    batch: Vec<u8>,
    /// Where in the line the batch begins.
    start: u64,
    /// Rows of the batch.
    rows: u64,
    /// Rows before the batch.
    before: u64,
    marks: Vec<u64>,
    writing: std::collections::VecDeque<JoinHandle<io::Result<()>>>,
    /// Whether what comes next goes to the file.
    spills: bool,
}

impl Appender {
    pub(crate) fn new(store: &Arc<Store>) -> Self {
        Self {
            store: Arc::clone(store),
            batch: Vec::with_capacity(16 * 1024),
            start: 0,
            rows: 0,
            before: 0,
            marks: Vec::new(),
            writing: std::collections::VecDeque::new(),
            spills: false,
        }
    }

    /// Takes a row into the batch; false where it is none of this store's, and nothing of it was taken.
    pub(crate) fn row(&mut self, row: &impl RowBytes) -> bool {
        let begun = self.batch.len();
        if !row.append_to(self.store.columns, &mut self.batch) {
            self.batch.truncate(begun);
            return false;
        }
        if (self.before + self.rows).is_multiple_of(STEP) {
            self.marks.push(self.start + begun as u64);
        }
        self.rows += 1;
        true
    }

    /// Whether the batch is large enough to be handed over.
    pub(crate) fn is_full(&self) -> bool {
        self.batch.len() >= CHUNK / 4
    }

    /// Whether there is nothing to hand over.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Makes the batch visible.
    ///
    /// # Errors
    /// `Storage` when the file cannot be written: what is visible stays, the batch is lost.
    pub(crate) async fn hand_over(&mut self) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let full = self.publish();
        if full { self.put_away().await } else { Ok(()) }
    }

    /// Hands over the last batch and waits until it is where it stays.
    ///
    /// # Errors
    /// As `hand_over`; a store that failed so is never complete.
    pub(crate) async fn finish(mut self) -> Result<()> {
        self.hand_over().await?;
        self.put_away().await?;
        while let Some(write) = self.writing.pop_front() {
            self.written(write).await?;
        }
        let mut inner = self.store.lock();
        inner.tail.shrink_to_fit();
        inner.marks.shrink_to_fit();
        inner.complete = true;
        Ok(())
    }

    /// Appends the batch to the newest piece; says whether that is full.
    fn publish(&mut self) -> bool {
        let mut inner = self.store.lock();
        inner.tail.extend_from_slice(&self.batch);
        inner.marks.append(&mut self.marks);
        inner.rows += self.rows;
        inner.bytes += self.batch.len() as u64;
        (self.start, self.before) = (inner.bytes, inner.rows);
        self.rows = 0;
        self.batch.clear();
        // A batch with one huge cell must not hold its memory for the rest of the result.
        self.batch.shrink_to(2 * CHUNK);
        inner.tail.len() >= CHUNK
    }

    /// Moves the newest piece to memory, or sends it to the file.
    async fn put_away(&mut self) -> Result<()> {
        if !self.spills && self.keep() {
            return Ok(());
        }
        self.spills = true;
        while self.writing.len() >= IN_FLIGHT {
            if let Some(write) = self.writing.pop_front() {
                self.written(write).await?;
            }
        }
        let file = self.file()?;
        if let Some((at, bytes)) = self.store.lock().send_off() {
            self.writing.push_back(tokio::task::spawn_blocking(move || file.write_at(&bytes, at)));
        }
        Ok(())
    }

    /// Keeps the newest piece in memory, if the budget has room for it.
    fn keep(&self) -> bool {
        let mut inner = self.store.lock();
        inner.tail.shrink_to_fit();
        let bytes = inner.tail.len() as u64;
        if !self.store.budget.take(bytes) {
            return false;
        }
        inner.taken += bytes;
        inner.keep_tail();
        true
    }

    fn file(&self) -> Result<Arc<SpillFile>> {
        if let Some(file) = &self.store.lock().file {
            return Ok(Arc::clone(file));
        }
        let file = Arc::new(SpillFile::create(&self.store.folder)?);
        let mut inner = self.store.lock();
        inner.file_start = inner.tail_start;
        inner.file = Some(Arc::clone(&file));
        Ok(file)
    }

    async fn written(&self, write: JoinHandle<io::Result<()>>) -> Result<()> {
        let done =
            write.await.map_err(|error| Error::internal("writing a result ended early").caused_by(error))?;
        match done {
            Ok(()) => {
                self.store.lock().pending.pop_front();
                Ok(())
            }
            Err(error) => Err(explain_write(error, &self.store.folder)),
        }
    }
}

impl Inner {
    fn keep_tail(&mut self) {
        let (start, tail) = (self.tail_start, std::mem::take(&mut self.tail));
        if !tail.is_empty() {
            self.memory.push((start, tail));
        }
        self.tail_start = self.bytes;
    }

    /// The newest piece with its place in the file; it stays readable until it is written.
    fn send_off(&mut self) -> Option<(u64, Arc<Vec<u8>>)> {
        if self.tail.is_empty() {
            return None;
        }
        let bytes = Arc::new(std::mem::replace(&mut self.tail, Vec::with_capacity(CHUNK + CHUNK / 4)));
        self.pending.push_back((self.tail_start, Arc::clone(&bytes)));
        let at = self.tail_start - self.file_start;
        self.tail_start = self.bytes;
        Some((at, bytes))
    }
}
