//! The values of one column, gathered until their group of rows is written.

use std::collections::HashSet;
use std::hash::Hash;

use parquet::basic::Type as Physical;
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, FixedLenByteArray, FixedLenByteArrayType,
    FloatType, Int32Type, Int64Type,
};
use parquet::errors::Result;
use parquet::file::writer::SerializedColumnWriter;

use super::super::column::Kind;
use super::super::json::readable;
use super::{Misfit, civil, decimal};

/// A column of a group of rows.
pub(super) struct Chunk {
    kind: Kind,
    /// 1 for a value, 0 for NULL; one a row.
    levels: Vec<i16>,
    values: Values,
}

/// What a value came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pushed {
    pub(super) bytes: usize,
    pub(super) infinite: bool,
}

enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    /// All values in one line of bytes, and where each ends.
    Bytes(Vec<u8>, Vec<usize>),
    /// Sixteen bytes each.
    Sixteen(Vec<u8>),
}

impl Chunk {
    pub(super) fn of(kind: Kind) -> Self {
        let values = match kind {
            Kind::Boolean => Values::Bool(Vec::new()),
            Kind::Int16 | Kind::Int32 | Kind::Date => Values::Int32(Vec::new()),
            Kind::Int64 | Kind::Timestamp | Kind::TimestampTz => Values::Int64(Vec::new()),
            Kind::Float32 => Values::Float(Vec::new()),
            Kind::Float64 => Values::Double(Vec::new()),
            Kind::Uuid => Values::Sixteen(Vec::new()),
            Kind::Numeric(Some((precision, _))) => match decimal::physical(precision) {
                Physical::INT32 => Values::Int32(Vec::new()),
                Physical::INT64 => Values::Int64(Vec::new()),
                _ => Values::Sixteen(Vec::new()),
            },
            Kind::Numeric(None) | Kind::Json | Kind::Bytes | Kind::Text => {
                Values::Bytes(Vec::new(), Vec::new())
            }
        };
        Self { kind, levels: Vec::new(), values }
    }

    /// Takes the next row's value.
    pub(super) fn push(&mut self, cell: Option<&[u8]>) -> std::result::Result<Pushed, Misfit> {
        let Some(cell) = cell else {
            self.levels.push(0);
            return Ok(Pushed { bytes: 2, infinite: false });
        };
        let infinite = self.take(cell)?;
        self.levels.push(1);
        Ok(Pushed { bytes: cell.len() + 8, infinite })
    }

    fn take(&mut self, cell: &[u8]) -> std::result::Result<bool, Misfit> {
        match (&mut self.values, self.kind) {
            (Values::Bool(values), _) => values.push(cell == b"t"),
            (Values::Int32(values), Kind::Date) => {
                let date = civil::date(text(cell)?).ok_or(Misfit::TooFar)?;
                values.push(date);
                return Ok(date.saturating_abs() == i32::MAX);
            }
            (Values::Int64(values), Kind::Timestamp | Kind::TimestampTz) => {
                let moment = civil::timestamp(text(cell)?).ok_or(Misfit::TooFar)?;
                values.push(moment);
                return Ok(moment.saturating_abs() == i64::MAX);
            }
            (Values::Int32(values), Kind::Numeric(Some((_, scale)))) => {
                values.push(i32::try_from(decimal::scaled(text(cell)?, scale)?).map_err(|_| Misfit::TooFar)?);
            }
            (Values::Int64(values), Kind::Numeric(Some((_, scale)))) => {
                values.push(i64::try_from(decimal::scaled(text(cell)?, scale)?).map_err(|_| Misfit::TooFar)?);
            }
            (Values::Sixteen(values), Kind::Numeric(Some((_, scale)))) => {
                values.extend_from_slice(&decimal::scaled(text(cell)?, scale)?.to_be_bytes());
            }
            (Values::Sixteen(values), _) => {
                let uuid = uuid::Uuid::try_parse_ascii(cell).map_err(|_| Misfit::Odd)?;
                values.extend_from_slice(uuid.as_bytes());
            }
            (Values::Int32(values), _) => values.push(parsed(cell)?),
            (Values::Int64(values), _) => values.push(parsed(cell)?),
            (Values::Float(values), _) => values.push(parsed(cell)?),
            (Values::Double(values), _) => values.push(parsed(cell)?),
            (Values::Bytes(values, ends), Kind::Bytes) => {
                unhex(cell, values)?;
                ends.push(values.len());
            }
            (Values::Bytes(values, ends), _) => {
                values.extend_from_slice(readable(cell).as_bytes());
                ends.push(values.len());
            }
        }
        Ok(false)
    }

    /// Whether values come again, by a look at the first ones.
    pub(super) fn repeats(&self) -> bool {
        match &self.values {
            Values::Bool(_) => false,
            Values::Int32(values) => few(values.iter()),
            Values::Int64(values) => few(values.iter()),
            Values::Float(values) => few(values.iter().map(|value| value.to_bits())),
            Values::Double(values) => few(values.iter().map(|value| value.to_bits())),
            Values::Bytes(bytes, ends) => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                few(starts.zip(ends).map(|(from, to)| &bytes[from..*to]))
            }
            Values::Sixteen(bytes) => few(bytes.chunks_exact(16)),
        }
    }

    /// Writes all values and forgets them.
    pub(super) fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<()> {
        let levels = &self.levels;
        let written = match &mut self.values {
            Values::Bool(values) => put::<BoolType>(column, values, levels),
            Values::Int32(values) => put::<Int32Type>(column, values, levels),
            Values::Int64(values) => put::<Int64Type>(column, values, levels),
            Values::Float(values) => put::<FloatType>(column, values, levels),
            Values::Double(values) => put::<DoubleType>(column, values, levels),
            Values::Bytes(bytes, ends) => {
                let all = ByteArray::from(taken(bytes));
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let mut values: Vec<ByteArray> =
                    starts.zip(&*ends).map(|(from, to)| all.slice(from, to - from)).collect();
                ends.clear();
                put::<ByteArrayType>(column, &mut values, levels)
            }
            Values::Sixteen(bytes) => {
                let all = ByteArray::from(taken(bytes));
                let count = all.len() / 16;
                let mut values: Vec<FixedLenByteArray> =
                    (0..count).map(|n| FixedLenByteArray::from(all.slice(n * 16, 16))).collect();
                put::<FixedLenByteArrayType>(column, &mut values, levels)
            }
        };
        self.levels.clear();
        written
    }
}

/// Values that are looked at.
const SAMPLE: usize = 10_000;

/// Whether less than half of the values are different ones.
fn few<T: Hash + Eq>(values: impl Iterator<Item = T>) -> bool {
    let (mut seen, mut different) = (0, HashSet::new());
    for value in values.take(SAMPLE) {
        seen += 1;
        different.insert(value);
    }
    different.len() * 2 < seen
}

fn put<T: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: &[i16],
) -> Result<()> {
    column.typed::<T>().write_batch(values, Some(levels), None)?;
    values.clear();
    Ok(())
}

/// The bytes, and room for about as many in their place.
fn taken(bytes: &mut Vec<u8>) -> Vec<u8> {
    let room = Vec::with_capacity(bytes.len());
    std::mem::replace(bytes, room)
}

fn text(cell: &[u8]) -> std::result::Result<&str, Misfit> {
    std::str::from_utf8(cell).map_err(|_| Misfit::Odd)
}

/// Rust reads NaN, Infinity and -Infinity as the server writes them.
fn parsed<T: std::str::FromStr>(cell: &[u8]) -> std::result::Result<T, Misfit> {
    text(cell)?.parse().map_err(|_| Misfit::Odd)
}

/// `\x` and two digits a byte, as the server writes bytea; in its older form (`bytea_output = escape`) it is no hex.
fn unhex(cell: &[u8], into: &mut Vec<u8>) -> std::result::Result<(), Misfit> {
    let digits = cell.strip_prefix(b"\\x").ok_or(Misfit::Odd)?;
    for pair in digits.chunks(2) {
        let digit =
            |at: usize| pair.get(at).and_then(|byte| char::from(*byte).to_digit(16)).ok_or(Misfit::Odd);
        into.push(u8::try_from(digit(0)? * 16 + digit(1)?).map_err(|_| Misfit::Odd)?);
    }
    Ok(())
}
