//! Where everything of one cluster lies, and making folders that only their owner can enter.
//!
//! Two places: `root` (the host's: locks, server.json, the watcher's log) and `home` (the server's: data, socket,
//! logs). They are one folder unless root runs us; then home is elsewhere and belongs to another user.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::config::{LocalConfig, RunAs};
use super::reach;
use crate::{Error, ErrorKind, Result};

/// The paths of one cluster.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) root: PathBuf,
    pub(super) home: PathBuf,
    /// The name of the data folder; another while an upgrade makes the next one.
    pub(super) data_name: &'static str,
    pub(super) system_dir: PathBuf,
    pub(super) run_as: Option<RunAs>,
}

impl Layout {
    /// Works the paths out; nothing is made.
    pub(super) fn of(config: &LocalConfig) -> Result<Self> {
        let root = std::path::absolute(&config.root)?;
        let home = match &config.run_as {
            Some(_) => reach::home_for(&config.system_dir, &root),
            None => root.clone(),
        };
        // A cluster made while another user was chosen keeps its owner: files cannot be half one's, half the other's.
        let owner = config.run_as.as_ref().and_then(|_| RunAs::owner_of(&home.join("data")));
        let run_as = owner.or_else(|| config.run_as.clone());
        Ok(Self { root, home, data_name: "data", system_dir: config.system_dir.clone(), run_as })
    }

    /// Makes root, home, and the folders in them, each 0700.
    pub(super) fn prepare(&self) -> Result<()> {
        private_folder(&self.root, None)?;
        if self.run_as.is_some() {
            std::fs::create_dir_all(&self.system_dir)
                .map_err(|error| cannot_make(&self.system_dir, error))?;
        }
        for folder in [&self.home, &self.logs()] {
            private_folder(folder, self.run_as.as_ref())?;
        }
        Ok(())
    }

    /// The data folder of the server.
    pub(super) fn data(&self) -> PathBuf {
        self.home.join(self.data_name)
    }

    /// The data folder that an upgrade makes.
    pub(super) fn upgraded(&self) -> Self {
        Self { data_name: "data.upgrade", ..self.clone() }
    }

    /// Where a data folder is made before it gets its name.
    pub(super) fn building(&self) -> PathBuf {
        self.home.join("data.new")
    }

    pub(super) fn logs(&self) -> PathBuf {
        self.home.join("log")
    }

    /// What is remembered between starts.
    pub(super) fn memory(&self) -> PathBuf {
        self.root.join("server.json")
    }

    /// The mark that `local start` leaves until `local stop`.
    pub(super) fn held(&self) -> PathBuf {
        self.root.join("held")
    }

    /// Locked shared by every user of the server.
    pub(super) fn users_lock(&self) -> PathBuf {
        self.root.join("users.lock")
    }

    /// Locked by whoever starts, stops, resets or upgrades.
    pub(super) fn change_lock(&self) -> PathBuf {
        self.root.join("change.lock")
    }

    /// Locked by whoever decides about the password.
    pub(super) fn setup_lock(&self) -> PathBuf {
        self.root.join("setup.lock")
    }

    /// Locked by the one watcher.
    pub(super) fn watcher_lock(&self) -> PathBuf {
        self.root.join("watcher.lock")
    }

    pub(super) fn watcher_log(&self) -> PathBuf {
        self.root.join("watcher.log")
    }

    /// The folder of the socket. Its path must fit a socket address (103 bytes on macOS, 107 on Linux), so a deep home gets a short one.
    pub(super) fn socket_folder(&self) -> Result<PathBuf> {
        let near = self.home.join("run");
        let short = PathBuf::from(format!("/tmp/evaldesk-{}", short_hash(&self.home)));
        let folder = if near.as_os_str().len() + "/.s.PGSQL.65535.lock".len() <= 103 { near } else { short };
        private_folder(&folder, self.run_as.as_ref())?;
        Ok(folder)
    }
}

/// Sixteen hexadecimal digits that stand for a path.
pub(super) fn short_hash(path: &Path) -> String {
    let digest = Sha256::digest(path.as_os_str().as_encoded_bytes());
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// `<path>.<suffix>`, in the same folder.
pub(super) fn sibling(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}

/// The bytes of all files in a folder, as far as they can be seen.
pub(super) fn bytes_in(path: &Path) -> u64 {
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(meta) if meta.is_dir() => bytes_in(&entry.path()),
            Ok(meta) => meta.len(),
            Err(_) => 0,
        })
        .sum()
}

/// Removes a folder with all in it; it is no error when there is none.
pub(super) fn remove_tree(path: &Path) -> Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::from(error).while_doing(&format!("cannot remove {}", path.display())))
        }
        _ => Ok(()),
    }
}

/// Makes a 0700 folder, or checks that one that is there is its owner's and no link laid by another.
pub(super) fn private_folder(path: &Path, owner: Option<&RunAs>) -> Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(|error| cannot_make(path, error))?;
    }
    match make_private(path) {
        Ok(()) => own(path, owner).map_err(|error| cannot_make(path, error)),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => check_private(path, owner),
        Err(error) => Err(cannot_make(path, error)),
    }
}

fn cannot_make(path: &Path, error: std::io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot make the folder {}", path.display()))
}

#[cfg(unix)]
fn make_private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(unix)]
fn check_private(path: &Path, owner: Option<&RunAs>) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = std::fs::symlink_metadata(path)?;
    let wanted = owner.map_or_else(|| rustix::process::geteuid().as_raw(), |user| user.uid);
    if !meta.is_dir() || meta.uid() != wanted {
        return Err(foreign(path, meta.uid(), wanted));
    }
    if meta.mode() & 0o077 != 0 {
        set_mode(path, 0o700)?;
    }
    Ok(())
}

#[cfg(unix)]
fn foreign(path: &Path, owner: u32, wanted: u32) -> Error {
    Error::new(
        ErrorKind::PermissionDenied,
        format!(
            "{} belongs to user number {owner}, not to user number {wanted} that the server runs as",
            path.display()
        ),
    )
    .hint("Run Evaldesk as the user who made the local database, or move that folder away.")
}

/// Gives a file to the user that the server runs as.
#[cfg(unix)]
pub(super) fn own(path: &Path, owner: Option<&RunAs>) -> std::io::Result<()> {
    owner.map_or(Ok(()), |user| std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid)))
}

/// Sets the mode bits.
#[cfg(unix)]
pub(super) fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn make_private(path: &Path) -> std::io::Result<()> {
    std::fs::create_dir(path)
}

#[cfg(not(unix))]
fn check_private(path: &Path, _: Option<&RunAs>) -> Result<()> {
    if path.is_dir() {
        Ok(())
    } else {
        Err(Error::new(ErrorKind::Storage, format!("{} is no folder", path.display())))
    }
}

#[cfg(not(unix))]
pub(super) fn own(_: &Path, _: Option<&RunAs>) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
pub(super) fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}

/// Writes a 0600 file for the server's user, aside and renamed, never through a link that lies there.
pub(super) fn write_private(path: &Path, text: &str, owner: Option<&RunAs>) -> Result<()> {
    let partial = sibling(path, "partial");
    let _ = std::fs::remove_file(&partial);
    let write = || {
        create_private(&partial, text, owner)?;
        std::fs::rename(&partial, path)
    };
    write().map_err(|error| Error::from(error).while_doing(&format!("cannot write {}", path.display())))
}

/// Makes a 0600 file that was not there before.
pub(super) fn create_private(path: &Path, text: &str, owner: Option<&RunAs>) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    own(path, owner)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn layout(root: &Path) -> Layout {
        Layout::of(&LocalConfig::new(root)).unwrap()
    }

    #[test]
    fn folders_are_closed_even_when_they_were_open_before() {
        let top = tempfile::tempdir().unwrap();
        let root = top.path().join("local");
        std::fs::create_dir(&root).unwrap();
        layout(&root).prepare().unwrap();
        assert_eq!(std::fs::metadata(&root).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_link_in_place_of_a_folder_is_refused() {
        let top = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/tmp", top.path().join("local")).unwrap();
        let error = private_folder(&top.path().join("local"), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn a_deep_home_gets_a_short_socket_folder() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("a".repeat(90));
        let folder = layout(&deep).socket_folder().unwrap();
        assert!(folder.starts_with("/tmp") && folder.as_os_str().len() < 60, "{}", folder.display());
        std::fs::remove_dir(folder).unwrap();
    }
}
