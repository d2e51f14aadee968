//! Explaining a statement.

use evaldesk_core::query::explain::{self, ExplainReply, ExplainRequest, ExplainStopped};
use evaldesk_core::query::{QueryConsent, QueryParameter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// What to explain.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExplainArguments {
    /// The tab that waits for it; what it waited for before is stopped.
    #[serde(default)]
    pub tab: Option<String>,
    pub connection: String,
    pub text: String,
    /// A UTF-16 unit of the text, from 0: the statement there is explained.
    #[serde(default)]
    pub offset: u32,
    /// Whether the statement is run.
    #[serde(default)]
    pub analyze: bool,
    #[serde(default)]
    pub buffers: bool,
    /// Whether the plan without sequential scans is wanted whole.
    #[serde(default)]
    pub without_seq_scan: bool,
    #[serde(default)]
    pub parameters: Vec<QueryParameter>,
    /// The answer to the plan that an earlier call asked with.
    #[serde(default)]
    pub consent: Option<QueryConsent>,
}

impl QueryExplainArguments {
    fn into_request(self, may_write: bool) -> ExplainRequest {
        let Self { text, offset, analyze, buffers, without_seq_scan, parameters, consent, .. } = self;
        ExplainRequest { text, offset, analyze, buffers, without_seq_scan, parameters, may_write, consent }
    }
}

/// What is to be stopped.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExplainStopArguments {
    pub tab: String,
    /// Whether the session is ended on the server, for a statement that does not heed a cancel.
    #[serde(default)]
    pub terminate: bool,
}

/// Explains the statement at a place of a text. What is not proven a read is planned alone.
pub async fn query_explain(session: &Session, arguments: QueryExplainArguments) -> Result<ExplainReply> {
    explained(session, arguments, false).await
}

/// The same, and ANALYZE may run a write, in a transaction that is rolled back.
pub async fn query_analyze(session: &Session, arguments: QueryExplainArguments) -> Result<ExplainReply> {
    explained(session, arguments, true).await
}

async fn explained(
    session: &Session,
    arguments: QueryExplainArguments,
    may_write: bool,
) -> Result<ExplainReply> {
    let database = session.database(&arguments.connection).await?;
    let tab = arguments.tab.clone();
    let request = arguments.into_request(may_write);
    Ok(match tab {
        Some(tab) => Box::pin(session.queries().explains().explain(&tab, &database, &request)).await?,
        None => Box::pin(explain::explain(&database, &request)).await?,
    })
}

/// Asks the server to cancel the explanation that a tab waits for; it answers when that is over, or goes on after 5 s.
pub async fn query_explain_stop(
    session: &Session,
    arguments: QueryExplainStopArguments,
) -> Result<ExplainStopped> {
    Ok(session.queries().explains().stop(&arguments.tab, arguments.terminate).await?)
}
