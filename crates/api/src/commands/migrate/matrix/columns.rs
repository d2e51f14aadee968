//! Which connections stand side by side: those that are migrated with the same files.

use std::path::{Path, PathBuf};

use evaldesk_core::connection::ConnectionProfile;

use crate::{Result, Session};

/// The files that are compared, as a status names them.
pub(super) fn origin(session: &Session, named: Option<&str>) -> Result<String> {
    let set = match named {
        Some(connection) => session.migration_context(connection)?.set,
        None => session.wished_migrations()?.into(),
    };
    Ok(set.origin().to_owned())
}

/// Those connections, development first; the named one among them even where it is saved nowhere.
pub(super) fn of_the_same_files(session: &Session, named: Option<&str>) -> Result<Vec<ConnectionProfile>> {
    let named = named.map(|connection| session.profile(connection)).transpose()?;
    let files = match &named {
        Some(profile) => session.migration_folder(profile),
        None => session.wished_folder(),
    };
    let mut profiles: Vec<_> = session.profiles().load()?.profiles;
    profiles.retain(|profile| same(profile.migrations.folder.as_deref().map(Path::new), files.as_deref()));
    if let Some(named) = named
        && !profiles.iter().any(|profile| profile.id == named.id)
    {
        profiles.push(named);
    }
    profiles.sort_by_key(|profile| (profile.environment as u8, profile.name.to_lowercase()));
    Ok(profiles)
}

/// Two ways to write one folder are one folder.
fn same(a: Option<&Path>, b: Option<&Path>) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| PathBuf::from(path));
    a.map(real) == b.map(real)
}
