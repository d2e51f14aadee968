//! What the query workbench keeps in the data folder: the text of tabs, the history, saved queries.

use evaldesk_core::query::QuerySettings;
use evaldesk_core::query::draft::{QueryDraft, QueryDraftSaved};
use evaldesk_core::query::history::{HistoryQuery, QueryHistoryEntry};
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

/// Which runs.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryHistoryListArguments {
    /// The id, or the name, of a connection; absent, all, those that are gone included.
    pub connection: Option<String>,
    /// Words that all have to be in the statement, the names or the error.
    pub search: Option<String>,
    /// The id of the last entry that is known: what is older follows.
    pub before: Option<String>,
    /// At most 1,000; absent means 100.
    pub count: Option<usize>,
}

/// What goes.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum QueryHistoryRemoveArguments {
    /// One run.
    Entry { id: String },
    /// All runs of a connection, by the id that its entries have.
    Connection { connection: String },
}

/// How many runs went.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryHistoryRemoved {
    pub removed: u64,
}

/// The settings to write.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuerySettingsArguments {
    pub settings: QuerySettings,
}

/// Lists runs, the newest first.
pub async fn query_history_list(
    session: &Session,
    arguments: QueryHistoryListArguments,
) -> Result<Vec<QueryHistoryEntry>> {
    // A connection that is gone has its runs left, under its id.
    let id = |connection: String| session.profile(&connection).map_or(connection, |profile| profile.id);
    let query = HistoryQuery {
        connection: arguments.connection.map(id),
        search: arguments.search,
        before: arguments.before,
        count: arguments.count.unwrap_or(100).min(1_000),
    };
    apart(session, move |session| session.query_folder().history.list(&query)).await
}

/// Removes one run, or all of a connection, from the history.
pub async fn query_history_remove(
    session: &Session,
    arguments: QueryHistoryRemoveArguments,
) -> Result<QueryHistoryRemoved> {
    let removed = apart(session, move |session| {
        let history = &session.query_folder().history;
        match arguments {
            QueryHistoryRemoveArguments::Entry { id } => history.remove(&id).map(u64::from),
            QueryHistoryRemoveArguments::Connection { connection } => history.remove_connection(&connection),
        }
    });
    Ok(QueryHistoryRemoved { removed: removed.await? })
}

/// Shows what the workbench was told to keep, and where.
pub async fn query_settings_show(session: &Session, _: NoArguments) -> Result<QuerySettings> {
    apart(session, |session| session.query_folder().settings()).await
}

/// Says what the workbench shall keep, and where.
pub async fn query_settings_save(
    session: &Session,
    arguments: QuerySettingsArguments,
) -> Result<QuerySettings> {
    apart(session, move |session| {
        session.query_folder().write_settings(&arguments.settings)?;
        session.query_folder().settings()
    })
    .await
}
