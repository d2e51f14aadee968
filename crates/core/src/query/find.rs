//! Finding a text in a whole result.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::store::{RowReader, Store};
use crate::Result;

/// A cell of a result or of a view of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryPlace {
    pub row: u64,
    pub column: u32,
}

/// What to look for, and from where on: the cell itself is looked at last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFindRequest {
    pub text: String,
    pub from: QueryPlace,
    pub backwards: bool,
}

/// The next cell that has the text, in any case; goes round at the end.
pub(super) fn find(
    store: &Arc<Store>,
    order: Option<&[u32]>,
    request: &QueryFindRequest,
) -> Result<Option<QueryPlace>> {
    let rows = order.map_or_else(|| store.rows(), |order| order.len() as u64);
    if rows == 0 || request.text.is_empty() {
        return Ok(None);
    }
    let search = Search { store, order, needle: Needle::new(&request.text), rows };
    let QueryPlace { row, column } = request.from;
    let from = QueryPlace { row: row.min(rows - 1), column };
    if request.backwards { search.backward(from) } else { search.forward(from) }
}

struct Search<'a> {
    store: &'a Arc<Store>,
    order: Option<&'a [u32]>,
    needle: Needle,
    rows: u64,
}

impl Search<'_> {
    fn forward(&self, from: QueryPlace) -> Result<Option<QueryPlace>> {
        let after = |column: u32| column > from.column;
        if let Some(column) = self.columns(from.row)?.into_iter().find(|column| after(*column)) {
            return Ok(Some(QueryPlace { row: from.row, column }));
        }
        if let Some(found) = self.first_in(from.row + 1, self.rows)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.first_in(0, from.row)? {
            return Ok(Some(found));
        }
        let first = self.columns(from.row)?.into_iter().find(|column| !after(*column));
        Ok(first.map(|column| QueryPlace { row: from.row, column }))
    }

    fn backward(&self, from: QueryPlace) -> Result<Option<QueryPlace>> {
        let before = |column: u32| column < from.column;
        if let Some(column) = self.columns(from.row)?.into_iter().rfind(|column| before(*column)) {
            return Ok(Some(QueryPlace { row: from.row, column }));
        }
        if let Some(found) = self.last_in(0, from.row)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.last_in(from.row + 1, self.rows)? {
            return Ok(Some(found));
        }
        let last = self.columns(from.row)?.into_iter().rfind(|column| !before(*column));
        Ok(last.map(|column| QueryPlace { row: from.row, column }))
    }

    /// The first cell among rows, read in one go where they stand in their own order.
    fn first_in(&self, from: u64, to: u64) -> Result<Option<QueryPlace>> {
        if self.order.is_none() && from < to {
            let mut reader = self.store.reader(from)?;
            for row in from..to {
                if let Some(column) = self.matching(&mut reader)?.first() {
                    return Ok(Some(QueryPlace { row, column: *column }));
                }
            }
            return Ok(None);
        }
        for row in from..to {
            if let Some(column) = self.columns(row)?.first() {
                return Ok(Some(QueryPlace { row, column: *column }));
            }
        }
        Ok(None)
    }

    /// The last cell among rows: block by block from the end.
    fn last_in(&self, from: u64, to: u64) -> Result<Option<QueryPlace>> {
        const BLOCK: u64 = 4096;
        let mut end = to;
        while end > from {
            let start = from.max(end.saturating_sub(BLOCK));
            if let Some(found) = self.last_of_block(start, end)? {
                return Ok(Some(found));
            }
            end = start;
        }
        Ok(None)
    }

    fn last_of_block(&self, from: u64, to: u64) -> Result<Option<QueryPlace>> {
        let mut last = None;
        let mut reader = match self.order {
            None => Some(self.store.reader(from)?),
            Some(_) => None,
        };
        for row in from..to {
            let columns = match &mut reader {
                Some(reader) => self.matching(reader)?,
                None => self.columns(row)?,
            };
            last = columns.last().map(|column| QueryPlace { row, column: *column }).or(last);
        }
        Ok(last)
    }

    /// The columns of a row that have the text.
    fn columns(&self, row: u64) -> Result<Vec<u32>> {
        let row = match self.order {
            None => row,
            Some(order) => {
                usize::try_from(row).ok().and_then(|row| order.get(row).copied()).map_or(u64::MAX, u64::from)
            }
        };
        self.matching(&mut self.store.reader(row)?)
    }

    fn matching(&self, reader: &mut RowReader) -> Result<Vec<u32>> {
        let mut found = Vec::new();
        if !reader.next_row() {
            return Ok(found);
        }
        let mut bytes = Vec::new();
        for column in 0..self.store.columns() {
            let Some(length) = reader.length()? else { continue };
            bytes.clear();
            reader.take(length, &mut bytes)?;
            if self.needle.is_in(&bytes) {
                found.push(u32::try_from(column).unwrap_or(u32::MAX));
            }
        }
        Ok(found)
    }
}

/// A text that is looked for in any case.
pub(super) struct Needle {
    lower: String,
    /// Only ASCII letters fold without making text anew.
    ascii: bool,
}

impl Needle {
    pub(super) fn new(text: &str) -> Self {
        let lower = text.to_lowercase();
        Self { ascii: lower.is_ascii(), lower }
    }

    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        if self.ascii {
            return in_ascii(bytes, self.lower.as_bytes());
        }
        String::from_utf8_lossy(bytes).to_lowercase().contains(&self.lower)
    }
}

fn in_ascii(bytes: &[u8], lower: &[u8]) -> bool {
    let Some(first) = lower.first() else { return true };
    let upper = first.to_ascii_uppercase();
    let Some(last) = bytes.len().checked_sub(lower.len()) else { return false };
    let begins = |at: &usize| bytes[*at] == *first || bytes[*at] == upper;
    (0..=last).filter(begins).any(|at| bytes[at..at + lower.len()].eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_found_in_any_case() {
        assert!(Needle::new("ÖL").is_in("Rohöl".as_bytes()));
        assert!(Needle::new("NaN").is_in(b"x nan"));
        assert!(!Needle::new("nano").is_in(b"x nan"));
        assert!(Needle::new("a").is_in(b"\xffA"));
    }
}
