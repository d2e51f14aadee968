//! Reading runs by their ids, with everything that a list shows of them.

use chrono::NaiveDateTime;

use super::super::metric::{AGGREGATE, MEASURE};
use super::row::{RunRow, StoredRow};
use crate::Result;
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::sql::SafeSql;

/// The runs in the order of the ids, each with whether it is stale; ids that are gone are left out.
pub(super) async fn rows(
    database: &Database,
    ids: &[i64],
    stuck_before: NaiveDateTime,
) -> Result<Vec<(RunRow, bool)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = SafeSql::new(include_str!("row_head.sql"))
        .push(AGGREGATE)
        .push(include_str!("row_from.sql"))
        .push(MEASURE)
        .push(include_str!("row_tail.sql"));
    let rows: Vec<StoredRow> = sqlx::query_as(sql.to_query())
        .bind(ids)
        .bind(stuck_before)
        .fetch_all(database.pool())
        .await
        .map_err(|error| explain_missing(error, "cannot read the runs"))?;
    Ok(rows.into_iter().map(StoredRow::into_row).collect())
}
