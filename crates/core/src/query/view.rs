//! A whole result in another order, or the rows of it that fit: numbers of rows, the rows stay where they are.
//!
//! Memory is bounded whatever the result's size: keys are sorted by runs that go to a file without a name, and the order
//! itself goes to one where it is long. A result of more than 4,294,967,295 rows, and values that are alike over their
//! first 4,096 bytes, are not sorted here: the server is.

mod errand;
mod filter;
mod key;
mod next;
mod order;
mod run;
mod runs;

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub(super) use errand::Errand;
pub use filter::{FilterTest, QueryFilter};
pub(super) use order::RowOrder;

use self::filter::Test;
use self::order::OrderWriter;
use self::runs::Sorter;
use super::state::{ColumnKind, QueryColumn};
use super::store::{RowReader, Store};
use crate::{Error, ErrorKind, Result};

/// One column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryOrder {
    /// The column's place, from 0.
    pub column: u32,
    pub descending: bool,
}

/// A view that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryView {
    pub id: String,
    pub rows: u64,
}

/// What a view is to be.
pub(super) struct Wanted<'a> {
    pub(super) columns: &'a [QueryColumn],
    pub(super) sort: &'a [QueryOrder],
    pub(super) filters: &'a [QueryFilter],
}

/// The numbers of the rows of a view, in its order; without sort and filter, all of them as they came.
///
/// # Errors
/// `Precondition` while rows still come and for what cannot be sorted here; `InvalidArguments` for a column that is not
/// there; `Cancelled` when the errand is not wanted any more; `Storage` when the disk is full.
pub(super) fn view(
    store: &Arc<Store>,
    wanted: &Wanted<'_>,
    folder: &Path,
    errand: &mut Errand,
) -> Result<RowOrder> {
    let rows = store.rows();
    if !store.is_complete() {
        return Err(Error::new(ErrorKind::Precondition, "the result is not complete yet")
            .hint("Wait until all rows are there, or let the server sort and filter."));
    }
    check(wanted)?;
    if wanted.sort.is_empty() && wanted.filters.is_empty() {
        return Ok(RowOrder::all(rows));
    }
    let rows = u32::try_from(rows).map_err(|_| too_many())?;
    errand.expect(u64::from(rows) * if wanted.sort.is_empty() { 1 } else { 2 });
    if wanted.sort.is_empty() {
        filtered(store, wanted, folder, errand)
    } else {
        sorted(store, wanted, folder, errand)
    }
}

fn check(wanted: &Wanted<'_>) -> Result<()> {
    let sorted = wanted.sort.iter().map(|order| order.column);
    let mut named = sorted.chain(wanted.filters.iter().map(|filter| filter.column));
    match named.find(|column| *column as usize >= wanted.columns.len()) {
        None => Ok(()),
        Some(column) => {
            Err(Error::new(ErrorKind::InvalidArguments, format!("the result has no column {column}")))
        }
    }
}

fn too_many() -> Error {
    Error::new(
        ErrorKind::Precondition,
        format!("more than {} rows are not sorted or filtered here", u32::MAX),
    )
    .hint("Let the server do it: run it again with this order or condition.")
}

fn filtered(store: &Arc<Store>, wanted: &Wanted<'_>, folder: &Path, errand: &mut Errand) -> Result<RowOrder> {
    let mut order = OrderWriter::new(folder);
    each_kept(store, wanted, errand, |number, _| order.push(number))?;
    order.finish()
}

fn sorted(store: &Arc<Store>, wanted: &Wanted<'_>, folder: &Path, errand: &mut Errand) -> Result<RowOrder> {
    let mut sorter = Sorter::new(folder);
    let mut written = Vec::new();
    each_kept(store, wanted, errand, |number, cells| {
        written.clear();
        let mut cut = false;
        for order in wanted.sort {
            let at = order.column as usize;
            cut |= key::write(wanted.columns[at].kind, cells.get(at), order.descending, &mut written);
        }
        sorter.push(number, &written, cut)
    })?;
    sorter.finish(errand)
}

/// Calls for each row that fits, with the cells that are sorted or filtered by.
fn each_kept(
    store: &Arc<Store>,
    wanted: &Wanted<'_>,
    errand: &mut Errand,
    mut take: impl FnMut(u32, &Cells) -> Result<()>,
) -> Result<()> {
    let tests: Vec<Test<'_>> =
        wanted.filters.iter().map(|filter| Test::new(filter, wanted.columns)).collect();
    let mut cells = Cells::of(wanted);
    let mut reader = store.reader(0)?;
    let (mut number, mut scratch) = (0, Vec::new());
    while reader.next_row() {
        cells.read(&mut reader)?;
        if tests.iter().all(|test| test.holds(cells.get(test.column), &mut scratch)) {
            take(number, &cells)?;
        }
        number += 1;
        errand.step()?;
    }
    Ok(())
}

/// The cells of a row that are needed; the others are gone over.
struct Cells {
    /// By column: how much of it is needed, and its bytes.
    columns: Vec<(Need, Option<Vec<u8>>)>,
}

/// How much of a cell is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Need {
    Nothing,
    /// As much as its key has.
    Beginning,
    Whole,
}

impl Cells {
    fn of(wanted: &Wanted<'_>) -> Self {
        let mut columns = vec![(Need::Nothing, None); wanted.columns.len()];
        for order in wanted.sort {
            let at = order.column as usize;
            let number = wanted.columns[at].kind == ColumnKind::Number;
            columns[at].0 = if number { Need::Whole } else { Need::Beginning };
        }
        for filter in wanted.filters {
            columns[filter.column as usize].0 = Need::Whole;
        }
        Self { columns }
    }

    fn get(&self, column: usize) -> Option<&[u8]> {
        self.columns[column].1.as_deref()
    }

    fn read(&mut self, reader: &mut RowReader) -> Result<()> {
        for (need, cell) in &mut self.columns {
            let Some(length) = reader.length()? else {
                *cell = None;
                continue;
            };
            let read = match need {
                Need::Nothing => 0,
                Need::Beginning => length.min(key::LONGEST + 1),
                Need::Whole => length,
            };
            if *need != Need::Nothing {
                let bytes = cell.get_or_insert_default();
                bytes.clear();
                reader.take(read, bytes)?;
            }
            reader.skip(length - read);
        }
        Ok(())
    }
}
