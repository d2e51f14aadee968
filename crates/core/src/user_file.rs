//! A place for a file that a person named. Writing aside and renaming replaces whatever has the name, and that has to be
//! a file: a device or a pipe would be gone, and whoever reads it would wait for ever.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result};

/// Where writing to this path ends up: the path itself, or the file that a link leads to, so that the link stays one.
///
/// # Errors
/// `InvalidArguments` for a folder, a device, a pipe, a socket, and for a link that leads to nothing; `Storage` where it
/// cannot be looked at.
pub(crate) fn place(path: &Path) -> Result<PathBuf> {
    let Some(there) = look(fs::symlink_metadata(path), path)? else { return Ok(path.to_owned()) };
    if !there.is_symlink() {
        return regular(path, &there).map(|()| path.to_owned());
    }
    match look(fs::metadata(path), path)? {
        Some(there) => regular(path, &there)?,
        None => return Err(leads_nowhere(path)),
    }
    path.canonicalize().map_err(|error| cannot_look(path, error))
}

/// Whether what is written to this path ends up in a folder or below it, links followed.
///
/// # Errors
/// `Refused` where it does not, and as `place`; `Storage` where a folder is not there.
pub fn check_below(path: &Path, folder: &Path) -> Result<()> {
    let real = place(path)?;
    let whole = |path: &Path| path.canonicalize().map_err(|error| cannot_look(path, error));
    let (parent, within) = (whole(real.parent().unwrap_or(Path::new("/")))?, whole(folder)?);
    if parent.starts_with(&within) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Refused, format!("{} is not below {}", path.display(), folder.display()))
        .hint("This program writes files there alone. Choose a place in that folder."))
}

fn look(found: io::Result<Metadata>, path: &Path) -> Result<Option<Metadata>> {
    match found {
        Ok(there) => Ok(Some(there)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot_look(path, error)),
    }
}

fn regular(path: &Path, there: &Metadata) -> Result<()> {
    let path = path.display();
    if there.is_file() {
        return Ok(());
    }
    if there.is_dir() {
        return Err(Error::new(ErrorKind::InvalidArguments, format!("{path} is a folder"))
            .hint("Give the name of a file in it."));
    }
    let message = format!(
        "{path} is a device, a pipe or a socket: a file would take its place, and nobody who reads it gets a byte"
    );
    Err(Error::new(ErrorKind::InvalidArguments, message)
        .hint("Give the name of a file. What goes to a program or a device goes there by standard output."))
}

fn leads_nowhere(path: &Path) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{} is a link that leads to nothing", path.display()))
        .hint("Give the file itself that is to be written, or remove the link.")
}

fn cannot_look(path: &Path, error: io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot look at {}", path.display()))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;

    use super::*;

    fn refused(path: &Path, said: &str) {
        let Err(error) = place(path) else { panic!("{} is no place for a file", path.display()) };
        assert_eq!(error.kind(), ErrorKind::InvalidArguments);
        assert!(error.message().contains(said) && error.hint_text().is_some(), "{error}");
    }

    #[test]
    fn nothing_and_a_file_are_places_and_a_link_is_what_it_leads_to() {
        let folder = tempfile::tempdir().unwrap();
        let [new, file, link, twice] = ["new", "file", "link", "twice"].map(|name| folder.path().join(name));
        fs::write(&file, "x").unwrap();
        symlink(&file, &link).unwrap();
        symlink("link", &twice).unwrap();
        assert_eq!(place(&new).unwrap(), new);
        assert_eq!(place(&file).unwrap(), file);
        assert_eq!(place(&link).unwrap(), file.canonicalize().unwrap());
        assert_eq!(place(&twice).unwrap(), file.canonicalize().unwrap());
    }

    #[test]
    fn a_path_is_below_a_folder_where_its_file_ends_up_there() {
        let home = tempfile::tempdir().unwrap();
        let [inside, outside] = ["inside", "outside"].map(|name| home.path().join(name));
        fs::create_dir_all(inside.join("deep")).unwrap();
        fs::create_dir(&outside).unwrap();
        fs::write(outside.join("file"), "x").unwrap();
        symlink(outside.join("file"), inside.join("link")).unwrap();
        symlink(&outside, inside.join("way")).unwrap();
        for allowed in ["new", "deep/new", "deep/../new"] {
            check_below(&inside.join(allowed), &inside).unwrap();
        }
        for refused in ["../new", "link", "way/new", "../outside/file", "../inside2"] {
            let error = check_below(&inside.join(refused), &inside).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Refused, "{refused}: {error}");
        }
        assert_eq!(check_below(&inside.join("no/new"), &inside).unwrap_err().kind(), ErrorKind::Storage);
    }

    #[test]
    fn what_is_no_file_is_refused_by_what_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let [pipe, socket, to_pipe, to_folder, lost] =
            ["pipe", "socket", "to_pipe", "to_folder", "lost"].map(|name| folder.path().join(name));
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let _listens = UnixListener::bind(&socket).unwrap();
        symlink(&pipe, &to_pipe).unwrap();
        symlink(folder.path(), &to_folder).unwrap();
        symlink("nowhere", &lost).unwrap();
        for path in [&pipe, &socket, &to_pipe] {
            refused(path, "a device, a pipe or a socket");
        }
        refused(folder.path(), "is a folder");
        refused(&to_folder, "is a folder");
        refused(&lost, "leads to nothing");
    }
}
