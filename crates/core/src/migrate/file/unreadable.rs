//! Why a folder or a file of migrations cannot be read.

use std::path::Path;

use crate::{Error, ErrorKind};

/// Why something cannot be read, and what to look at.
pub(in crate::migrate) fn unreadable(what: &str, path: &Path, error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let (kind, why, hint) = match error.kind() {
        Io::NotFound if path.is_symlink() => (
            ErrorKind::NotFound,
            "it is a link to what is not there".to_owned(),
            "Mend the link, or remove it.",
        ),
        Io::NotFound => (
            ErrorKind::NotFound,
            "it is not there".to_owned(),
            "Look at the path; a connection's folder is in its settings.",
        ),
        Io::NotADirectory => {
            (ErrorKind::Storage, "it is no folder".to_owned(), "Name the folder that holds the files.")
        }
        Io::PermissionDenied => {
            (ErrorKind::Storage, error.to_string(), "Look who owns it and who may read there.")
        }
        _ if is_circle(&error) => (
            ErrorKind::Storage,
            "its links lead in a circle".to_owned(),
            "Remove the link that leads back to itself.",
        ),
        _ => (ErrorKind::Storage, error.to_string(), "Look at the disk and at the rights on it."),
    };
    Error::new(kind, format!("cannot read {what}{}: {why}", path.display())).hint(hint).caused_by(error)
}

#[cfg(unix)]
fn is_circle(error: &std::io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
fn is_circle(_: &std::io::Error) -> bool {
    false
}
