//! Tables, their rows and cells.

use evaldesk_core::catalog::{
    self, CellQuery, CellValue, RowsPage, RowsQuery, TableDetail, TableName, TableSummary,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Whose tables; of one schema, or of all.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableListArguments {
    pub connection: String,
    #[serde(default)]
    pub schema: Option<String>,
}

/// Which table.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableArguments {
    pub connection: String,
    pub table: TableName,
}

/// Which rows.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableRowsArguments {
    pub connection: String,
    pub query: RowsQuery,
}

/// Which cell.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CellArguments {
    pub connection: String,
    pub query: CellQuery,
}

/// An exact count.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TableCount {
    pub rows: i64,
}

/// Lists tables with sizes and estimates.
pub async fn table_list(session: &Session, arguments: TableListArguments) -> Result<Vec<TableSummary>> {
    let database = session.database(&arguments.connection).await?;
    Ok(catalog::tables(&database, arguments.schema.as_deref()).await?)
}

/// Shows a table's columns, indexes and constraints.
pub async fn table_show(session: &Session, arguments: TableArguments) -> Result<TableDetail> {
    let database = session.database(&arguments.connection).await?;
    Ok(catalog::table(&database, &arguments.table).await?)
}

/// Counts a table's rows exactly, which reads all of it.
pub async fn table_count(session: &Session, arguments: TableArguments) -> Result<TableCount> {
    let database = session.database(&arguments.connection).await?;
    Ok(TableCount { rows: catalog::count_exact(&database, &arguments.table).await? })
}

/// Reads a page of rows, large cells cut.
pub async fn table_rows(session: &Session, arguments: TableRowsArguments) -> Result<RowsPage> {
    let database = session.database(&arguments.connection).await?;
    Ok(catalog::rows(&database, &arguments.query).await?)
}

/// Fetches one cell whole.
pub async fn cell_show(session: &Session, arguments: CellArguments) -> Result<CellValue> {
    let database = session.database(&arguments.connection).await?;
    Ok(catalog::cell(&database, &arguments.query).await?)
}
