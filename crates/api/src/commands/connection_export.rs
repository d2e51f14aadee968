//! Connections written down for somebody else: as JSON, or as Rails' database.yml. Never with a secret.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::export::{self, DatabaseYml};
use evaldesk_core::connection::{ConnectionProfile, write_new};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectionArguments;
use crate::{ErrorReport, Result, Session};

/// Which to write down, and where to.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct ConnectionExportArguments {
    /// Ids or names; none for all but the private server's.
    pub connections: Vec<String>,
    /// A file that is not there yet; without one the text is all.
    pub path: Option<String>,
}

/// The file's text, which has no secret in it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionExport {
    pub text: String,
    pub path: Option<String>,
}

/// Writes connections down without secrets.
pub async fn connection_export(
    session: &Session,
    arguments: ConnectionExportArguments,
) -> Result<ConnectionExport> {
    let profiles = chosen(session, &arguments.connections)?;
    let text = export::export(&profiles)?;
    if let Some(path) = &arguments.path {
        session.check_place(path.as_ref())?;
        write_new(path.as_ref(), text.as_bytes())?;
    }
    Ok(ConnectionExport { text, path: arguments.path })
}

/// The private server is this computer's alone, and nobody else could reach it.
fn chosen(session: &Session, names: &[String]) -> Result<Vec<ConnectionProfile>> {
    let all = if names.is_empty() { session.profiles().load()?.profiles } else { Vec::new() };
    let named: Result<Vec<ConnectionProfile>> = names.iter().map(|name| session.profile(name)).collect();
    let mut chosen = [all, named?].concat();
    chosen.retain(|profile| !profile.is_on_private_server());
    if chosen.is_empty() {
        return Err(ErrorReport::new(ErrorKind::Precondition, "there is no connection to export")
            .hint("The private server's belongs to this computer and is left out."));
    }
    Ok(chosen)
}

/// A database.yml for an application that uses this connection's database.
pub async fn connection_database_yml(
    session: &Session,
    arguments: ConnectionArguments,
) -> Result<DatabaseYml> {
    Ok(export::database_yml(&session.profile(&arguments.connection)?))
}
