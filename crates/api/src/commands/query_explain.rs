//! Explaining a statement.

use evaldesk_core::query::explain::{self, ExplainReply, ExplainRequest};
use evaldesk_core::query::{QueryConsent, QueryParameter};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Result, Session};

/// What to explain.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExplainArguments {
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

/// Explains the statement at a place of a text. What is not proven a read is planned alone.
pub async fn query_explain(session: &Session, arguments: QueryExplainArguments) -> Result<ExplainReply> {
    let database = session.database(&arguments.connection).await?;
    Ok(Box::pin(explain::explain(&database, &arguments.into_request(false))).await?)
}

/// The same, and ANALYZE may run a write, in a transaction that is rolled back.
pub async fn query_analyze(session: &Session, arguments: QueryExplainArguments) -> Result<ExplainReply> {
    let database = session.database(&arguments.connection).await?;
    Ok(Box::pin(explain::explain(&database, &arguments.into_request(true))).await?)
}
