//! Reading results without their large JSON.

use sqlx::FromRow;

use super::{ResultFlag, ResultPage, ResultQuery, ResultRow};
use crate::catalog::explain_missing;
use crate::connection::Database;
use crate::eval::metric::MEASURE;
use crate::sql::SafeSql;
use crate::{Result, RowId};

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "i64")]
    id: RowId,
    #[sqlx(try_from = "i64")]
    run_id: RowId,
    #[sqlx(try_from = "i64")]
    configuration_id: RowId,
    repetition: i64,
    status: String,
    result_span_id: String,
    score: Option<f64>,
    score_delta: Option<f64>,
    tokens: Option<f64>,
    tokens_delta_percent: Option<f64>,
    latency_ms: Option<f64>,
    latency_delta_ms: Option<f64>,
    error_line: Option<String>,
    output_excerpt: Option<String>,
    ai_comparison_status: Option<String>,
    quality_change: Option<String>,
    created_at: String,
    completed_at: Option<String>,
    latency_not_measured: bool,
    judge_unparsed: bool,
    judge_status: Option<String>,
    span_missing: bool,
    left_running: bool,
    other_run: bool,
    regression_detected: bool,
    malformed: bool,
}

pub(super) async fn results(database: &Database, query: &ResultQuery) -> Result<ResultPage> {
    let limit = usize::try_from(query.limit.unwrap_or(500).clamp(1, 500)).unwrap_or(500);
    let sql = statement(&page(query, limit + 1), "$1");
    let mut rows: Vec<Row> = sqlx::query_as(sql.to_query())
        .persistent(false)
        .bind(query.run.0)
        .bind(query.after.map_or(i64::MIN, |after| after.0))
        .bind(query.configuration.map(|configuration| configuration.0))
        .bind(&query.statuses)
        .fetch_all(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read the results of run {}", query.run)))?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok(ResultPage { results: rows.into_iter().map(Row::into_result).collect(), next })
}

/// One result by its id, as a list would show it.
pub(in crate::eval::result) async fn one(database: &Database, id: RowId) -> Result<Option<ResultRow>> {
    let page = SafeSql::new("select e.* from evaluation_results e where e.id = $1");
    let sql = statement(&page, "(select o.evaluation_run_id from evaluation_results o where o.id = $1)");
    let row: Option<Row> = sqlx::query_as(sql.to_query())
        .bind(id.0)
        .fetch_optional(database.pool())
        .await
        .map_err(|error| explain_missing(error, &format!("cannot read result {id}")))?;
    Ok(row.map(Row::into_result))
}

/// The rows of the page alone, so that nothing is measured that is not shown.
fn page(query: &ResultQuery, limit: usize) -> SafeSql {
    // Every parameter has to appear, asked for or not.
    let mut sql = SafeSql::new(
        "select e.* from evaluation_results e where e.evaluation_run_id = $1 and e.id > $2 \
         and ($3::bigint is null or $4::text[] is null or true)",
    );
    if query.configuration.is_some() {
        sql = sql.push(" and e.evaluation_configuration_id = $3");
    }
    if !query.statuses.is_empty() {
        sql = sql.push(" and e.status = any($4)");
    }
    // "+ 0": with the bare id the planner may walk the whole table by its primary key until the page is full.
    sql.push(" order by e.id + 0 limit ").number(i64::try_from(limit).unwrap_or(501))
}

/// A page of results with everything that a list shows; `run` is the run whose results are numbered.
fn statement(page: &SafeSql, run: &'static str) -> SafeSql {
    SafeSql::new(include_str!("result.sql"))
        .sql(page)
        .push("\n")
        .push(include_str!("joins.sql"))
        .push(MEASURE)
        .push(include_str!("numbered.sql"))
        .push(run)
        .push("\n) n on n.id = x.id\norder by x.id")
}

impl Row {
    fn flags(&self) -> Vec<ResultFlag> {
        let judged = |word: &str| self.judge_status.as_deref() == Some(word);
        let known = matches!(self.status.as_str(), "pending" | "running" | "completed" | "failed");
        let marks = [
            (self.latency_not_measured, ResultFlag::LatencyNotMeasured),
            (self.judge_unparsed, ResultFlag::JudgeUnparsed),
            (judged("failed"), ResultFlag::JudgeFailed),
            (judged("skipped"), ResultFlag::JudgeSkipped),
            (self.span_missing, ResultFlag::SpanMissing),
            (self.left_running, ResultFlag::LeftRunning),
            (self.other_run, ResultFlag::OtherRunsConfiguration),
            (self.regression_detected, ResultFlag::RegressionDetected),
            (!known, ResultFlag::UnknownStatus),
            (self.malformed, ResultFlag::MalformedMetrics),
        ];
        marks.into_iter().filter_map(|(is, flag)| is.then_some(flag)).collect()
    }

    fn into_result(self) -> ResultRow {
        ResultRow {
            flags: self.flags(),
            id: self.id,
            run_id: self.run_id,
            configuration_id: self.configuration_id,
            repetition: self.repetition,
            status: self.status,
            result_span_id: self.result_span_id,
            score: self.score,
            score_delta: self.score_delta,
            tokens: self.tokens,
            tokens_delta_percent: self.tokens_delta_percent,
            latency_ms: self.latency_ms,
            latency_delta_ms: self.latency_delta_ms,
            error_line: self.error_line.filter(|line| !line.is_empty()),
            output_excerpt: self.output_excerpt,
            ai_comparison_status: self.ai_comparison_status,
            quality_change: self.quality_change,
            created_at: self.created_at,
            completed_at: self.completed_at,
        }
    }
}
