//! What was last seen of each connection, kept in the data folder: no passwords, no rows, only states.

use std::path::PathBuf;

use evaldesk_core::connection::{ConnectionProfile, write_private};
use evaldesk_core::migrate::{MigrationState, MigrationStatus, PartialRun, Version};
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
    #[serde(default)]
    pub(super) partial: Option<PartialRun>,
    pub(super) note: Option<String>,
}

impl Seen {
    /// What a status says, for later.
    pub(super) fn of(status: MigrationStatus, at: String) -> Self {
        let versions = status.migrations.into_iter().map(|row| SeenVersion {
            version: row.version,
            name: row.name,
            state: row.state,
            partial: row.partial,
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

/// Keeps what a status says, beside the last comparison.
pub(in crate::commands::migrate) fn keep_status(
    session: &Session,
    profile: &ConnectionProfile,
    status: &MigrationStatus,
) {
    let mut seen = Seen::of(status.clone(), session.clock().now().to_rfc3339());
    seen.drift = last(session, profile).filter(|last| last.origin == seen.origin).and_then(|last| last.drift);
    keep(session, profile, &seen);
}

/// A connection that is forgotten leaves nothing behind.
pub(in crate::commands) fn forget(session: &Session, profile: &ConnectionProfile) {
    let _ = std::fs::remove_file(path(session, profile));
}

/// Keeps it. A folder that cannot be written makes the matrix no worse now, only poorer later.
pub(super) fn keep(session: &Session, profile: &ConnectionProfile, seen: &Seen) {
    if !is_saved(session, profile) {
        return;
    }
    let path = path(session, profile);
    let Ok(text) = serde_json::to_string(seen) else { return };
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    let _ = write_private(&path, text.as_bytes());
}

/// A connection by URL alone lives as long as its session.
fn is_saved(session: &Session, profile: &ConnectionProfile) -> bool {
    session.profiles().load().is_ok_and(|saved| saved.profiles.iter().any(|one| one.id == profile.id))
}

/// What was kept. What cannot be read was never seen.
pub(super) fn last(session: &Session, profile: &ConnectionProfile) -> Option<Seen> {
    serde_json::from_str(&std::fs::read_to_string(path(session, profile)).ok()?).ok()
}

/// By the connection's id, which is ours: a UUID, or "local".
fn path(session: &Session, profile: &ConnectionProfile) -> PathBuf {
    session.folder().join("migrations/seen").join(format!("{}.json", profile.id))
}
