//! What the query workbench keeps in the data folder: the text of tabs, the history, saved queries.

use evaldesk_core::query::QuerySettings;
use evaldesk_core::query::draft::{QueryDraft, QueryDraftSaved};
use evaldesk_core::query::history::{HistoryQuery, QueryHistoryEntry};
use evaldesk_core::query::saved::{self, QueryFile, QueryFileText, QueryFolder};
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

/// Whose saved queries; without a connection, those for all.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryFileListArguments {
    /// The id, or the name, of a connection: it may have a folder of its own, and its server's version decides which
    /// of the starter set are listed, if it is open.
    pub connection: Option<String>,
}

/// Which saved query.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileArguments {
    #[serde(default)]
    pub connection: Option<String>,
    pub path: String,
}

/// What to save where.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileSaveArguments {
    #[serde(default)]
    pub connection: Option<String>,
    pub path: String,
    pub text: String,
    /// The stamp that the file was read or saved with; absent for a new file. Where the file is another one by now,
    /// nothing is written and the answer is a conflict.
    #[serde(default)]
    pub stamp: Option<String>,
}

/// What to remove.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileRemoveArguments {
    #[serde(default)]
    pub connection: Option<String>,
    pub path: String,
    pub stamp: String,
}

/// What to rename.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileRenameArguments {
    #[serde(default)]
    pub connection: Option<String>,
    pub path: String,
    pub to: String,
}

/// A file as it was when it was read.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileSeen {
    pub path: String,
    pub stamp: String,
}

/// Files to look after.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryFileChangedArguments {
    #[serde(default)]
    pub connection: Option<String>,
    pub files: Vec<QueryFileSeen>,
}

/// Lists saved queries: those of the folder, then the starter set.
pub async fn query_file_list(session: &Session, arguments: QueryFileListArguments) -> Result<Vec<QueryFile>> {
    let major = arguments.connection.as_deref().and_then(|connection| session.major_if_open(connection));
    let own = in_folder(session, arguments.connection, |folder| folder.list()).await?;
    Ok(own.into_iter().chain(saved::starter_files(major)).collect())
}

/// Reads a saved query.
pub async fn query_file_read(session: &Session, arguments: QueryFileArguments) -> Result<QueryFileText> {
    if saved::is_starter(&arguments.path) {
        return Ok(saved::starter(&arguments.path)?);
    }
    in_folder(session, arguments.connection, move |folder| folder.read(&arguments.path)).await
}

/// Writes a saved query, unless another program changed it.
pub async fn query_file_save(session: &Session, arguments: QueryFileSaveArguments) -> Result<QueryFileText> {
    let QueryFileSaveArguments { connection, path, text, stamp } = arguments;
    in_folder(session, connection, move |folder| folder.save(&path, &text, stamp.as_deref())).await
}

/// Removes a saved query, unless another program changed it.
pub async fn query_file_remove(session: &Session, arguments: QueryFileRemoveArguments) -> Result<Done> {
    let QueryFileRemoveArguments { connection, path, stamp } = arguments;
    in_folder(session, connection, move |folder| folder.remove(&path, &stamp)).await?;
    Ok(Done {})
}

/// Gives a saved query another name or folder.
pub async fn query_file_rename(
    session: &Session,
    arguments: QueryFileRenameArguments,
) -> Result<QueryFileText> {
    in_folder(session, arguments.connection, move |folder| folder.rename(&arguments.path, &arguments.to))
        .await
}

/// Of files that are open, the paths of those that another program changed or removed.
pub async fn query_file_changed(
    session: &Session,
    arguments: QueryFileChangedArguments,
) -> Result<Vec<String>> {
    let seen: Vec<_> = arguments.files.into_iter().map(|file| (file.path, file.stamp)).collect();
    in_folder(session, arguments.connection, move |folder| Ok(folder.changed(&seen))).await
}

async fn in_folder<T: Send + 'static>(
    session: &Session,
    connection: Option<String>,
    work: impl FnOnce(&QueryFolder) -> evaldesk_core::Result<T> + Send + 'static,
) -> Result<T> {
    // A connection that is gone has no folder of its own any more, or still has it by its id.
    let id = connection.map(|name| session.profile(&name).map_or(name, |profile| profile.id));
    apart(session, move |session| work(&session.saved_queries(id.as_deref())?)).await
}
