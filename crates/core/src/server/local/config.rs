//! What the host decides about the local server. Nothing here reads the environment or the home directory.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The database that a new cluster gets.
pub const DATABASE: &str = "raaf_eval_local";

/// The superuser of the cluster.
pub const USER: &str = "evaldesk";

/// The major that a new cluster gets when the host names none and an engine of it is found.
pub const PREFERRED_MAJOR: i32 = 17;

/// Where the cluster goes when root runs us: other users cannot enter root's own folders.
pub const SYSTEM_DIR: &str = "/var/lib/evaldesk";

/// Everything that differs by host and machine.
#[derive(Debug, Clone)]
pub struct LocalConfig {
    /// The folder of this cluster; made 0700.
    pub root: PathBuf,
    /// Folders that may hold `postgres`, best first; see `engine::candidates`.
    pub engine_search: Vec<PathBuf>,
    /// Folders that may hold `pg_dump`, best first; the engine's own comes before them.
    pub tool_search: Vec<PathBuf>,
    /// The major for a new cluster; without it the first engine found decides.
    pub preferred_major: Option<i32>,
    /// The user that PostgreSQL runs as, when we are root; see `RunAs::when_root`.
    pub run_as: Option<RunAs>,
    /// Where the cluster goes when `run_as` is set.
    pub system_dir: PathBuf,
    /// The command line that ends in `run_watcher(root)`; empty means nobody stops the server.
    pub watcher: Vec<OsString>,
    /// The port to try first; else one that is free.
    pub port: Option<u16>,
}

impl LocalConfig {
    /// A config with everything at its default, for a cluster in `root`.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            engine_search: Vec::new(),
            tool_search: Vec::new(),
            preferred_major: Some(PREFERRED_MAJOR),
            run_as: None,
            system_dir: SYSTEM_DIR.into(),
            watcher: Vec::new(),
            port: None,
        }
    }
}

/// How long nobody must use the server before the watcher stops it: verbs in a row then share one server.
pub(super) const LINGER: Duration = Duration::from_secs(3);

/// A user of this machine that PostgreSQL runs as, because it refuses root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunAs {
    /// The user's number.
    pub uid: u32,
    /// Its group.
    pub gid: u32,
    /// Its name, for messages.
    pub name: String,
}

impl RunAs {
    /// The user to run as when this process is root; `None` for an ordinary user.
    ///
    /// # Errors
    /// `Missing` when root finds neither postgres nor nobody among the users.
    #[cfg(unix)]
    pub fn when_root() -> crate::Result<Option<Self>> {
        if !rustix::process::geteuid().is_root() {
            return Ok(None);
        }
        let users = std::fs::read_to_string("/etc/passwd")?;
        Self::choose(&users).map(Some).ok_or_else(|| {
            crate::Error::new(crate::ErrorKind::Missing, "PostgreSQL refuses to run as root, and no other user was found")
                .hint("Make a user for it (adduser --system --group postgres), or run Evaldesk as an ordinary user.")
        })
    }

    /// PostgreSQL runs as whoever we are.
    #[cfg(not(unix))]
    pub fn when_root() -> crate::Result<Option<Self>> {
        Ok(None)
    }

    /// `postgres`, else `nobody`, of a passwd file.
    pub fn choose(passwd: &str) -> Option<Self> {
        let find = |name: &str| users(passwd).find(|user| user.name == name && user.uid != 0);
        find("postgres").or_else(|| find("nobody"))
    }

    /// The user that owns a file, when that is not root and has a name.
    #[cfg(unix)]
    pub(super) fn owner_of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let owner = std::fs::metadata(path).ok()?.uid();
        let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
        users(&passwd).find(|user| user.uid == owner && user.uid != 0)
    }

    #[cfg(not(unix))]
    pub(super) fn owner_of(_: &Path) -> Option<Self> {
        None
    }
}

fn users(passwd: &str) -> impl Iterator<Item = RunAs> + '_ {
    passwd.lines().filter_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?.to_owned();
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(RunAs { uid, gid, name })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_is_preferred_to_nobody_and_root_is_never_taken() {
        let nobody = "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65533:n:/:/bin/false\n";
        assert_eq!(RunAs::choose(nobody).unwrap(), RunAs { uid: 65534, gid: 65533, name: "nobody".into() });
        let both = format!("{nobody}postgres:x:101:104:P,,,:/var/lib/postgresql:/bin/bash\n");
        assert_eq!(RunAs::choose(&both).unwrap().uid, 101);
        assert_eq!(RunAs::choose("postgres:x:0:0::/:\nbroken\n"), None);
    }
}
