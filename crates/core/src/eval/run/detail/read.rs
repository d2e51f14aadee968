//! Reading one run.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::FromRow;

use super::super::super::outcome::STUCK_AFTER_MINUTES;
use super::super::super::span::Facts;
use super::super::super::{ResultQuery, configuration, json, results};
use super::super::condition::stuck_before;
use super::super::read::rows;
use super::{BaselineSpan, RelatedRun, RunDetail};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result, RowId};

pub(super) async fn run(
    database: &Database,
    id: RowId,
    now: DateTime<Utc>,
    stuck_minutes: Option<u32>,
) -> Result<RunDetail> {
    let found = rows(database, &[id.0], stuck_before(now, stuck_minutes)).await?;
    let (row, stale) = found.into_iter().next().ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("there is no run {id}"))
            .hint("Reload the list of runs (on the command line `evaldesk run list`).")
    })?;
    let (description, metadata_json): (Option<String>, Option<String>) =
        sqlx::query_as("select description, jsonb_pretty(metadata) from evaluation_runs where id = $1")
            .bind(id.0)
            .fetch_one(database.pool())
            .await?;
    let (baseline, data) = baseline(database, &row.baseline_span_id).await?;
    let minutes = stuck_minutes.unwrap_or(STUCK_AFTER_MINUTES);
    Ok(RunDetail {
        outcome_reason: row.outcome.reason(row.evidence(stale), minutes),
        description,
        metadata_json,
        baseline,
        configurations: configuration::configurations(database, id, data.as_ref()).await?,
        results: results(database, &ResultQuery::of(id)).await?,
        also_about_baseline: related(database, id, &row.baseline_span_id).await?,
        row,
    })
}

#[derive(FromRow)]
struct SpanRow {
    trace_id: String,
    span_type: String,
    source: String,
    data: String,
    created_at: String,
}

/// The baseline by its span_id: its source says "evaluation_run" and its run is null, so neither would find it.
async fn baseline(database: &Database, span_id: &str) -> Result<(BaselineSpan, Option<Value>)> {
    let row: Option<SpanRow> = sqlx::query_as(include_str!("baseline.sql"))
        .bind(span_id)
        .fetch_optional(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read the baseline span {span_id}")))?;
    let Some(row) = row else {
        return Ok((BaselineSpan { span_id: span_id.to_owned(), ..BaselineSpan::default() }, None));
    };
    let data = json::parse(&row.data);
    let facts = data.as_ref().map(Facts::read).unwrap_or_default();
    let span = BaselineSpan {
        span_id: span_id.to_owned(),
        found: true,
        trace_id: Some(row.trace_id),
        span_type: Some(row.span_type),
        source: Some(row.source),
        agent: facts.agent,
        model: facts.model,
        provider: facts.provider,
        instructions: facts.instructions,
        parameters_json: facts.parameters_json,
        tokens: facts.tokens_total,
        latency_ms: facts.latency_ms,
        score: facts.score,
        bytes: i64::try_from(row.data.len()).unwrap_or(i64::MAX),
        created_at: Some(row.created_at),
    };
    Ok((span, data))
}

async fn related(database: &Database, id: RowId, span_id: &str) -> Result<Vec<RelatedRun>> {
    Ok(sqlx::query_as(include_str!("related.sql"))
        .bind(span_id)
        .bind(id.0)
        .fetch_all(database.pool())
        .await?)
}
