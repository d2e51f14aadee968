//! Rows as text to paste elsewhere.

mod writer;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::cell::readable;
use super::state::QueryColumn;
use super::store::{RowReader, Store};
use super::view::RowOrder;
use crate::{Error, ErrorKind, Result};
use writer::Writer;

/// What a clipboard may hold at most.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Rows of a view whose numbers are read at once.
const PIECE: u64 = 4096;

/// How copied rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum QueryCopyFormat {
    Tsv,
    Csv,
    Json,
    Markdown,
    Insert,
}

/// Which rows and columns to copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCopyRequest {
    pub first: u64,
    pub count: u64,
    /// The columns in the order to write them; none means all.
    pub columns: Vec<u32>,
    pub format: QueryCopyFormat,
}

/// Writes rows as text.
///
/// # Errors
/// `Precondition` when it is more than a clipboard should hold, `InvalidArguments` for a column that is not there.
pub(super) fn copy(
    store: &Arc<Store>,
    order: Option<&RowOrder>,
    columns: &[QueryColumn],
    request: &QueryCopyRequest,
) -> Result<String> {
    let chosen = chosen(columns, &request.columns)?;
    let mut writer = Writer::new(request.format, columns, &chosen);
    let wanted: Vec<bool> = (0..columns.len()).map(|at| chosen.contains(&at)).collect();
    writer.head();
    match order {
        None => in_order(store, request, &wanted, &mut writer)?,
        Some(order) => in_view(store, order, request, &wanted, &mut writer)?,
    }
    Ok(writer.end())
}

fn in_order(
    store: &Arc<Store>,
    request: &QueryCopyRequest,
    wanted: &[bool],
    writer: &mut Writer<'_>,
) -> Result<()> {
    let mut reader = store.reader(request.first)?;
    for _ in 0..request.count {
        if !reader.next_row() {
            break;
        }
        writer.row(&read(&mut reader, wanted)?)?;
    }
    Ok(())
}

fn in_view(
    store: &Arc<Store>,
    order: &RowOrder,
    request: &QueryCopyRequest,
    wanted: &[bool],
    writer: &mut Writer<'_>,
) -> Result<()> {
    let last = request.first.saturating_add(request.count).min(order.len());
    let mut at = request.first;
    while at < last {
        for row in order.numbers(at, PIECE.min(last - at))? {
            let mut reader = store.reader(row)?;
            if reader.next_row() {
                writer.row(&read(&mut reader, wanted)?)?;
            }
        }
        at += PIECE;
    }
    Ok(())
}

fn chosen(columns: &[QueryColumn], wanted: &[u32]) -> Result<Vec<usize>> {
    if wanted.is_empty() {
        return Ok((0..columns.len()).collect());
    }
    let place = |column: &u32| match usize::try_from(*column) {
        Ok(at) if at < columns.len() => Ok(at),
        _ => Err(Error::new(ErrorKind::InvalidArguments, format!("the result has no column {column}"))),
    };
    wanted.iter().map(place).collect()
}

/// The cells that are wanted; of the others nothing is read.
fn read(reader: &mut RowReader, wanted: &[bool]) -> Result<Vec<Option<String>>> {
    let mut cells = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        cells.push(match (reader.length()?, wanted) {
            (None, _) => None,
            (Some(length), false) => {
                reader.skip(length);
                None
            }
            (Some(length), true) if length > MOST_BYTES => return Err(too_much()),
            (Some(length), true) => {
                let mut bytes = Vec::new();
                reader.take(length, &mut bytes)?;
                Some(readable(&bytes))
            }
        });
    }
    Ok(cells)
}

fn too_much() -> Error {
    Error::new(ErrorKind::Precondition, "that is more than 64 MB, too much for a clipboard")
        .hint("Export it to a file, or copy fewer rows or columns.")
}
