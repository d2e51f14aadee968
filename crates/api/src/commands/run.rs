//! Evaluation runs, their results and spans.

use evaldesk_core::RowId;
use evaldesk_core::eval::{
    self, ResultDetail, ResultPage, ResultQuery, RunDetail, RunFacets, RunPage, RunQuery, SpanDetail,
    SpanTree,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// Which page of which runs.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunListArguments {
    pub connection: String,
    #[serde(default)]
    pub query: RunQuery,
}

/// Whose facets, and when a run counts as stuck.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunFacetsArguments {
    pub connection: String,
    /// Absent is 60.
    #[serde(default)]
    pub stuck_minutes: Option<u32>,
}

/// Which run.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunArguments {
    pub connection: String,
    pub id: RowId,
    /// Absent is 60.
    #[serde(default)]
    pub stuck_minutes: Option<u32>,
}

/// Which results.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultListArguments {
    pub connection: String,
    pub query: ResultQuery,
}

/// Which result.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResultArguments {
    pub connection: String,
    pub id: RowId,
}

/// Which span.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpanArguments {
    pub connection: String,
    pub span_id: String,
}

/// Which trace.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpanTreeArguments {
    pub connection: String,
    pub trace_id: String,
}

/// Reads a page of runs.
pub async fn run_list(session: &Session, arguments: RunListArguments) -> Result<RunPage> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::runs(&database, &arguments.query, session.clock().now()).await?)
}

/// Counts what each filter of the runs list would keep.
pub async fn run_facets(session: &Session, arguments: RunFacetsArguments) -> Result<RunFacets> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::run_facets(&database, session.clock().now(), arguments.stuck_minutes).await?)
}

/// Reads one run with its configurations.
pub async fn run_show(session: &Session, arguments: RunArguments) -> Result<RunDetail> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::run(&database, arguments.id, session.clock().now(), arguments.stuck_minutes).await?)
}

/// Reads a page of results.
pub async fn result_list(session: &Session, arguments: ResultListArguments) -> Result<ResultPage> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::results(&database, &arguments.query).await?)
}

/// Reads one result with the raw JSON of every metric column.
pub async fn result_show(session: &Session, arguments: ResultArguments) -> Result<ResultDetail> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::result(&database, arguments.id).await?)
}

/// Reads one span with its conversation.
pub async fn span_show(session: &Session, arguments: SpanArguments) -> Result<SpanDetail> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::span(&database, &arguments.span_id).await?)
}

/// Reads the tree of a trace, without its spans' data.
pub async fn span_tree(session: &Session, arguments: SpanTreeArguments) -> Result<SpanTree> {
    let database = session.database(&arguments.connection).await?;
    Ok(eval::span_tree(&database, &arguments.trace_id).await?)
}
