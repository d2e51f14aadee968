//! Windows of rows with their cells cut, and single cells by parts.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store::{RowReader, Store};
use super::view::RowOrder;
use crate::catalog::Cell;
use crate::{Error, ErrorKind, Result};

/// Rows of a window at most.
const MOST_ROWS: u32 = 1_000;

/// Characters of a cell that a window shows.
const CHARACTERS: usize = 400;

/// Bytes that so many characters need at most.
const SHOWN_BYTES: usize = CHARACTERS * 4;

/// Bytes of a part of a cell at most.
const MOST_BYTES: u64 = 4 * 1024 * 1024;

/// A window of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryRows {
    /// The first row, from 0.
    pub first: u64,
    /// Rows that can be read now.
    pub total: u64,
    /// Whether no more will come.
    pub complete: bool,
    /// NULL is the absence of a cell.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// Of a view: the number of each row in the result itself, which is what an edit names it by.
    pub numbers: Option<Vec<u64>>,
}

/// A part of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCellPart {
    /// Whole characters; bytes that are no UTF-8 as `\xHH`. None is NULL.
    pub text: Option<String>,
    /// The bytes of the whole cell.
    pub bytes: u64,
    /// Where the next part begins, in bytes.
    pub next: Option<u64>,
}

/// Reads a window of a result, or of a view of it.
pub(super) fn window(
    store: &Arc<Store>,
    order: Option<&RowOrder>,
    first: u64,
    count: u32,
) -> Result<QueryRows> {
    let count = count.min(MOST_ROWS);
    let complete = store.is_complete();
    let Some(order) = order else {
        let (total, rows) = (store.rows(), in_order(store, first, count)?);
        return Ok(QueryRows { first, total, complete, rows, numbers: None });
    };
    let numbers = order.numbers(first, count.into())?;
    let rows = numbers.iter().map(|row| one(store, *row)).collect::<Result<_>>()?;
    Ok(QueryRows { first, total: order.len(), complete, rows, numbers: Some(numbers) })
}

fn in_order(store: &Arc<Store>, first: u64, count: u32) -> Result<Vec<Vec<Option<Cell>>>> {
    let mut reader = store.reader(first)?;
    let mut rows = Vec::new();
    while rows.len() < count as usize && reader.next_row() {
        rows.push(cells(&mut reader, store.columns())?);
    }
    Ok(rows)
}

fn one(store: &Arc<Store>, row: u64) -> Result<Vec<Option<Cell>>> {
    let mut reader = store.reader(row)?;
    if reader.next_row() { cells(&mut reader, store.columns()) } else { Ok(Vec::new()) }
}

fn cells(reader: &mut RowReader, columns: usize) -> Result<Vec<Option<Cell>>> {
    (0..columns).map(|_| cell(reader)).collect()
}

fn cell(reader: &mut RowReader) -> Result<Option<Cell>> {
    let Some(length) = reader.length()? else { return Ok(None) };
    let mut bytes = Vec::new();
    let shown = length.min(SHOWN_BYTES);
    reader.take(shown, &mut bytes)?;
    reader.skip(length - shown);
    let end = if shown == length { shown } else { whole_characters(&bytes) };
    let (text, cut) = cut(readable(&bytes[..end]));
    Ok(Some(Cell { text, bytes: i64::try_from(length).unwrap_or(i64::MAX), cut: cut || shown < length }))
}

fn cut(text: String) -> (String, bool) {
    match text.char_indices().nth(CHARACTERS) {
        None => (text, false),
        Some((end, _)) => (text[..end].to_owned(), true),
    }
}

/// Text as it is; bytes that are no UTF-8 (a database in SQL_ASCII has them) as `\xHH`.
pub(super) fn readable(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    text
}

/// The bytes up to the last whole character: what ends in the middle of one is left for the next part.
fn whole_characters(bytes: &[u8]) -> usize {
    let begins = |byte: &u8| *byte & 0b1100_0000 != 0b1000_0000;
    let back = bytes.iter().rev().take(4).position(begins);
    let Some(last) = back.map(|back| bytes.len() - 1 - back) else { return bytes.len() };
    let long = match bytes[last] {
        0b1100_0000..=0b1101_1111 => 2,
        0b1110_0000..=0b1110_1111 => 3,
        0b1111_0000..=0b1111_0111 => 4,
        _ => 1,
    };
    if last + long > bytes.len() { last } else { bytes.len() }
}

/// Reads a part of a cell.
///
/// # Errors
/// `NotFound` for a row or a column that the result does not have.
pub(super) fn part(
    store: &Arc<Store>,
    row: u64,
    column: u32,
    offset: u64,
    limit: u64,
) -> Result<QueryCellPart> {
    let mut reader = at_cell(store, row, column)?;
    let Some(length) = reader.length()? else {
        return Ok(QueryCellPart { text: None, bytes: 0, next: None });
    };
    let offset = usize::try_from(offset).unwrap_or(usize::MAX).min(length);
    // Fewer than four bytes might hold no whole character.
    let limit = usize::try_from(limit.clamp(4, MOST_BYTES)).unwrap_or(4).min(length - offset);
    reader.skip(offset);
    let mut bytes = Vec::new();
    reader.take(limit, &mut bytes)?;
    let end = if offset + limit == length { limit } else { whole_characters(&bytes) };
    let next = offset + end;
    Ok(QueryCellPart {
        text: Some(readable(&bytes[..end])),
        bytes: length as u64,
        next: (next < length).then_some(next as u64),
    })
}

/// A reader that stands before a cell.
fn at_cell(store: &Arc<Store>, row: u64, column: u32) -> Result<RowReader> {
    let mut reader = store.reader(row)?;
    if column as usize >= store.columns() || !reader.next_row() {
        return Err(Error::new(ErrorKind::NotFound, format!("the result has no cell {column} in row {row}")));
    }
    for _ in 0..column {
        let length = reader.length()?;
        reader.skip(length.unwrap_or(0));
    }
    Ok(reader)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_shown_as_they_are() {
        assert_eq!(readable(b"a\xff\xfeb\xc3"), "a\\xFF\\xFEb\\xC3");
    }

    #[test]
    fn a_part_ends_before_a_character_that_it_has_not_whole() {
        let text = "aö😀".as_bytes();
        let ends: Vec<usize> = (0..=text.len()).map(|end| whole_characters(&text[..end])).collect();
        assert_eq!(ends, [0, 1, 1, 3, 3, 3, 3, 7]);
    }
}
