//! Where things lie on this machine, and who is asking. The one place that reads the environment.

use std::path::{Path, PathBuf};

use evaldesk_core::connection::SshPlace;
use evaldesk_core::server::local::EngineHints;
use evaldesk_core::{Error, ErrorKind, Result};

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The home folder of the user.
pub fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| home.is_absolute())
}

/// The folder that app and command line share: `EVALDESK_DATA_DIR`, else the platform's place for application data.
///
/// # Errors
/// `Precondition` when there is neither a home folder nor the variable.
pub fn data_folder() -> Result<PathBuf> {
    if let Some(folder) = variable("EVALDESK_DATA_DIR") {
        return std::path::absolute(folder).map_err(Error::from);
    }
    platform_folder().map(|folder| folder.join("evaldesk")).ok_or_else(|| {
        Error::new(ErrorKind::Precondition, "there is no home folder to keep connections and data in")
            .hint("Set EVALDESK_DATA_DIR to a folder of your own.")
    })
}

#[cfg(target_os = "macos")]
fn platform_folder() -> Option<PathBuf> {
    Some(home()?.join("Library/Application Support"))
}

#[cfg(windows)]
fn platform_folder() -> Option<PathBuf> {
    variable("APPDATA").map(PathBuf::from)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn platform_folder() -> Option<PathBuf> {
    variable("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| Some(home()?.join(".local/share")))
}

/// Where an engine may be: `EVALDESK_ENGINE`, the app's resources, the data folder, PATH.
pub fn engine_hints(resources: Option<PathBuf>, data: PathBuf) -> EngineHints {
    let path = std::env::var_os("PATH").unwrap_or_default();
    EngineHints {
        explicit: variable("EVALDESK_ENGINE").map(PathBuf::from),
        resources_dir: resources.map(with_engines),
        data_dir: Some(data),
        path_dirs: std::env::split_paths(&path).collect(),
    }
}

/// In a checkout the programs are in `target/debug`, and the engines that came along beside it.
fn with_engines(resources: PathBuf) -> PathBuf {
    match resources.parent() {
        Some(above) if !resources.join("engines").is_dir() && above.join("engines").is_dir() => {
            above.to_owned()
        }
        _ => resources,
    }
}

/// Where root's local server goes instead of `/var/lib/evaldesk`: `EVALDESK_SYSTEM_DIR`. Other users must be able to
/// enter it.
pub fn system_folder() -> Option<PathBuf> {
    variable("EVALDESK_SYSTEM_DIR").map(PathBuf::from)
}

/// The name of this machine, where the system tells it.
#[cfg(unix)]
pub fn machine() -> Option<String> {
    let name = rustix::system::uname();
    name.nodename().to_str().ok().filter(|name| !name.is_empty()).map(str::to_owned)
}

/// The name of this machine, where the system tells it.
#[cfg(not(unix))]
pub fn machine() -> Option<String> {
    variable("COMPUTERNAME")
}

/// Where SSH's own things are; the host keys that are accepted here go to the data folder.
pub fn ssh_place(data: &Path) -> SshPlace {
    SshPlace {
        home: home(),
        user: variable("USER").or_else(|| variable("LOGNAME")).or_else(|| variable("USERNAME")),
        agent: variable("SSH_AUTH_SOCK").map(PathBuf::from),
        known_hosts: data.join("known_hosts"),
    }
}

/// Who acts, for the audit log: "maria (app)".
pub fn actor(host: &str) -> String {
    let user = variable("USER")
        .or_else(|| variable("LOGNAME"))
        .or_else(|| variable("USERNAME"))
        .or_else(super::surroundings::account)
        .unwrap_or_else(|| "unknown user".to_owned());
    format!("{user} ({host})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_of_a_checkout_are_found_from_its_programs() {
        let target = tempfile::tempdir().unwrap();
        let programs = target.path().join("debug");
        std::fs::create_dir_all(&programs).unwrap();
        assert_eq!(with_engines(programs.clone()), programs);
        std::fs::create_dir_all(target.path().join("engines/17")).unwrap();
        assert_eq!(with_engines(programs.clone()), target.path());
        std::fs::create_dir_all(programs.join("engines/17")).unwrap();
        assert_eq!(with_engines(programs.clone()), programs);
    }
}
