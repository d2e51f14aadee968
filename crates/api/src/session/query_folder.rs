//! The folder of the query workbench inside the data folder.

use std::path::Path;

use evaldesk_core::Error;
use evaldesk_core::query::draft::DraftStore;

use super::Session;
use crate::Result;

/// What the query workbench keeps.
pub(crate) struct QueryFolder {
    pub(crate) drafts: DraftStore,
}

impl QueryFolder {
    /// The folder inside a data folder. Nothing is made yet.
    pub(super) fn new(data: &Path) -> Self {
        let folder = data.join("query");
        Self { drafts: DraftStore::new(folder.join("drafts")) }
    }
}

impl Session {
    pub(crate) fn query_folder(&self) -> &QueryFolder {
        &self.0.query_folder
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
