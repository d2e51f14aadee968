//! Finding a text in a whole result.

mod needle;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(super) use needle::Needle;

use super::store::{RowReader, Store};
use super::view::{Errand, RowOrder};
use crate::Result;

/// Rows that are looked at before what was found of them is told.
const BLOCK: u64 = 4096;

/// Bytes of a cell that are read at once.
const PART: usize = 1024 * 1024;

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
///
/// # Errors
/// `Cancelled` when something newer was asked, `Storage` when the file cannot be read.
pub(super) fn find(
    store: &Arc<Store>,
    order: Option<&RowOrder>,
    request: &QueryFindRequest,
    errand: &mut Errand,
) -> Result<Option<QueryPlace>> {
    let rows = order.map_or_else(|| store.rows(), RowOrder::len);
    if rows == 0 || request.text.is_empty() {
        return Ok(None);
    }
    let from = QueryPlace { row: request.from.row.min(rows - 1), column: request.from.column };
    let needle = Needle::new(&request.text);
    let mut search =
        Search { store, order, needle, begun: false, fits: None, errand, rows, bytes: Vec::new() };
    if request.backwards { search.backward(from) } else { search.forward(from) }
}

struct Search<'a> {
    store: &'a Arc<Store>,
    order: Option<&'a RowOrder>,
    needle: Needle,
    /// Whether a block of a view has been looked at.
    begun: bool,
    /// Of a view: which rows of the store have the text, a bit for each.
    fits: Option<Vec<u64>>,
    errand: &'a mut Errand,
    rows: u64,
    /// Of the cell that is looked at.
    bytes: Vec<u8>,
}

impl Search<'_> {
    fn forward(&mut self, from: QueryPlace) -> Result<Option<QueryPlace>> {
        let after = |column: &u32| *column > from.column;
        let here = self.columns(from.row)?;
        if let Some(column) = here.iter().copied().find(after) {
            return Ok(Some(QueryPlace { row: from.row, column }));
        }
        if let Some(found) = self.first_in(from.row + 1, self.rows)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.first_in(0, from.row)? {
            return Ok(Some(found));
        }
        Ok(here.into_iter().find(|column| !after(column)).map(|column| QueryPlace { row: from.row, column }))
    }

    fn backward(&mut self, from: QueryPlace) -> Result<Option<QueryPlace>> {
        let before = |column: &u32| *column < from.column;
        let here = self.columns(from.row)?;
        if let Some(column) = here.iter().copied().rfind(before) {
            return Ok(Some(QueryPlace { row: from.row, column }));
        }
        if let Some(found) = self.last_in(0, from.row)? {
            return Ok(Some(found));
        }
        if let Some(found) = self.last_in(from.row + 1, self.rows)? {
            return Ok(Some(found));
        }
        Ok(here
            .into_iter()
            .rfind(|column| !before(column))
            .map(|column| QueryPlace { row: from.row, column }))
    }

    /// The first cell among rows.
    fn first_in(&mut self, from: u64, to: u64) -> Result<Option<QueryPlace>> {
        let mut start = from;
        while start < to {
            let end = to.min(start + BLOCK);
            if let Some(row) = self.fitting(start, end, true)?.first() {
                return self.place(*row, |columns| columns.first().copied());
            }
            start = end;
        }
        Ok(None)
    }

    /// The last cell among rows.
    fn last_in(&mut self, from: u64, to: u64) -> Result<Option<QueryPlace>> {
        let mut end = to;
        while end > from {
            let start = from.max(end.saturating_sub(BLOCK));
            if let Some(row) = self.fitting(start, end, false)?.last() {
                return self.place(*row, |columns| columns.last().copied());
            }
            end = start;
        }
        Ok(None)
    }

    fn place(&mut self, row: u64, which: impl Fn(&[u32]) -> Option<u32>) -> Result<Option<QueryPlace>> {
        Ok(which(&self.columns(row)?).map(|column| QueryPlace { row, column }))
    }

    /// The rows of a block that have the text; `first`: no more than the first is asked for.
    fn fitting(&mut self, from: u64, to: u64, first: bool) -> Result<Vec<u64>> {
        let Some(order) = self.order else { return self.in_order(from, to, first) };
        let numbers = order.numbers(from, to - from)?;
        let rows = (from..).zip(numbers);
        if !std::mem::replace(&mut self.begun, true) {
            return self.one_by_one(rows, first);
        }
        // Rows of a view lie anywhere in the store: it is read once from its beginning to its end.
        let fits = match self.fits.take() {
            Some(fits) => fits,
            None => self.all_that_fit()?,
        };
        let has = |number: u64| fits.get(place_of(number)).is_some_and(|bits| bits >> (number % 64) & 1 == 1);
        let found = rows.filter(|(_, number)| has(*number)).map(|(row, _)| row).collect();
        self.fits = Some(fits);
        Ok(found)
    }

    fn in_order(&mut self, from: u64, to: u64, first: bool) -> Result<Vec<u64>> {
        let mut reader = self.store.reader(from)?;
        let mut found = Vec::new();
        for row in from..to {
            self.errand.step()?;
            if self.row_fits(&mut reader)? {
                found.push(row);
                if first {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn one_by_one(&mut self, rows: impl Iterator<Item = (u64, u64)>, first: bool) -> Result<Vec<u64>> {
        let mut found = Vec::new();
        for (row, number) in rows {
            self.errand.step()?;
            if self.row_fits(&mut self.store.reader(number)?)? {
                found.push(row);
                if first {
                    break;
                }
            }
        }
        Ok(found)
    }

    fn all_that_fit(&mut self) -> Result<Vec<u64>> {
        let rows = self.store.rows();
        let mut bits = vec![0; place_of(rows) + 1];
        let mut reader = self.store.reader(0)?;
        for number in 0..rows {
            self.errand.step()?;
            bits[place_of(number)] |= u64::from(self.row_fits(&mut reader)?) << (number % 64);
        }
        Ok(bits)
    }

    /// The columns of a row that have the text.
    fn columns(&mut self, row: u64) -> Result<Vec<u32>> {
        let number = match self.order {
            None => row,
            Some(order) => order.number(row)?.unwrap_or(u64::MAX),
        };
        let mut reader = self.store.reader(number)?;
        let mut found = Vec::new();
        if reader.next_row() {
            for column in 0..self.store.columns() {
                if self.cell_fits(&mut reader)? {
                    found.push(u32::try_from(column).unwrap_or(u32::MAX));
                }
            }
        }
        Ok(found)
    }

    /// Whether the next row has the text.
    fn row_fits(&mut self, reader: &mut RowReader) -> Result<bool> {
        let mut found = false;
        if reader.next_row() {
            for _ in 0..self.store.columns() {
                if found {
                    let length = reader.length()?;
                    reader.skip(length.unwrap_or(0));
                } else {
                    found = self.cell_fits(reader)?;
                }
            }
        }
        Ok(found)
    }

    /// Whether the next cell has the text: by parts that overlap, since it may be of any size.
    fn cell_fits(&mut self, reader: &mut RowReader) -> Result<bool> {
        let mut left = reader.length()?.unwrap_or(0);
        self.bytes.clear();
        while left > 0 {
            let part = left.min(PART);
            reader.take(part, &mut self.bytes)?;
            left -= part;
            if self.needle.is_in(&self.bytes) {
                reader.skip(left);
                return Ok(true);
            }
            let done = self.bytes.len().saturating_sub(self.needle.longest());
            self.bytes.drain(..done);
        }
        Ok(false)
    }
}

/// Where in the words of 64 bits a row's bit is.
fn place_of(number: u64) -> usize {
    usize::try_from(number / 64).unwrap_or(usize::MAX)
}
