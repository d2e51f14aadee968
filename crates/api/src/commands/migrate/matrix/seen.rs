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
    /// What the last comparison of the schema came to, whenever that was.
    #[serde(default)]
    pub(super) drift: Option<SeenDrift>,
}

/// A comparison with what the migrations make.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::commands::migrate) struct SeenDrift {
    /// UTC.
    pub(in crate::commands::migrate) at: String,
    /// Absent where nothing could be compared.
    pub(in crate::commands::migrate) differences: Option<u32>,
    /// How many of them each version's statements speak of; those without any are left out.
    pub(in crate::commands::migrate) of: Vec<(Version, u32)>,
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
        Self { origin: status.origin, at, pending: status.pending, versions: versions.collect(), drift: None }
    }
}

/// Keeps the outcome of a comparison beside the states that were seen last.
pub(in crate::commands::migrate) fn keep_drift(
    session: &Session,
    profile: &ConnectionProfile,
    drift: SeenDrift,
) {
    if let Some(seen) = last(session, profile) {
        keep(session, profile, &Seen { drift: Some(drift), ..seen });
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
