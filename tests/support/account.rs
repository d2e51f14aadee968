//! The account that test servers run as: our own, or another when we are root, since PostgreSQL refuses root.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A user of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    uid: u32,
    gid: u32,
    /// Whether it is another than the one that runs the tests.
    is_other: bool,
}

impl Account {
    /// The account that servers run as: `postgres`, else `nobody`, when we are root.
    pub fn of_servers() -> Self {
        let us = rustix::process::geteuid();
        if !us.is_root() {
            return Self { uid: us.as_raw(), gid: rustix::process::getegid().as_raw(), is_other: false };
        }
        let (uid, gid) =
            ["postgres", "nobody"].into_iter().find_map(ids).expect("root needs a user postgres or nobody");
        Self { uid, gid, is_other: true }
    }

    /// A command that runs as this account, in a folder that it can enter.
    pub fn command(&self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("LC_ALL", "C").env_remove("PGDATA").env_remove("PGOPTIONS");
        if self.is_other {
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Makes a folder of its own for this account, closed to others.
    pub fn make_folder(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).unwrap();
        if self.is_other {
            std::os::unix::fs::chown(folder, Some(self.uid), Some(self.gid)).unwrap();
        }
    }

    /// The name of this account.
    pub fn name(&self) -> String {
        let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
        let mut users = passwd.lines().map(|line| line.split(':').collect::<Vec<_>>());
        let ours = users.find(|fields| fields.get(2) == Some(&self.uid.to_string().as_str()));
        ours.expect("the account has a name")[0].to_owned()
    }

    /// Makes a file this account's own.
    pub fn give(&self, file: &Path) {
        if self.is_other {
            std::os::unix::fs::chown(file, Some(self.uid), Some(self.gid)).unwrap();
        }
    }

    /// Whether it can get to a path: every folder above must let others pass.
    pub fn can_enter(&self, path: &Path) -> bool {
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        !self.is_other || path.ancestors().all(|folder| !folder.exists() || lets_others_pass(folder))
    }

    /// Its own folder for servers, in `target/tmp`, or in the system's when that is closed to it. It is the
    /// account's, so that a watcher can take a server's whole folder away.
    pub fn base(&self) -> PathBuf {
        let ours = crate::programs::root().join("target/tmp");
        std::fs::create_dir_all(&ours).unwrap();
        let place = if self.can_enter(&ours) { ours } else { std::env::temp_dir() };
        let servers = place.join(format!("evaldesk-servers-{}", self.uid));
        self.make_folder(&servers);
        servers
    }
}

fn lets_others_pass(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|facts| facts.permissions().mode() & 0o001 != 0)
}

fn ids(user: &str) -> Option<(u32, u32)> {
    let passwd = std::fs::read_to_string("/etc/passwd").ok()?;
    let line = passwd.lines().find(|line| line.starts_with(&format!("{user}:")))?;
    let fields: Vec<&str> = line.split(':').collect();
    Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
}
