//! Cells: cut in a page of rows, whole on demand.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{TableName, rows};
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Ident, Result};

/// A value as the server writes it. NULL is the absence of a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cell {
    /// The beginning of the text, at most 400 characters.
    pub text: String,
    /// The bytes of the whole text.
    pub bytes: i64,
    /// Whether `text` is not the whole.
    pub cut: bool,
}

/// Which cell to fetch whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellQuery {
    pub table: TableName,
    pub column: String,
    /// The values of the page's `key_columns` for this row, as the page gave them.
    pub key: Vec<String>,
}

/// One whole cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellValue {
    /// None is NULL.
    pub text: Option<String>,
    pub bytes: i64,
    pub type_name: String,
}

/// Fetches one cell whole.
///
/// # Errors
/// `NotFound` when the row is gone, `InvalidArguments` when the key does not fit the table.
pub async fn cell(database: &Database, query: &CellQuery) -> Result<CellValue> {
    let shape = rows::Shape::read(database, &query.table).await?;
    let column = shape.column(&query.column)?;
    let key = shape.key();
    if key.is_empty() || key.len() != query.key.len() {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("the key of {} has {} columns, not {}", query.table, key.len(), query.key.len()),
        ));
    }
    let mut sql = SafeSql::new("select t.").ident(&Ident::new(&column.name)).push("::text from ");
    sql = sql.name(&query.table.qualified()).push(" t where ");
    for (at, part) in key.iter().enumerate() {
        sql = if at == 0 { sql } else { sql.push(" and ") };
        sql = sql.push("t.").ident(&Ident::new(&part.name)).push(" = ").parameter(at + 1);
        sql = sql.push("::text::").name(&part.type_reference());
    }
    let mut statement = sqlx::query_scalar::<_, Option<String>>(sql.to_query()).persistent(false);
    for value in &query.key {
        statement = statement.bind(value);
    }
    let found = statement.fetch_optional(database.pool()).await?;
    let text = found.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("the row of {} is gone", query.table))
            .hint("Reload the rows.")
    })?;
    let bytes = text.as_ref().map_or(0, String::len);
    Ok(CellValue {
        bytes: i64::try_from(bytes).unwrap_or(i64::MAX),
        text,
        type_name: column.type_name.clone(),
    })
}
