//! The engines that `cargo xtask engines` fetched.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::Account;
use crate::programs;

/// A folder with `bin/postgres` in it, that the account of the servers can enter.
#[derive(Debug, Clone)]
pub struct Engine {
    /// The major version.
    pub major: u32,
    /// The folder that holds `bin`, `lib` and `share`.
    pub folder: PathBuf,
}

/// The engine of a major version.
///
/// # Panics
/// When it is not there: a test without its server has failed, not passed.
pub fn engine(major: u32) -> Engine {
    let folder = engines_folder().join(major.to_string());
    assert!(
        folder.join("bin").join("postgres").exists(),
        "there is no PostgreSQL {major} in {}: run `cargo xtask engines {major}`",
        folder.display()
    );
    Engine { major, folder: within_reach(folder, &Account::of_servers()) }
}

/// The engine that the product carries; like every engine, copied within reach of the servers' account if need be.
pub fn product() -> Engine {
    engine(17)
}

/// Debian's own server of 15, the only one that HypoPG comes packaged for.
///
/// # Panics
/// When the package is not installed: what needs it has failed, not passed.
pub(crate) fn with_hypopg() -> Engine {
    let folder = PathBuf::from("/usr/lib/postgresql/15");
    assert!(
        folder.join("lib/hypopg.so").exists(),
        "there is no HypoPG in {}: run `apt-get install postgresql-15-hypopg`, as `cargo xtask test` does",
        folder.display()
    );
    Engine { major: 15, folder }
}

impl Engine {
    /// One of the engine's programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// Where the engines are: `EVALDESK_ENGINES`, else `target/engines`.
fn engines_folder() -> PathBuf {
    std::env::var_os("EVALDESK_ENGINES")
        .map_or_else(|| programs::root().join("target/engines"), PathBuf::from)
}

/// A checkout below `/root` is closed to the account of the servers: there the engine is copied to where it can run.
fn within_reach(folder: PathBuf, account: &Account) -> PathBuf {
    if account.can_enter(&folder) {
        return folder;
    }
    let version = std::fs::read_to_string(folder.join(".version")).unwrap_or_default();
    let copy = std::env::temp_dir().join(format!("evaldesk-engine-{}", version.trim()));
    if !copy.join("bin/postgres").exists() {
        copy_aside(&folder, &copy);
    }
    copy
}

fn copy_aside(from: &Path, to: &Path) {
    let aside = to.with_extension(format!("{}", std::process::id()));
    let copied = Command::new("cp").arg("-a").arg(from).arg(&aside).status().unwrap();
    assert!(copied.success(), "cannot copy the engine {} to {}", from.display(), aside.display());
    // Another test process may have been first: then its copy is as good.
    if std::fs::rename(&aside, to).is_err() {
        let _ = std::fs::remove_dir_all(&aside);
    }
}
