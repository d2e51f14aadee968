//! Who uses the server, and who changes it: three lock files, and the kernel as their witness.
//!
//! An flock ends with its process, `kill -9` included, so nobody has to tidy up after a crash. The files stay: a
//! lock file that is removed and made again would be two locks.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::layout::Layout;
use super::private;
use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};

/// Longer than the longest honest start or stop.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why somebody needs the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseKind {
    /// The window, until it closes.
    App,
    /// One command, until it ends.
    Verb,
    /// `local start`: until `local stop`, though no process of ours runs.
    Held,
}

/// The server stays up while this lives. `Held` outlives it.
#[derive(Debug)]
pub struct Lease {
    kind: LeaseKind,
    _users: Option<File>,
}

impl Lease {
    /// Why it was taken.
    pub fn kind(&self) -> LeaseKind {
        self.kind
    }
}

/// Takes a lease; waits while the watcher is stopping the server.
pub(super) async fn lease(layout: &Layout, kind: LeaseKind) -> Result<Lease> {
    layout.prepare()?;
    if kind == LeaseKind::Held {
        hold(layout)?;
        return Ok(Lease { kind, _users: None });
    }
    let file = open(&layout.users_lock())?;
    wait_for(&layout.users_lock(), &JobContext::detached(), || file.try_lock_shared()).await?;
    Ok(Lease { kind, _users: Some(file) })
}

/// The right to decide about the password and to start, held over both; see [`super::LocalServer::setup`].
#[derive(Debug)]
pub struct Setup {
    _lock: File,
}

/// Waits until nobody else decides about the password.
pub(super) async fn setup(layout: &Layout, job: &JobContext) -> Result<Setup> {
    layout.prepare()?;
    let file = open(&layout.setup_lock())?;
    wait_for(&layout.setup_lock(), job, || file.try_lock()).await?;
    Ok(Setup { _lock: file })
}

/// The right to start, stop or change the server.
pub(super) async fn change(layout: &Layout, job: &JobContext) -> Result<File> {
    let file = open(&layout.change_lock())?;
    wait_for(&layout.change_lock(), job, || file.try_lock()).await?;
    Ok(file)
}

/// A lock for oneself alone, at once or not at all.
pub(super) fn try_alone(path: &Path) -> Result<Option<File>> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(cannot_lock(path, error)),
    }
}

/// The same, past those who only look: asking holds a lock for a moment too.
pub(super) async fn try_alone_patiently(path: &Path) -> Result<Option<File>> {
    for _ in 0..5 {
        match try_alone(path)? {
            None if !is_taken_alone(path) => sleep(Duration::from_millis(20)).await,
            other => return Ok(other),
        }
    }
    Ok(None)
}

/// Whether somebody holds a lock on it. Asks by a shared lock, which disturbs neither users nor other askers.
pub(super) fn is_taken_alone(path: &Path) -> bool {
    let Ok(file) = File::open(path) else { return false };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Whether a lease is held now, the asker's own included.
pub(super) fn is_used(layout: &Layout) -> bool {
    let Ok(file) = File::open(layout.users_lock()) else { return false };
    matches!(file.try_lock(), Err(TryLockError::WouldBlock))
}

/// Leaves the mark of `local start`. It names the boot, since a server does not survive one.
fn hold(layout: &Layout) -> Result<()> {
    private::write_private(&layout.held(), &boot(), None)
}

/// Whether `local start` holds the server, in this boot.
pub(super) fn is_held(layout: &Layout) -> bool {
    std::fs::read_to_string(layout.held()).is_ok_and(|mark| mark == boot())
}

/// Takes the mark of `local start` away; false when there was none.
pub(super) fn release_hold(layout: &Layout) -> Result<bool> {
    match std::fs::remove_file(layout.held()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Error::from(error).while_doing("cannot release the local server")),
    }
}

/// What differs from boot to boot; nothing where the system does not say.
fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default()
}

fn open(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map_err(|error| Error::from(error).while_doing(&format!("cannot open {}", path.display())))
}

async fn wait_for(
    path: &Path,
    job: &JobContext,
    mut take: impl FnMut() -> Result<(), TryLockError>,
) -> Result<()> {
    let until = Instant::now() + PATIENCE;
    loop {
        match take() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(cannot_lock(path, error)),
            Err(TryLockError::WouldBlock) if Instant::now() > until => return Err(busy()),
            Err(TryLockError::WouldBlock) => {}
        }
        job.check()?;
        sleep(Duration::from_millis(25)).await;
    }
}

fn busy() -> Error {
    Error::new(
        ErrorKind::LockTimeout,
        "the local database is being started, stopped or upgraded by another program",
    )
    .hint("Wait until that ends and try again; `evaldesk local status` shows what is going on.")
}

fn cannot_lock(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot lock {}: {error}", path.display()))
        .hint("The folder may be on a network file system without locks; choose a local one.")
        .caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::local::LocalConfig;

    fn layout() -> (tempfile::TempDir, Layout) {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path().join("local"))).unwrap();
        layout.prepare().unwrap();
        (top, layout)
    }

    #[tokio::test]
    async fn leases_are_shared_and_end_with_their_holder() {
        let (_top, layout) = layout();
        let app = lease(&layout, LeaseKind::App).await.unwrap();
        let verb = lease(&layout, LeaseKind::Verb).await.unwrap();
        assert!(is_used(&layout));
        drop(app);
        assert!(try_alone(&layout.users_lock()).unwrap().is_none());
        drop(verb);
        assert!(!is_used(&layout));
        assert!(try_alone(&layout.users_lock()).unwrap().is_some());
    }

    #[tokio::test]
    async fn a_hold_outlives_its_lease_but_not_a_boot() {
        let (_top, layout) = layout();
        drop(lease(&layout, LeaseKind::Held).await.unwrap());
        assert!(is_held(&layout));
        assert!(release_hold(&layout).unwrap() && !is_held(&layout));
        std::fs::write(layout.held(), "another boot").unwrap();
        assert!(!is_held(&layout));
    }
}
