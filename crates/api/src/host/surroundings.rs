//! Where a person's own connection files are, for imports.

use std::path::PathBuf;

use evaldesk_core::connection::import::Surroundings;

/// Where PostgreSQL's packages put the socket: Debian's and Red Hat's, and what a plain build has.
const SOCKET_FOLDERS: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// Where Debian's libpq has the system's services.
const SYSTEM_CONFIGURATION: &str = "/etc/postgresql-common";

/// The name of the account that this process runs as: a service or a container may have no variable of it.
#[cfg(unix)]
pub(super) fn account() -> Option<String> {
    let own = rustix::process::getuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    let named = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let found = named.into_iter().find(|fields| fields.get(2) == Some(&own.as_str()))?;
    Some((*found.first()?).to_owned())
}

#[cfg(not(unix))]
pub(super) fn account() -> Option<String> {
    None
}

/// The environment, the home folder and the sockets' usual places, as they are now. The folder of a window is nobody's
/// choice, so only a command line looks into its own.
pub fn surroundings(folder: Option<PathBuf>) -> Surroundings {
    // What is not UTF-8 names no connection.
    let set = std::env::vars_os();
    let mut variables: std::collections::HashMap<String, String> =
        set.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?))).collect();
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| variables.get(*name).cloned());
    let user = user.or_else(account);
    variables.entry("PGSYSCONFDIR".to_owned()).or_insert_with(|| SYSTEM_CONFIGURATION.to_owned());
    Surroundings {
        home: super::home(),
        folder,
        user,
        variables,
        socket_folders: SOCKET_FOLDERS.iter().map(PathBuf::from).collect(),
    }
}
