//! The query workbench: running statements in a tab, and reading what came of them.

use std::pin::Pin;

use evaldesk_core::query::{
    self, QueryCellPart, QueryCondition, QueryConsent, QueryCopyFormat, QueryCopyRequest, QueryFilter,
    QueryFindRequest, QueryOrder, QueryParameter, QueryPiece, QueryPlace, QueryRange, QueryRequest,
    QueryRows, QueryRunReply, QuerySort, QueryState, QueryTransactionAction, QueryView,
};
use futures_util::Stream;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use ts_rs::TS;

use super::Done;
use crate::session::StartedRun;
use crate::{Result, Session};

/// What to run in a tab.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryRunArguments {
    /// The tab's id, of the host's own making.
    pub tab: String,
    pub connection: String,
    pub text: String,
    pub range: QueryRange,
    #[serde(default)]
    pub parameters: Vec<QueryParameter>,
    /// The answer to the plan that an earlier call asked with.
    #[serde(default)]
    pub consent: Option<QueryConsent>,
    /// An order that the server is asked for.
    #[serde(default)]
    pub sort: Vec<QuerySort>,
    /// Conditions that the server is asked for.
    #[serde(default)]
    pub filters: Vec<QueryCondition>,
}

/// Which tab.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryTabArguments {
    pub tab: String,
}

/// Which rows of a result.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryRowsArguments {
    pub result: String,
    #[serde(default)]
    pub view: Option<String>,
    /// From 0.
    pub first: u64,
    /// At most 1,000.
    pub count: u32,
}

/// Which part of which cell, in bytes.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCellArguments {
    pub result: String,
    /// In whose order the row is counted; the result's own without.
    #[serde(default)]
    pub view: Option<String>,
    /// From 0.
    pub row: u64,
    pub column: u32,
    /// Where the part begins: 0, or `next` of the part before.
    pub offset: u64,
    /// At most 4 MB.
    pub limit: u64,
}

/// What to find in a result.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFindArguments {
    pub result: String,
    #[serde(default)]
    pub view: Option<String>,
    pub text: String,
    pub from: QueryPlace,
    #[serde(default)]
    pub backwards: bool,
}

/// How to sort and filter a result.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryViewArguments {
    pub result: String,
    #[serde(default)]
    pub sort: Vec<QueryOrder>,
    #[serde(default)]
    pub filters: Vec<QueryFilter>,
}

/// What to copy, and as what.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCopyArguments {
    pub result: String,
    #[serde(default)]
    pub view: Option<String>,
    pub first: u64,
    pub count: u64,
    /// The columns in the order to write them; none means all.
    #[serde(default)]
    pub columns: Vec<u32>,
    pub format: QueryCopyFormat,
}

/// Copied rows.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCopy {
    pub text: String,
}

/// How to end a tab's transaction.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryTransactionArguments {
    pub tab: String,
    pub action: QueryTransactionAction,
}

/// Which text to cut into statements.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuerySplitArguments {
    pub text: String,
}

/// Runs statements in a tab.
pub async fn query_run(session: &Session, arguments: QueryRunArguments) -> Result<QueryRunReply> {
    run(session, arguments, false).await
}

/// Runs statements that only read, whatever the connection allows.
pub async fn query_read(session: &Session, arguments: QueryRunArguments) -> Result<QueryRunReply> {
    run(session, arguments, true).await
}

async fn run(session: &Session, arguments: QueryRunArguments, read_only: bool) -> Result<QueryRunReply> {
    let database = session.database(&arguments.connection).await?;
    let QueryRunArguments { tab, text, range, parameters, consent, sort, filters, .. } = arguments;
    let request = QueryRequest { text: text.clone(), range, parameters, consent, sort, filters, read_only };
    let answer = request.consent.as_ref().map(|consent| consent.hash.clone());
    let (at, (over, ended)) = (session.clock().now(), oneshot::channel());
    let reply = session.query_tab(&tab).run_told(&database, request, over).await?;
    match &reply {
        QueryRunReply::Asks { plan } => session.remember_question(&tab, plan),
        QueryRunReply::Parameters { .. } => {}
        QueryRunReply::Started { .. } => {
            let agreed = answer.and_then(|hash| session.answered(&tab, &hash));
            session.follow(StartedRun { database, text, at, agreed }, ended);
        }
    }
    Ok(reply)
}

/// Tells what a tab is doing: the latest state at once, and when it has changed.
pub async fn query_watch(
    session: &Session,
    arguments: QueryTabArguments,
) -> Result<Pin<Box<dyn Stream<Item = QueryState> + Send>>> {
    Ok(Box::pin(session.query_tab(&arguments.tab).watch()))
}

/// What a tab is doing now.
pub async fn query_state(session: &Session, arguments: QueryTabArguments) -> Result<QueryState> {
    Ok(session.query_tab(&arguments.tab).state())
}

/// Asks the server to cancel what a tab runs.
pub async fn query_cancel(session: &Session, arguments: QueryTabArguments) -> Result<QueryState> {
    Ok(session.query_tab(&arguments.tab).cancel().await?)
}

/// Ends a tab's session on the server, for a statement that does not heed a cancel.
pub async fn query_terminate(session: &Session, arguments: QueryTabArguments) -> Result<QueryState> {
    Ok(session.query_tab(&arguments.tab).terminate().await?)
}

/// Closes a tab: what runs is cancelled, an open transaction is rolled back.
pub async fn query_close(session: &Session, arguments: QueryTabArguments) -> Result<Done> {
    session.queries().close(&arguments.tab).await;
    Ok(Done {})
}

/// Commits or rolls back a tab's open transaction.
pub async fn query_transaction(
    session: &Session,
    arguments: QueryTransactionArguments,
) -> Result<QueryState> {
    Ok(session.query_tab(&arguments.tab).end_transaction(arguments.action).await?)
}

/// Reads a window of a result.
pub async fn query_rows(session: &Session, arguments: QueryRowsArguments) -> Result<QueryRows> {
    let QueryRowsArguments { result, view, first, count } = arguments;
    Ok(session.queries().rows(&result, view.as_deref(), first, count).await?)
}

/// Reads a part of a cell of any size.
pub async fn query_cell(session: &Session, arguments: QueryCellArguments) -> Result<QueryCellPart> {
    let QueryCellArguments { result, view, row, column, offset, limit } = arguments;
    Ok(session.queries().cell(&result, view.as_deref(), row, column, offset, limit).await?)
}

/// Finds the next cell with a text, in the whole result.
pub async fn query_find(session: &Session, arguments: QueryFindArguments) -> Result<Option<QueryPlace>> {
    let QueryFindArguments { result, view, text, from, backwards } = arguments;
    let request = QueryFindRequest { text, from, backwards };
    Ok(session.queries().find(&result, view.as_deref(), request).await?)
}

/// Sorts and filters a complete result.
pub async fn query_view(session: &Session, arguments: QueryViewArguments) -> Result<QueryView> {
    let QueryViewArguments { result, sort, filters } = arguments;
    Ok(session.queries().view(&result, sort, filters).await?)
}

/// Writes rows as text for the clipboard.
pub async fn query_copy(session: &Session, arguments: QueryCopyArguments) -> Result<QueryCopy> {
    let QueryCopyArguments { result, view, first, count, columns, format } = arguments;
    let request = QueryCopyRequest { first, count, columns, format };
    Ok(QueryCopy { text: session.queries().copy(&result, view.as_deref(), request).await? })
}

/// Where the statements of a text are.
pub async fn query_split(_: &Session, arguments: QuerySplitArguments) -> Result<Vec<QueryPiece>> {
    Ok(query::query_pieces(&arguments.text))
}
