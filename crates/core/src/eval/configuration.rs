//! The configurations of a run with what each came to.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::FromRow;
use ts_rs::TS;

use super::change::{self, Change};
use super::json;
use super::metric::{AGGREGATE, AggregateRow, MEASURE, Measures};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Result, RowId};

/// One configuration of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConfigurationRow {
    pub id: RowId,
    pub name: String,
    /// RAAF's list is model_change, parameter_change, provider_change, prompt_change, combined; others as they are.
    pub configuration_type: String,
    pub execution_order: Option<i32>,
    /// What it sets against the baseline, key by key.
    pub changes: Vec<Change>,
    /// The stored JSON, whichever the column's name.
    pub changes_json: Option<String>,
    pub measures: Measures,
    /// The judge scores of its results in order of creation, for the dots of repetitions (at most 50).
    pub scores: Vec<f64>,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "i64")]
    id: RowId,
    name: String,
    configuration_type: String,
    execution_order: Option<i32>,
    changes_text: Option<String>,
    scores: Vec<f64>,
    #[sqlx(flatten)]
    aggregate: AggregateRow,
}

/// Reads the configurations of a run in their order.
pub(super) async fn configurations(
    database: &Database,
    run: RowId,
    baseline: Option<&Value>,
) -> Result<Vec<ConfigurationRow>> {
    let sql = SafeSql::new(include_str!("configuration_head.sql"))
        .push(AGGREGATE)
        .push(include_str!("configuration_from.sql"))
        .push(MEASURE)
        .push(include_str!("configuration_tail.sql"));
    let rows: Vec<Row> =
        sqlx::query_as(sql.to_query()).bind(run.0).fetch_all(database.pool()).await.map_err(|error| {
            explain_missing(error, &format!("cannot read the configurations of run {run}"))
        })?;
    Ok(rows.into_iter().map(|row| row.into_configuration(baseline)).collect())
}

impl Row {
    fn into_configuration(self, baseline: Option<&Value>) -> ConfigurationRow {
        ConfigurationRow {
            id: self.id,
            name: self.name,
            configuration_type: self.configuration_type,
            execution_order: self.execution_order,
            changes: change::changes(self.changes_text.as_deref().and_then(json::parse).as_ref(), baseline),
            changes_json: self.changes_text,
            measures: self.aggregate.into(),
            scores: self.scores,
        }
    }
}
