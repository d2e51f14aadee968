//! The rows of a view in its order: their numbers in the store, in memory or, where they are many, in a file.

use std::path::{Path, PathBuf};

use crate::Result;
use crate::query::store::{SpillFile, explain_write};

/// Numbers that stay in memory: one megabyte of them.
const IN_MEMORY: usize = 256 * 1024;

/// Bytes of a number in the file.
const WIDE: usize = size_of::<u32>();

/// The numbers of the rows of a view.
#[derive(Debug)]
pub(in crate::query) enum RowOrder {
    /// So many, as they came.
    All(u64),
    Memory(Vec<u32>),
    File {
        file: SpillFile,
        rows: u64,
    },
}

impl RowOrder {
    pub(super) fn all(rows: u64) -> Self {
        Self::All(rows)
    }

    /// How many rows the view has.
    pub(in crate::query) fn len(&self) -> u64 {
        match self {
            Self::All(rows) | Self::File { rows, .. } => *rows,
            Self::Memory(numbers) => numbers.len() as u64,
        }
    }

    /// The numbers of rows from a place on; fewer where the view ends.
    ///
    /// # Errors
    /// `Storage` when the file cannot be read.
    pub(in crate::query) fn numbers(&self, first: u64, count: u64) -> Result<Vec<u64>> {
        let first = first.min(self.len());
        let count = count.min(self.len() - first);
        let (from, long) =
            (usize::try_from(first).unwrap_or(usize::MAX), usize::try_from(count).unwrap_or(0));
        match self {
            Self::All(_) => Ok((first..first + count).collect()),
            Self::Memory(numbers) => {
                Ok(numbers[from..from + long].iter().map(|number| u64::from(*number)).collect())
            }
            Self::File { file, .. } => {
                let mut bytes = vec![0; long * WIDE];
                file.read_at(&mut bytes, first * WIDE as u64)?;
                Ok(bytes.chunks_exact(WIDE).map(number).collect())
            }
        }
    }

    /// The number of one row; `None` beyond the last.
    ///
    /// # Errors
    /// As `numbers`.
    pub(in crate::query) fn number(&self, place: u64) -> Result<Option<u64>> {
        Ok(self.numbers(place, 1)?.first().copied())
    }
}

fn number(bytes: &[u8]) -> u64 {
    u64::from(bytes.try_into().map_or(0, u32::from_le_bytes))
}

/// Writes an order, one number after the other.
pub(super) struct OrderWriter {
    folder: PathBuf,
    /// Those that are not in the file.
    numbers: Vec<u32>,
    file: Option<SpillFile>,
    written: u64,
}

impl OrderWriter {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), numbers: Vec::new(), file: None, written: 0 }
    }

    /// # Errors
    /// `Storage` when the file cannot be written.
    pub(super) fn push(&mut self, number: u32) -> Result<()> {
        if self.numbers.len() == IN_MEMORY {
            self.put_away()?;
        }
        self.numbers.push(number);
        Ok(())
    }

    /// # Errors
    /// As `push`.
    pub(super) fn finish(mut self) -> Result<RowOrder> {
        if self.file.is_some() {
            self.put_away()?;
        }
        self.numbers.shrink_to_fit();
        let rows = self.written / WIDE as u64;
        Ok(self.file.map_or(RowOrder::Memory(self.numbers), |file| RowOrder::File { file, rows }))
    }

    fn put_away(&mut self) -> Result<()> {
        let file = match self.file.take() {
            Some(file) => file,
            None => SpillFile::create(&self.folder)?,
        };
        let bytes: Vec<u8> = self.numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        file.write_at(&bytes, self.written).map_err(|error| explain_write(error, &self.folder))?;
        self.written += bytes.len() as u64;
        self.numbers.clear();
        self.file = Some(file);
        Ok(())
    }
}
