//! Explaining a statement.

use evaldesk_core::query::QueryParameter;
use evaldesk_core::query::explain::{self, ExplainReport, ExplainRequest};
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
    /// Whether the statement is run; a write in a transaction that is rolled back.
    #[serde(default)]
    pub analyze: bool,
    #[serde(default)]
    pub buffers: bool,
    /// Whether the plan without sequential scans is wanted whole.
    #[serde(default)]
    pub without_seq_scan: bool,
    #[serde(default)]
    pub parameters: Vec<QueryParameter>,
}

/// Explains the statement at a place of a text.
pub async fn query_explain(session: &Session, arguments: QueryExplainArguments) -> Result<ExplainReport> {
    let database = session.database(&arguments.connection).await?;
    let QueryExplainArguments { text, offset, analyze, buffers, without_seq_scan, parameters, .. } =
        arguments;
    let request = ExplainRequest { text, offset, analyze, buffers, without_seq_scan, parameters };
    Ok(explain::explain(&database, &request).await?)
}
