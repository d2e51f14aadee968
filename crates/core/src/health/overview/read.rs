//! Reading the overview. What one part may not see leaves that part empty, not the screen.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use sqlx::{FromRow, Postgres, Transaction};

use super::super::check::{Subject, run_all};
use super::super::{Count, EvaluationCounts, OtherTables, TableSize};
use super::{Activity, Overview};
use crate::Result;
use crate::catalog::{self, EvaluationSchema, TableSummary};
use crate::connection::Database;

/// Above this many rows a table is estimated and not counted.
const COUNT_UP_TO: i64 = 200_000;
/// What all counts together may take each.
const MILLISECONDS: u32 = 1_000;

#[derive(FromRow)]
struct Identity {
    database: String,
    role: String,
    superuser: bool,
    read_only: bool,
    size_bytes: Option<i64>,
}

pub(super) async fn overview(database: &Database, now: DateTime<Utc>) -> Result<Overview> {
    let identity: Identity = sqlx::query_as(include_str!("identity.sql")).fetch_one(database.pool()).await?;
    let activity: Activity = sqlx::query_as(include_str!("activity.sql")).fetch_one(database.pool()).await?;
    let schema = catalog::evaluation_schema(database).await?;
    let tables = catalog::tables(database, None).await?;
    let sizes = sizes(database, &tables).await?;
    let counts = counts(database, &schema, &sizes, now).await?;
    let (checks, attention) = run_all(&Subject { database, now, tables: &tables, schema: &schema }).await;
    Ok(Overview {
        database: identity.database,
        server_version: database.version().text.clone(),
        role: identity.role,
        superuser: identity.superuser,
        read_only: identity.read_only,
        size_bytes: identity.size_bytes,
        activity,
        tables: sizes,
        missing_tables: schema.missing,
        other_tables: others(&tables),
        counts,
        attention,
        checks,
        checked_at: now.to_rfc3339_opts(SecondsFormat::Secs, true),
    })
}

/// The evaluation tables, the heaviest first.
async fn sizes(database: &Database, tables: &[TableSummary]) -> Result<Vec<TableSize>> {
    let mut sizes = Vec::new();
    for table in tables.iter().filter(|table| table.is_evaluation_table) {
        sizes.push(TableSize {
            rows: count(database, table).await?,
            schema: table.schema.clone(),
            name: table.name.clone(),
            heap_bytes: table.heap_bytes,
            toast_bytes: table.toast_bytes,
            index_bytes: table.index_bytes,
            total_bytes: table.total_bytes,
        });
    }
    sizes.sort_by_key(|size| std::cmp::Reverse(size.total_bytes));
    Ok(sizes)
}

/// Counts a table that is small or was never analyzed; else the estimate stands.
async fn count(database: &Database, table: &TableSummary) -> Result<Count> {
    if let Some(rows) = table.row_estimate.filter(|rows| *rows > COUNT_UP_TO) {
        return Ok(Count { rows: Some(rows), exact: false });
    }
    let name = catalog::TableName::new(&table.schema, &table.name);
    let sql = crate::sql::SafeSql::new("select count(*) from ").name(&name.qualified());
    let mut transaction = catalog::within(database, MILLISECONDS).await?;
    let counted: Result<i64, _> = sqlx::query_scalar(sql.to_query()).fetch_one(&mut *transaction).await;
    // Too slow, or not ours to read: the estimate, if there is one.
    let estimate = Count { rows: table.row_estimate, exact: false };
    Ok(counted.map_or(estimate, |rows| Count { rows: Some(rows), exact: true }))
}

/// Other ordinary tables; a partition counts with the table it belongs to.
fn others(tables: &[TableSummary]) -> OtherTables {
    let others = tables.iter().filter(|table| {
        !table.is_evaluation_table
            && matches!(table.kind.as_str(), "table" | "partitioned table" | "materialized view")
    });
    others.fold(OtherTables::default(), |sum, table| OtherTables {
        count: sum.count + 1,
        bytes: sum.bytes + table.total_bytes,
    })
}

async fn counts(
    database: &Database,
    schema: &EvaluationSchema,
    sizes: &[TableSize],
    now: DateTime<Utc>,
) -> Result<EvaluationCounts> {
    let of =
        |name: &str| sizes.iter().find(|size| size.name == name).map(|size| size.rows).unwrap_or_default();
    let mut counts = EvaluationCounts {
        runs: of("evaluation_runs"),
        results: of("evaluation_results"),
        spans: of("evaluation_spans"),
        ..EvaluationCounts::default()
    };
    let there = |name: &str| schema.tables.iter().any(|table| table.name == name && table.readable);
    if there("evaluation_runs") {
        counts.runs_this_week = this_week(database, now).await?;
    }
    if there("evaluation_results") {
        counts.results_completed_percent = completed_percent(database).await?;
    }
    Ok(counts)
}

async fn this_week(database: &Database, now: DateTime<Utc>) -> Result<Count> {
    let mut transaction = catalog::within(database, MILLISECONDS).await?;
    let since = (now - TimeDelta::days(7)).naive_utc();
    let query = sqlx::query_scalar("select count(*) from evaluation_runs where created_at >= $1").bind(since);
    let rows = given_up(query.fetch_one(&mut *transaction).await)?;
    Ok(Count { rows, exact: rows.is_some() })
}

/// Of the results that ended, how many completed.
async fn completed_percent(database: &Database) -> Result<Option<f64>> {
    let mut transaction: Transaction<'_, Postgres> = catalog::within(database, MILLISECONDS).await?;
    let query = sqlx::query_scalar::<_, Option<f64>>(include_str!("completed.sql"));
    Ok(given_up(query.fetch_one(&mut *transaction).await)?.flatten())
}

fn given_up<T>(counted: Result<T, sqlx::Error>) -> Result<Option<T>> {
    match counted {
        Ok(value) => Ok(Some(value)),
        Err(error) if catalog::took_too_long(&error) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
