//! The question for a page of rows, and its answer.

use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{Row as _, ValueRef as _};
use ts_rs::TS;

use super::super::{Cell, TableName};
use super::cursor::{Cursor, Direction};
use super::filter::ColumnFilter;
use super::shape::Shape;
use super::statement::{self, CELL_CHARACTERS};
use crate::connection::Database;
use crate::{Error, Result};

/// Which rows of which table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowsQuery {
    pub table: TableName,
    /// All of them have to hold.
    #[serde(default)]
    pub filter: Vec<ColumnFilter>,
    /// Empty: by the primary key.
    #[serde(default)]
    pub sort: Vec<SortBy>,
    /// `next` or `previous` of another page with the same filter and sort.
    #[serde(default)]
    pub cursor: Option<String>,
    /// 1 to 1000; None is 100.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// One column of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SortBy {
    pub column: String,
    #[serde(default)]
    pub descending: bool,
}

/// A column of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowColumn {
    pub name: String,
    pub type_name: String,
    pub primary_key: bool,
}

/// A page of rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RowsPage {
    pub columns: Vec<RowColumn>,
    /// A cell a column; None is NULL.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// What names a row: the primary key's columns, `ctid`, or nothing for a view.
    pub key_columns: Vec<String>,
    /// The whole key of each row, in the order of `key_columns`.
    pub keys: Vec<Vec<String>>,
    pub next: Option<String>,
    pub previous: Option<String>,
    /// "key" when pages follow the key, "offset" when the table has none.
    pub paging: String,
}

/// Reads a page.
///
/// # Errors
/// `NotFound` for a table or column that is not there, `InvalidArguments` for a value that the column's type
/// refuses.
pub async fn rows(database: &Database, query: &RowsQuery) -> Result<RowsPage> {
    let shape = Shape::read(database, &query.table).await?;
    let cursor = query.cursor.as_deref().map(Cursor::decode).transpose()?;
    let limit = usize::try_from(query.limit.unwrap_or(100).clamp(1, 1000)).unwrap_or(100);
    let built = statement::build(&shape, query, cursor.as_ref(), limit + 1)?;
    let mut statement = sqlx::query(built.sql.to_query()).persistent(false);
    for value in &built.values {
        statement = statement.bind(value);
    }
    let fetched = statement
        .fetch_all(database.pool())
        .await
        .map_err(|error| Error::from(error).while_doing(&format!("cannot read rows of {}", query.table)))?;
    assemble(&shape, query, cursor.as_ref(), fetched, limit)
}

fn assemble(
    shape: &Shape,
    query: &RowsQuery,
    cursor: Option<&Cursor>,
    mut fetched: Vec<PgRow>,
    limit: usize,
) -> Result<RowsPage> {
    let more = fetched.len() > limit;
    fetched.truncate(limit);
    let backward =
        cursor.is_some_and(|cursor| cursor.direction == Direction::Previous && cursor.offset.is_none());
    if backward {
        fetched.reverse();
    }
    let width = shape.columns.len();
    let key = shape.key();
    let order = statement::order(shape, query)?.len();
    let place = |row: &PgRow| texts(row, width * 2 + key.len(), order);
    let (first, last) = (fetched.first().map(place).transpose()?, fetched.last().map(place).transpose()?);
    let (previous, next) = if shape.has_primary_key() {
        Cursor::around(cursor, first, last, more)
    } else {
        Cursor::by_offset(cursor, limit, more)
    };
    Ok(RowsPage {
        columns: shape.columns.iter().map(RowColumn::from).collect(),
        rows: fetched.iter().map(|row| cells(row, width)).collect::<Result<_>>()?,
        key_columns: key.iter().map(|part| part.name.clone()).collect(),
        keys: fetched.iter().map(|row| key_of(row, width * 2, key.len())).collect::<Result<_>>()?,
        next,
        previous,
        paging: if shape.has_primary_key() { "key".into() } else { "offset".into() },
    })
}

fn cells(row: &PgRow, width: usize) -> Result<Vec<Option<Cell>>> {
    (0..width).map(|at| cell(row, at * 2)).collect()
}

fn cell(row: &PgRow, at: usize) -> Result<Option<Cell>> {
    if row.try_get_raw(at)?.is_null() {
        return Ok(None);
    }
    let (mut text, bytes): (String, i64) = (row.try_get(at)?, row.try_get(at + 1)?);
    // The server sends one character more than is shown, so that "cut" needs no second count.
    let cut = text.chars().count() > CELL_CHARACTERS;
    if let Some((end, _)) = text.char_indices().nth(CELL_CHARACTERS) {
        text.truncate(end);
    }
    Ok(Some(Cell { text, bytes, cut }))
}

fn key_of(row: &PgRow, from: usize, count: usize) -> Result<Vec<String>> {
    Ok(texts(row, from, count)?.into_iter().map(Option::unwrap_or_default).collect())
}

fn texts(row: &PgRow, from: usize, count: usize) -> Result<Vec<Option<String>>> {
    (from..from + count).map(|at| Ok(row.try_get(at)?)).collect()
}
