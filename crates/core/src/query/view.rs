//! A whole result in another order, or the rows of it that fit: numbers of rows, the rows stay where they are.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::find::Needle;
use super::sort_key::SortKey;
use super::state::{ColumnKind, QueryColumn};
use super::store::{RowReader, Store};
use crate::{Error, ErrorKind, Result};

/// Bytes of the keys that are sorted in memory, at most.
const MOST_KEYS: usize = 48 * 1024 * 1024;

/// One column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryOrder {
    /// The column's place, from 0.
    pub column: u32,
    pub descending: bool,
}

/// How a cell is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FilterTest {
    /// In any case.
    Contains,
    Equals,
    NotEquals,
    IsNull,
    IsNotNull,
    Greater,
    Less,
}

/// A condition; a row is kept when all hold. NULL fits `isNull` alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFilter {
    pub column: u32,
    pub op: FilterTest,
    pub value: String,
}

/// A view that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryView {
    pub id: String,
    pub rows: u64,
}

/// The numbers of the rows of a view, in its order.
///
/// # Errors
/// `Precondition` while rows still come and where the keys are too large; `InvalidArguments` for a column that is not there.
pub(super) fn view(
    store: &Arc<Store>,
    columns: &[QueryColumn],
    sort: &[QueryOrder],
    filters: &[QueryFilter],
) -> Result<Vec<u32>> {
    if !store.is_complete() {
        return Err(Error::new(ErrorKind::Precondition, "the result is not complete yet")
            .hint("Wait until all rows are there, or let the server sort and filter."));
    }
    check(columns, sort, filters)?;
    let tests: Vec<Test<'_>> = filters.iter().map(|filter| Test::new(filter, columns)).collect();
    let mut rows = kept(store, columns, sort, &tests)?;
    rows.sort_by(|one, other| compare(&one.keys, &other.keys, sort));
    Ok(rows.into_iter().map(|row| row.number).collect())
}

fn check(columns: &[QueryColumn], sort: &[QueryOrder], filters: &[QueryFilter]) -> Result<()> {
    let named = sort.iter().map(|order| order.column).chain(filters.iter().map(|filter| filter.column));
    match named.into_iter().find(|column| *column as usize >= columns.len()) {
        None => Ok(()),
        Some(column) => {
            Err(Error::new(ErrorKind::InvalidArguments, format!("the result has no column {column}")))
        }
    }
}

struct Row {
    number: u32,
    keys: Vec<SortKey>,
}

fn kept(
    store: &Arc<Store>,
    columns: &[QueryColumn],
    sort: &[QueryOrder],
    tests: &[Test<'_>],
) -> Result<Vec<Row>> {
    let mut reader = store.reader(0)?;
    let (mut rows, mut number, mut size) = (Vec::new(), 0_u32, 0);
    let mut needed: Vec<usize> = sort.iter().map(|order| order.column as usize).collect();
    needed.extend(tests.iter().map(|test| test.column));
    let mut cells = Vec::new();
    while reader.next_row() {
        read(&mut reader, columns.len(), &needed, &mut cells)?;
        if tests.iter().all(|test| test.holds(cells[test.column].as_deref())) {
            let keys: Vec<SortKey> = sort.iter().map(|order| key(columns, &cells, order)).collect();
            size += size_of::<Row>() + keys.iter().map(SortKey::size).sum::<usize>();
            if !sort.is_empty() && size > MOST_KEYS {
                return Err(too_large());
            }
            rows.push(Row { number, keys });
        }
        number = number.checked_add(1).ok_or_else(too_large)?;
    }
    Ok(rows)
}

fn too_large() -> Error {
    Error::new(ErrorKind::Precondition, "the result is too large to be sorted here")
        .hint("Let the server sort it: run it again with this order.")
}

fn key(columns: &[QueryColumn], cells: &[Option<Vec<u8>>], order: &QueryOrder) -> SortKey {
    let at = order.column as usize;
    SortKey::of(columns[at].kind, cells[at].as_deref())
}

fn compare(one: &[SortKey], other: &[SortKey], sort: &[QueryOrder]) -> Ordering {
    for ((one, other), order) in one.iter().zip(other).zip(sort) {
        let by = if order.descending { other.cmp(one) } else { one.cmp(other) };
        if by.is_ne() {
            return by;
        }
    }
    Ordering::Equal
}

/// Reads the cells that are needed, and goes over the others.
fn read(
    reader: &mut RowReader,
    columns: usize,
    needed: &[usize],
    cells: &mut Vec<Option<Vec<u8>>>,
) -> Result<()> {
    cells.clear();
    for at in 0..columns {
        let length = reader.length()?;
        let cell = match length {
            Some(length) if needed.contains(&at) => {
                let mut bytes = Vec::new();
                reader.take(length, &mut bytes)?;
                Some(bytes)
            }
            _ => {
                reader.skip(length.unwrap_or(0));
                length.map(|_| Vec::new())
            }
        };
        cells.push(cell);
    }
    Ok(())
}

struct Test<'a> {
    column: usize,
    op: FilterTest,
    value: &'a str,
    needle: Needle,
    kind: ColumnKind,
    key: SortKey,
}

impl<'a> Test<'a> {
    fn new(filter: &'a QueryFilter, columns: &[QueryColumn]) -> Self {
        let column = filter.column as usize;
        let kind = columns[column].kind;
        Self {
            column,
            op: filter.op,
            value: &filter.value,
            needle: Needle::new(&filter.value),
            kind,
            key: SortKey::of(kind, Some(filter.value.as_bytes())),
        }
    }

    fn holds(&self, cell: Option<&[u8]>) -> bool {
        let Some(bytes) = cell else { return self.op == FilterTest::IsNull };
        let order = || SortKey::of(self.kind, Some(bytes)).cmp(&self.key);
        match self.op {
            FilterTest::IsNull => false,
            FilterTest::IsNotNull => true,
            FilterTest::Contains => self.needle.is_in(bytes),
            FilterTest::Equals => bytes == self.value.as_bytes(),
            FilterTest::NotEquals => bytes != self.value.as_bytes(),
            FilterTest::Greater => order().is_gt(),
            FilterTest::Less => order().is_lt(),
        }
    }
}
