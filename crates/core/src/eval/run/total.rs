//! How many runs a filter keeps, and how that was found out.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RunQuery;
use super::condition::Condition;
use crate::connection::Database;
use crate::sql::SafeSql;
use crate::{Result, catalog};

/// A count that says how it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Total {
    /// None when it was not counted.
    pub count: Option<i64>,
    pub method: CountMethod,
}

/// How a count was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CountMethod {
    /// Row by row, now.
    Exact,
    /// The planner's estimate of the whole table.
    Estimate,
    /// Counting took longer than a second and was given up.
    TookTooLong,
    /// Nobody asked.
    NotAsked,
}

/// Above this the whole table is estimated and not counted.
const COUNT_UP_TO: i64 = 200_000;
/// What a count may take.
const COUNT_MILLISECONDS: u32 = 1_000;

pub(super) async fn total(database: &Database, query: &RunQuery, condition: &Condition) -> Result<Total> {
    if query.without_total {
        return Ok(Total { count: None, method: CountMethod::NotAsked });
    }
    if condition.everything {
        let estimate: i64 = sqlx::query_scalar(include_str!("total.sql")).fetch_one(database.pool()).await?;
        if estimate > COUNT_UP_TO {
            return Ok(Total { count: Some(estimate), method: CountMethod::Estimate });
        }
    }
    counted(database, condition).await
}

async fn counted(database: &Database, condition: &Condition) -> Result<Total> {
    let sql = SafeSql::new("select count(*) from ")
        .sql(&condition.tables(true))
        .push(" where ")
        .sql(&condition.sql);
    let mut transaction = catalog::within(database, COUNT_MILLISECONDS).await?;
    let statement = condition.bind_to_scalar(sqlx::query_scalar(sql.to_query()).persistent(false));
    match statement.fetch_one(&mut *transaction).await {
        Ok(count) => Ok(Total { count: Some(count), method: CountMethod::Exact }),
        Err(error) if catalog::took_too_long(&error) => {
            Ok(Total { count: None, method: CountMethod::TookTooLong })
        }
        Err(error) => Err(catalog::explain_missing(error, "cannot count the runs")),
    }
}
