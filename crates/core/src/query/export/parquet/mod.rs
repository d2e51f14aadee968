//! Parquet: each column by its type, in groups of rows, compressed with snappy.
//!
//! What has no value in Parquet's types is written as DuckDB has it inside: an infinite date or timestamp is the largest
//! number or its negative, which DuckDB reads as infinite. What does not fit at all ends the export with the
//! column's name, rather than being changed on the way.

mod chunk;
mod civil;
mod decimal;
mod encoder;
mod schema;

use parquet::errors::ParquetError;
use parquet::schema::types::TypePtr;

use self::encoder::{Encoder, Group};
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
    schema: TypePtr,
    /// The one that is filled.
    group: Group,
    /// From the first group on.
    encoder: Option<Encoder>,
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
        let schema = schema::schema(&columns).map_err(failed)?;
        let group = Group::of(&columns.kinds);
        Ok(Self { columns, schema, group, encoder: None, infinite: false })
    }

    fn encode(&mut self, target: &mut Target) -> Result<()> {
        let encoder = match &mut self.encoder {
            Some(encoder) => encoder,
            none => none.insert(Encoder::start(self.schema.clone(), &self.group).map_err(failed)?),
        };
        let full = std::mem::replace(&mut self.group, Group::of(&[]));
        match encoder.group(full).map_err(failed)? {
            Some((bytes, emptied)) => {
                self.group = emptied;
                target.pass(bytes)
            }
            None => {
                self.group = Group::of(&self.columns.kinds);
                Ok(())
            }
        }
    }
}

impl Writer for Parquet {
    fn begin(&mut self, _: &mut Target) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: Row<'_>, target: &mut Target) -> Result<()> {
        for (n, chunk) in self.group.chunks.iter_mut().enumerate() {
            let pushed = chunk.push(row.get(n));
            let long = pushed.map_err(|problem| does_not_fit(&self.columns.names[n], problem))?;
            self.group.bytes += long.bytes;
            self.infinite |= long.infinite;
        }
        self.group.rows += 1;
        if self.group.rows >= ROWS || self.group.bytes >= BYTES { self.encode(target) } else { Ok(()) }
    }

    fn end(&mut self, target: &mut Target) -> Result<()> {
        if self.group.rows > 0 {
            self.encode(target)?;
        }
        let encoder = match self.encoder.take() {
            Some(encoder) => encoder,
            None => Encoder::start(self.schema.clone(), &self.group).map_err(failed)?,
        };
        target.pass(encoder.end().map_err(failed)?)
    }

    fn notes(&self) -> Vec<String> {
        let infinite = "infinity and -infinity of dates and timestamps are the largest number of their type and its negative, as DuckDB has them";
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
