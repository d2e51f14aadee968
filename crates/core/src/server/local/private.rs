//! Files and folders that only their owner can get at, and never through a link that another laid there.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::config::RunAs;
use crate::{Error, ErrorKind, Result};

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
    if meta.is_dir() && meta.uid() == 0 && wanted != 0 && rustix::process::geteuid().is_root() {
        // Root made it and was killed before it could give it away.
        own(path, owner)?;
    } else if !meta.is_dir() || meta.uid() != wanted {
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
    use super::*;

    #[test]
    fn a_link_in_place_of_a_folder_is_refused() {
        let top = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/tmp", top.path().join("local")).unwrap();
        let error = private_folder(&top.path().join("local"), None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }
}
