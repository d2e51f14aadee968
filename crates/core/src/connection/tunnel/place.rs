//! What the host knows of SSH and core does not look up itself: whose home it is, who is logged in, which agent runs.

use std::path::{Path, PathBuf};

/// Where SSH's own things are on this machine.
#[derive(Debug, Clone, Default)]
pub struct SshPlace {
    /// The home folder: its `.ssh` holds config, known_hosts and keys.
    pub home: Option<PathBuf>,
    /// The name that the person is logged in by.
    pub user: Option<String>,
    /// The socket of ssh-agent (`SSH_AUTH_SOCK`).
    pub agent: Option<PathBuf>,
    /// Our own known_hosts: the keys that were accepted here.
    pub known_hosts: PathBuf,
}

impl SshPlace {
    /// A file in `~/.ssh`.
    pub(super) fn in_ssh(&self, name: &str) -> Option<PathBuf> {
        Some(self.home.as_ref()?.join(".ssh").join(name))
    }

    /// A path as people write it: `~` is the home, and what has no root lies in `~/.ssh`.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        match (written.strip_prefix("~/"), &self.home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ if Path::new(written).is_absolute() => PathBuf::from(written),
            _ => self.in_ssh(written).unwrap_or_else(|| PathBuf::from(written)),
        }
    }
}
