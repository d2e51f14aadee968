//! What helps while somebody types: completion and formatting.

use evaldesk_core::query::QueryCompletion;
use evaldesk_core::sql::format::{Formatted, format};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::apart;
use crate::{Result, Session};

/// A place in a text.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryCompleteArguments {
    pub connection: String,
    pub text: String,
    /// In UTF-16 units, from 0.
    pub offset: u32,
}

/// A text to format.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFormatArguments {
    pub text: String,
}

/// Proposes what may stand at a place. Nothing is opened for it: a connection that is closed, or whose completion is
/// switched off, has no proposals.
pub async fn query_complete(session: &Session, arguments: QueryCompleteArguments) -> Result<QueryCompletion> {
    let QueryCompleteArguments { connection, text, offset } = arguments;
    let nothing = QueryCompletion { from: offset, to: offset, candidates: Vec::new() };
    let Some(database) = session.database_if_open(&connection) else { return Ok(nothing) };
    if !session.query_folder().settings()?.completes(&database.profile().id) {
        return Ok(nothing);
    }
    Ok(session.query_folder().completer.complete(&database, &text, offset).await?)
}

/// Formats SQL; what cannot be formatted safely comes back as it was, and is named.
pub async fn query_format(session: &Session, arguments: QueryFormatArguments) -> Result<Formatted> {
    apart(session, move |_| Ok(format(&arguments.text))).await
}
