//! Where everything of one cluster lies.
//!
//! Two places: `root` (the host's: locks, server.json, the watcher's log) and `home` (the server's: data, socket,
//! logs). They are one folder unless root runs us; then home is elsewhere and belongs to another user.

use std::path::PathBuf;

use super::config::{LocalConfig, RunAs};
use super::private::{private_folder, short_hash, write_private};
use super::reach;
use crate::{Error, Result};

/// How the names of unfinished data folders begin.
const BUILDING: &str = "data.new";

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

    /// Makes the host's folder, 0700. Locks lie in it, so this comes before any of them.
    pub(super) fn prepare(&self) -> Result<()> {
        private_folder(&self.root, None)
    }

    /// Makes the server's folders, 0700. The caller holds the change lock.
    pub(super) fn prepare_home(&self) -> Result<()> {
        if self.run_as.is_some() {
            let said =
                |error| Error::from(error).while_doing(&format!("cannot make {}", self.system_dir.display()));
            std::fs::create_dir_all(&self.system_dir).map_err(said)?;
        }
        for folder in [&self.home, &self.logs()] {
            private_folder(folder, self.run_as.as_ref())?;
        }
        self.note_owner()
    }

    /// The home of a cluster of root's is named by a hash: this says whose it is when that one's own folder is gone.
    fn note_owner(&self) -> Result<()> {
        let note = self.home.join("belongs-to");
        if self.run_as.is_none() || note.exists() {
            return Ok(());
        }
        write_private(&note, &format!("{}\n", self.root.display()), self.run_as.as_ref())
    }

    /// The data folder of the server.
    pub(super) fn data(&self) -> PathBuf {
        self.home.join(self.data_name)
    }

    /// The data folder that an upgrade makes.
    pub(super) fn upgraded(&self) -> Self {
        Self { data_name: "data.upgrade", ..self.clone() }
    }

    /// Where a data folder is made before it gets its name. Each process has its own: the initdb of one that was
    /// killed may still be writing.
    pub(super) fn building(&self) -> PathBuf {
        self.home.join(format!("{BUILDING}.{}", std::process::id()))
    }

    /// What starts that were cut short left.
    pub(super) fn half_made(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(&self.home).into_iter().flatten().flatten();
        let is_one = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(BUILDING);
        entries.filter(|entry| is_one(&entry.file_name())).map(|entry| entry.path()).collect()
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

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use std::path::Path;

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
    fn a_deep_home_gets_a_short_socket_folder() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("a".repeat(90));
        let folder = layout(&deep).socket_folder().unwrap();
        assert!(folder.starts_with("/tmp") && folder.as_os_str().len() < 60, "{}", folder.display());
        std::fs::remove_dir(folder).unwrap();
    }
}
