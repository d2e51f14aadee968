//! Sorting more keys than memory has room for: runs of them, each in order, go to a file without a name and are merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::{Path, PathBuf};

use super::errand::Errand;
use super::key::LONGEST;
use super::next::Next;
use super::order::{OrderWriter, RowOrder};
use super::run::{Keyed, Run};
use crate::query::store::{SpillFile, explain_write};
use crate::{Error, ErrorKind, Result};

/// Bytes that are written at once.
const CHUNK: usize = 1024 * 1024;

/// Bytes that all runs together are read ahead by.
const AHEAD: usize = 4 * 1024 * 1024;

/// Bytes before a key: its length, the row's number, whether it is cut.
pub(super) const HEAD: usize = 9;

/// Takes keys in the order of their rows.
pub(super) struct Sorter {
    folder: PathBuf,
    run: Run,
    runs: Option<Runs>,
}

/// Runs in a file.
struct Runs {
    file: SpillFile,
    /// Where each begins and ends.
    places: Vec<(u64, u64)>,
    end: u64,
}

impl Sorter {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), run: Run::default(), runs: None }
    }

    /// # Errors
    /// `Storage` when the file cannot be written.
    pub(super) fn push(&mut self, number: u32, key: &[u8], cut: bool) -> Result<()> {
        if self.run.is_full() {
            self.put_away()?;
        }
        self.run.push(number, key, cut);
        Ok(())
    }

    /// The numbers of the rows by their keys.
    ///
    /// # Errors
    /// As `push`; `Precondition` where keys cannot tell rows apart, `Cancelled` by the errand.
    pub(super) fn finish(mut self, errand: &mut Errand) -> Result<RowOrder> {
        let mut sorted = Sorted { order: OrderWriter::new(&self.folder), last: Keyed::default() };
        if self.runs.is_some() && !self.run.is_empty() {
            self.put_away()?;
        }
        match self.runs {
            None => {
                self.run.sort();
                self.run.each(|keyed| {
                    errand.step()?;
                    sorted.push(keyed)
                })?;
            }
            Some(runs) => {
                drop(self.run);
                runs.merge(errand, &mut sorted)?;
            }
        }
        sorted.order.finish()
    }

    fn put_away(&mut self) -> Result<()> {
        let mut runs = match self.runs.take() {
            Some(runs) => runs,
            None => Runs { file: SpillFile::create(&self.folder)?, places: Vec::new(), end: 0 },
        };
        self.run.sort();
        runs.write(&self.run).map_err(|error| explain_write(error, &self.folder))?;
        self.run.clear();
        self.runs = Some(runs);
        Ok(())
    }
}

/// Rows in order, where keys can tell them apart.
struct Sorted {
    order: OrderWriter,
    /// The last cut key.
    last: Keyed,
}

impl Sorted {
    fn push(&mut self, keyed: &Keyed) -> Result<()> {
        if keyed.cut {
            if self.last.cut && self.last.key == keyed.key {
                return Err(alike());
            }
            self.last.clone_from(keyed);
        }
        self.order.push(keyed.number)
    }
}

fn alike() -> Error {
    let message = format!("values that are alike over their first {LONGEST} bytes are not sorted here");
    Error::new(ErrorKind::Precondition, message)
        .hint("Let the server sort them: run it again with this order.")
}

impl Runs {
    fn write(&mut self, run: &Run) -> std::io::Result<()> {
        let begins = self.end;
        let mut chunk = Vec::with_capacity(CHUNK);
        run.each(|keyed| {
            let length = u32::try_from(keyed.key.len()).unwrap_or(0);
            chunk.extend_from_slice(&length.to_le_bytes());
            chunk.extend_from_slice(&keyed.number.to_le_bytes());
            chunk.push(u8::from(keyed.cut));
            chunk.extend_from_slice(&keyed.key);
            if chunk.len() >= CHUNK { self.put(&mut chunk) } else { Ok(()) }
        })?;
        self.put(&mut chunk)?;
        self.places.push((begins, self.end));
        Ok(())
    }

    fn put(&mut self, chunk: &mut Vec<u8>) -> std::io::Result<()> {
        self.file.write_at(chunk, self.end)?;
        self.end += chunk.len() as u64;
        chunk.clear();
        Ok(())
    }

    /// The least of all runs' next keys is the next one.
    fn merge(&self, errand: &mut Errand, sorted: &mut Sorted) -> Result<()> {
        let ahead = (AHEAD / self.places.len()).clamp(4 * 1024, 256 * 1024);
        let mut heap = BinaryHeap::with_capacity(self.places.len());
        for (at, end) in &self.places {
            let mut next = Next::new(*at, *end, ahead);
            if next.advance(&self.file)? {
                heap.push(Reverse(next));
            }
        }
        while let Some(mut least) = heap.peek_mut() {
            errand.step()?;
            sorted.push(&least.0.keyed)?;
            if !least.0.advance(&self.file)? {
                std::collections::binary_heap::PeekMut::pop(least);
            }
        }
        Ok(())
    }
}
