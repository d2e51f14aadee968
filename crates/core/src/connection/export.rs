//! Connections written down for somebody else, without secrets.

mod database_yml;

use serde::{Deserialize, Serialize};

use super::ConnectionProfile;
use crate::Result;

pub use database_yml::{DatabaseYml, database_yml};

/// What the file says it is.
pub(super) const FORMAT: &str = "connections";

/// The file: what it is, its version, and profiles as the store keeps them.
#[derive(Serialize, Deserialize)]
pub(super) struct Exported {
    pub(super) evaldesk: String,
    pub(super) version: u32,
    pub(super) connections: Vec<serde_json::Value>,
}

/// Connections as JSON. A profile has no password, and which keyring entry it uses is nobody else's affair.
///
/// # Errors
/// `Internal` alone.
pub fn export(profiles: &[ConnectionProfile]) -> Result<String> {
    let shared = |profile: &ConnectionProfile| ConnectionProfile { secret_of: None, ..profile.clone() };
    let connections = profiles.iter().map(|profile| serde_json::to_value(shared(profile)));
    let connections = connections.collect::<std::result::Result<_, _>>()?;
    let file = Exported { evaldesk: FORMAT.to_owned(), version: 1, connections };
    Ok(serde_json::to_string_pretty(&file)?)
}
