//! What the query workbench keeps in the data folder: the text of tabs, the history, saved queries.

use evaldesk_core::query::draft::{QueryDraft, QueryDraftSaved};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Done, NoArguments};
use crate::session::apart;
use crate::{Result, Session};

/// A tab's text as it is now.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryDraftSaveArguments {
    pub draft: QueryDraft,
}

/// Which tab.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryDraftArguments {
    pub tab: String,
}

/// Writes a tab's text down; once it answers, a crash does not take it away.
pub async fn query_draft_save(
    session: &Session,
    arguments: QueryDraftSaveArguments,
) -> Result<QueryDraftSaved> {
    let now = session.clock().now();
    apart(session, move |session| session.query_folder().drafts.save(arguments.draft, now)).await
}

/// Lists the tabs to restore. Nothing is connected or run.
pub async fn query_draft_list(session: &Session, _: NoArguments) -> Result<Vec<QueryDraft>> {
    apart(session, |session| session.query_folder().drafts.list()).await
}

/// Lets go of a tab that was closed.
pub async fn query_draft_remove(session: &Session, arguments: QueryDraftArguments) -> Result<Done> {
    apart(session, move |session| session.query_folder().drafts.remove(&arguments.tab)).await?;
    Ok(Done {})
}
