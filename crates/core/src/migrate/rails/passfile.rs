//! The password for rake: libpq reads it from a file of the owner's alone, which is gone when rake is.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::connection::{ConnectionProfile, Secret};
use crate::private_file::private_file;
use crate::{Error, ErrorKind, Result};

/// A passfile. The lock on it tells it from one that a killed process left behind.
#[derive(Debug)]
pub(super) struct Passfile {
    path: PathBuf,
    _held: File,
}

const PREFIX: &str = "rake-";
const SUFFIX: &str = ".pass";

impl Passfile {
    /// Writes one into a folder of ours.
    ///
    /// # Errors
    /// `Precondition` without a folder, `Storage` when it cannot be written.
    pub(super) fn write(folder: Option<&Path>, profile: &ConnectionProfile, secret: &Secret) -> Result<Self> {
        let folder = folder.ok_or_else(nowhere)?;
        std::fs::create_dir_all(folder).map_err(cannot_write)?;
        clear_leftovers(folder);
        let path = folder.join(format!("{PREFIX}{}{SUFFIX}", uuid::Uuid::now_v7()));
        let mut held = private_file().write(true).create_new(true).open(&path).map_err(cannot_write)?;
        let file = Self { path, _held: held.try_clone().map_err(cannot_write)? };
        held.lock().map_err(cannot_write)?;
        held.write_all(line(profile, secret).as_bytes()).map_err(cannot_write)?;
        Ok(file)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Passfile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// `host:port:database:user:password`, colons and backslashes escaped. libpq calls a socket by several names.
fn line(profile: &ConnectionProfile, secret: &Secret) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace(':', "\\:");
    let host = if profile.host.starts_with('/') { "*".to_owned() } else { escaped(&profile.host) };
    let (database, user) = (escaped(&profile.database), escaped(&profile.user));
    format!("{host}:{}:{database}:{user}:{}\n", profile.port, escaped(secret.expose()))
}

/// What processes left behind that were killed: nobody holds it any more.
fn clear_leftovers(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours = name.starts_with(PREFIX) && name.ends_with(SUFFIX);
        if ours && File::open(entry.path()).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn cannot_write(error: std::io::Error) -> Error {
    Error::from(error).while_doing("cannot hand the password to rake")
}

fn nowhere() -> Error {
    Error::new(ErrorKind::Precondition, "there is no folder to hand the password to rake in").hint(
        "Give the session a data folder: the password lies there in a file of yours alone while rake runs.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile() -> ConnectionProfile {
        ConnectionProfile::new("a", "db.example", 5432, "eval:1", "mia")
    }

    #[test]
    fn it_is_the_owners_alone_and_goes_with_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let file = Passfile::write(Some(folder.path()), &profile(), &Secret::new("a:b\\c")).unwrap();
        assert_eq!(
            std::fs::read_to_string(file.path()).unwrap(),
            "db.example:5432:eval\\:1:mia:a\\:b\\\\c\n"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(file.path()).unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(file);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_a_killed_process_left_is_cleared_and_what_is_held_stays() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rake-dead.pass"), "x").unwrap();
        let held = Passfile::write(Some(folder.path()), &profile(), &Secret::new("x")).unwrap();
        let other = Passfile::write(Some(folder.path()), &profile(), &Secret::new("x")).unwrap();
        assert!(held.path().exists() && other.path().exists());
        assert!(!folder.path().join("rake-dead.pass").exists());
        assert!(!format!("{other:?}").contains("secret"));
    }
}
