//! The folder of the query workbench inside the data folder.

use std::path::{Path, PathBuf};

use evaldesk_core::Error;
use evaldesk_core::query::draft::DraftStore;
use evaldesk_core::query::history::{FinishedRun, HistoryBounds, HistoryStore};
use evaldesk_core::query::saved;
use evaldesk_core::query::{QueryCompleter, QuerySettings};

use super::Session;
use crate::Result;

/// What the query workbench keeps.
pub(crate) struct QueryFolder {
    folder: PathBuf,
    pub(crate) drafts: DraftStore,
    pub(crate) history: HistoryStore,
    pub(crate) completer: QueryCompleter,
}

impl QueryFolder {
    /// The folder inside a data folder. Nothing is made yet.
    pub(super) fn new(data: &Path) -> Self {
        let folder = data.join("query");
        let history = HistoryStore::new(folder.join("history"), HistoryBounds::default());
        Self {
            drafts: DraftStore::new(folder.join("drafts")),
            history,
            completer: QueryCompleter::default(),
            folder,
        }
    }

    /// What the workbench was told to keep.
    pub(crate) fn settings(&self) -> evaldesk_core::Result<QuerySettings> {
        QuerySettings::read(&self.folder)
    }

    pub(crate) fn write_settings(&self, settings: &QuerySettings) -> evaldesk_core::Result<()> {
        settings.write(&self.folder)
    }
}

impl Session {
    pub(crate) fn query_folder(&self) -> &QueryFolder {
        &self.0.query_folder
    }

    /// The folder of saved queries of a connection, by its id: `queries` in the data folder where none was chosen.
    pub(crate) fn saved_queries(
        &self,
        connection: Option<&str>,
    ) -> evaldesk_core::Result<saved::QueryFolder> {
        let settings = self.query_folder().settings()?;
        Ok(saved::QueryFolder::new(settings.folder_of(connection, &self.folder().join("queries"))))
    }

    /// Writes a run into the history, unless its connection keeps none. A history that cannot be written does not
    /// undo the run: the error is for whoever wants to say so.
    ///
    /// # Errors
    /// `Storage`, or settings that cannot be read.
    pub fn remember_run(&self, run: &FinishedRun<'_>) -> Result<()> {
        let folder = self.query_folder();
        if folder.settings()?.keeps_history(&run.profile.id) {
            folder.history.add(run)?;
        }
        Ok(())
    }
}

/// Runs what waits for a disk where nobody else waits for it.
pub(crate) async fn apart<T: Send + 'static>(
    session: &Session,
    work: impl FnOnce(&Session) -> evaldesk_core::Result<T> + Send + 'static,
) -> Result<T> {
    let session = session.clone();
    let done = tokio::task::spawn_blocking(move || work(&session)).await;
    Ok(done.map_err(|error| Error::internal(format!("a task ended badly: {error}")))??)
}
