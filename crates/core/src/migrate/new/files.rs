//! Writing files so that nobody finds half of one, and nobody's is written over.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result, user_file};

/// Writes a file that must not be there yet.
///
/// # Errors
/// `Conflict` where it is, else `Storage`.
pub(in crate::migrate) fn create(path: &Path, text: &str) -> Result<()> {
    let opened = OpenOptions::new().write(true).create_new(true).open(path);
    let mut file = opened.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::new(ErrorKind::Conflict, format!("{} is there already", path.display()))
                .hint("Choose another name, or change that file.")
        }
        _ => cannot_write(path, error),
    })?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| cannot_write(path, error))
}

/// Writes several files, or none.
pub(super) fn create_all(files: &[(PathBuf, String)]) -> Result<()> {
    for (done, (path, text)) in files.iter().enumerate() {
        if let Err(error) = create(path, text) {
            for (made, _) in &files[..done] {
                let _ = std::fs::remove_file(made);
            }
            return Err(error);
        }
    }
    Ok(())
}

/// Puts another text in a file's place: written aside, renamed over it, with its rights. A link stays a link.
///
/// # Errors
/// `Storage`.
pub(in crate::migrate) fn replace(path: &Path, text: &str) -> Result<()> {
    let cannot = |error| cannot_write(path, error);
    let path = user_file::place(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.{}", uuid::Uuid::now_v7().simple()));
    let done = write_aside(&aside, &path, text);
    if done.is_err() {
        let _ = std::fs::remove_file(&aside);
    }
    done.map_err(cannot)
}

fn write_aside(aside: &Path, path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(aside)?;
    file.set_permissions(std::fs::metadata(path)?.permissions())?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(aside, path)
}

fn cannot_write(path: &Path, error: std::io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_written_over_and_nothing_is_left_of_a_half() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&second, "mine").unwrap();
        let files = [(first.clone(), "x".to_owned()), (second.clone(), "x".to_owned())];
        assert_eq!(create_all(&files).unwrap_err().kind(), ErrorKind::Conflict);
        assert!(!first.exists());
        assert_eq!(std::fs::read_to_string(second).unwrap(), "mine");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_stay() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a.sql"), folder.path().join("b.sql"));
        std::fs::write(&file, "old").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        replace(&link, "new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
    }
}
