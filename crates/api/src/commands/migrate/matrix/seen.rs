//! What was last seen of each connection, kept in the data folder: no passwords, no rows, only states.

use std::path::PathBuf;

use evaldesk_core::connection::{ConnectionProfile, write_private};
use evaldesk_core::migrate::{MigrationState, MigrationStatus, Version};
use serde::{Deserialize, Serialize};

use crate::Session;

/// One connection's states at a moment.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Seen {
    /// The files that they were held against: with others they mean nothing.
    pub(super) origin: String,
    /// UTC.
    pub(super) at: String,
    pub(super) pending: u32,
    pub(super) versions: Vec<SeenVersion>,
}

/// One version.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SeenVersion {
    pub(super) version: Version,
    pub(super) name: Option<String>,
    pub(super) state: MigrationState,
    pub(super) note: Option<String>,
}

impl Seen {
    /// What a status says, for later.
    pub(super) fn of(status: MigrationStatus, at: String) -> Self {
        let versions = status.migrations.into_iter().map(|row| SeenVersion {
            version: row.version,
            name: row.name,
            state: row.state,
            note: row.notes.into_iter().next(),
        });
        Self { origin: status.origin, at, pending: status.pending, versions: versions.collect() }
    }
}

/// Keeps it. A folder that cannot be written makes the matrix no worse now, only poorer later.
pub(super) fn keep(session: &Session, profile: &ConnectionProfile, seen: &Seen) {
    let path = path(session, profile);
    let Ok(text) = serde_json::to_string(seen) else { return };
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let _ = write_private(&path, text.as_bytes());
}

/// What was kept. What cannot be read was never seen.
pub(super) fn last(session: &Session, profile: &ConnectionProfile) -> Option<Seen> {
    serde_json::from_str(&std::fs::read_to_string(path(session, profile)).ok()?).ok()
}

/// By the connection's id, which is ours: a UUID, or "local".
fn path(session: &Session, profile: &ConnectionProfile) -> PathBuf {
    session.folder().join("migrations/seen").join(format!("{}.json", profile.id))
}
