//! Parquet: each column by its type, in groups of rows, compressed with snappy.
//!
//! What has no value in Parquet's types is written as PostgreSQL itself has it inside: an infinite date or timestamp is
//! the largest or smallest number, which DuckDB reads as infinity. What does not fit at all ends the export with the
//! column's name, rather than being changed on the way.

mod chunk;
mod civil;
mod decimal;
mod schema;

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;

use self::chunk::Chunk;
use super::row::Row;
use super::target::Target;
use super::writer::{Columns, Writer};
use crate::{Error, ErrorKind, Result};

/// A group of rows is written when it has so many rows,
const ROWS: usize = 128 * 1024;
/// or so many bytes.
const BYTES: usize = 32 * 1024 * 1024;

/// Writes Parquet.
pub(super) struct Parquet {
    columns: Columns,
    chunks: Vec<Chunk>,
    rows: usize,
    bytes: usize,
    sink: Sink,
    /// Taken at the end.
    file: Option<SerializedFileWriter<Sink>>,
    infinite: bool,
}

impl Parquet {
    /// # Errors
    /// `InvalidArguments` for a result without columns, which Parquet cannot hold.
    pub(super) fn new(columns: Columns) -> Result<Self> {
        if columns.kinds.is_empty() {
            return Err(Error::new(
                ErrorKind::InvalidArguments,
                "Parquet cannot hold a result without columns",
            )
            .hint("Choose another format."));
        }
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(concat!("evaldesk ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let sink = Sink::default();
        let schema = schema::schema(&columns).map_err(failed)?;
        let file = SerializedFileWriter::new(sink.clone(), schema, Arc::new(properties)).map_err(failed)?;
        let chunks = columns.kinds.iter().map(|kind| Chunk::of(*kind)).collect();
        Ok(Self { columns, chunks, rows: 0, bytes: 0, sink, file: Some(file), infinite: false })
    }

    fn write_group(&mut self, target: &mut Target) -> Result<()> {
        if let Some(file) = self.file.as_mut().filter(|_| self.rows > 0) {
            let mut group = file.next_row_group().map_err(failed)?;
            for chunk in &mut self.chunks {
                if let Some(mut column) = group.next_column().map_err(failed)? {
                    chunk.write(&mut column).map_err(failed)?;
                    column.close().map_err(failed)?;
                }
            }
            group.close().map_err(failed)?;
        }
        (self.rows, self.bytes) = (0, 0);
        target.pass(&self.sink.take())
    }
}

impl Writer for Parquet {
    fn begin(&mut self, _: &mut Target) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: &Row, target: &mut Target) -> Result<()> {
        for (n, chunk) in self.chunks.iter_mut().enumerate() {
            let pushed = chunk.push(row.get(n));
            let long = pushed.map_err(|problem| does_not_fit(&self.columns.names[n], problem))?;
            self.bytes += long.bytes;
            self.infinite |= long.infinite;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES { self.write_group(target) } else { Ok(()) }
    }

    fn end(&mut self, target: &mut Target) -> Result<()> {
        self.write_group(target)?;
        if let Some(file) = self.file.take() {
            file.close().map_err(failed)?;
        }
        target.pass(&self.sink.take())
    }

    fn notes(&self) -> Vec<String> {
        let infinite = "infinity and -infinity of dates and timestamps are the largest and smallest number of their type";
        let infinite = self.infinite.then(|| infinite.to_owned());
        let text = "types that Parquet does not know are texts, as the server writes them".to_owned();
        std::iter::once(text).chain(infinite).chain(self.columns.renamed()).collect()
    }

    fn written_as(&self) -> Vec<String> {
        self.columns.kinds.iter().map(|kind| schema::described(*kind)).collect()
    }
}

/// Why a value has no place in its column.
#[derive(Debug, Clone, Copy)]
enum Misfit {
    /// A numeric that is NaN, in a column of decimals.
    NotANumber,
    /// Beyond what the type of Parquet reaches.
    TooFar,
    /// Not the text of its type.
    Odd,
}

fn does_not_fit(column: &str, problem: Misfit) -> Error {
    let why = match problem {
        Misfit::NotANumber => "it holds NaN, which a decimal of Parquet cannot be",
        Misfit::TooFar => "it holds a value beyond what Parquet's type can reach",
        Misfit::Odd => "it holds a value that does not look like its type",
    };
    Error::new(
        ErrorKind::InvalidArguments,
        format!("the column {column} cannot be written to Parquet: {why}"),
    )
    .hint("Cast the column to text in the query, or choose another format.")
}

fn failed(error: ParquetError) -> Error {
    Error::internal("the Parquet file could not be written").caused_by(error)
}

/// What the library writes into, until it is passed on.
#[derive(Debug, Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl io::Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
