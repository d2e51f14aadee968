//! Reading one result whole.

use sqlx::FromRow;

use super::super::page::read::one;
use super::{MetricColumn, ResultDetail};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result, RowId};

#[derive(FromRow)]
struct Row {
    configuration_name: Option<String>,
    error_message: Option<String>,
    error_backtrace: Option<String>,
    started_at: Option<String>,
    updated_at: Option<String>,
}

pub(super) async fn result(database: &Database, id: RowId) -> Result<ResultDetail> {
    let row = one(database, id).await?.ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no result {id}")).hint("Reload the run.")
    })?;
    let rest: Row = sqlx::query_as(include_str!("result.sql"))
        .bind(id.0)
        .fetch_one(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read result {id}")))?;
    let metrics: Vec<MetricColumn> =
        sqlx::query_as(include_str!("metric.sql")).bind(id.0).fetch_all(database.pool()).await?;
    Ok(ResultDetail {
        row,
        configuration_name: rest.configuration_name,
        metrics,
        error_message: rest.error_message,
        error_backtrace: rest.error_backtrace,
        started_at: rest.started_at,
        updated_at: rest.updated_at,
    })
}
