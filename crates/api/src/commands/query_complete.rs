//! What helps while somebody types: formatting.

use evaldesk_core::sql::format::{Formatted, format};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::apart;
use crate::{Result, Session};

/// A text to format.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFormatArguments {
    pub text: String,
}

/// Formats SQL; what cannot be formatted safely comes back as it was, and is named.
pub async fn query_format(session: &Session, arguments: QueryFormatArguments) -> Result<Formatted> {
    apart(session, move |_| Ok(format(&arguments.text))).await
}
