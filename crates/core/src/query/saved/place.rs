//! Where a path of the folder leads: never out of it, by `..` or by a symlink.

use std::io::ErrorKind as IoKind;
use std::path::{Path, PathBuf};

use crate::{Error, ErrorKind, Result};

/// No part of a path is longer, in bytes: file systems allow 255.
const LONGEST_NAME: usize = 200;

/// A path of the folder as the file system has it.
///
/// # Errors
/// `InvalidArguments` for what is no path of a `.sql` file in the folder, `Refused` where a symlink leads out of it.
pub(super) fn resolve(root: &Path, path: &str) -> Result<PathBuf> {
    check(path)?;
    let joined = root.join(path);
    let real_root = real(root)?.ok_or_else(|| gone(root))?;
    let real_path = match real(&joined)? {
        Some(found) => found,
        // A file that is still to be made: its folder may not be there either.
        None if std::fs::symlink_metadata(&joined).is_ok() => return Err(outside(path)),
        None => nearest(&joined)?,
    };
    if real_path.starts_with(&real_root) {
        Ok(if joined.exists() { real_path } else { joined })
    } else {
        Err(outside(path))
    }
}

/// The deepest folder above that is there.
fn nearest(path: &Path) -> Result<PathBuf> {
    for folder in path.ancestors().skip(1) {
        if let Some(found) = real(folder)? {
            return Ok(found);
        }
    }
    Err(gone(path))
}

fn real(path: &Path) -> Result<Option<PathBuf>> {
    match path.canonicalize() {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == IoKind::NotFound => Ok(None),
        Err(error) => Err(Error::from(error).while_doing(&format!("cannot look at {}", path.display()))),
    }
}

/// Refuses what is no path of a saved query.
pub(super) fn check(path: &str) -> Result<()> {
    let problem = match path {
        "" => Some("it is empty"),
        _ if !path.to_ascii_lowercase().ends_with(".sql") => Some("it does not end in .sql"),
        _ if super::is_starter(path) => Some("the starter set is read-only"),
        _ if path.contains(['\\', '\0']) || path.chars().any(char::is_control) => {
            Some("it has a backslash or a control character")
        }
        _ => path.split('/').find_map(wrong_part),
    };
    match problem {
        None => Ok(()),
        Some(problem) => Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("{path:?} is no name for a saved query: {problem}"),
        )
        .hint("Give it a name that ends in .sql, with / between folders.")),
    }
}

fn wrong_part(part: &str) -> Option<&'static str> {
    match part {
        "" => Some("a part of it is empty"),
        _ if part.starts_with('.') => Some("a part of it begins with a dot"),
        _ if part.len() > LONGEST_NAME => Some("a part of it is longer than 200 bytes"),
        _ if part.ends_with([' ', '.']) => Some("a part of it ends in a space or a dot"),
        _ if part.eq_ignore_ascii_case(".sql") => Some("it has no name"),
        _ => None,
    }
}

fn outside(path: &str) -> Error {
    Error::new(ErrorKind::Refused, format!("{path} leads out of the folder of saved queries"))
        .hint("A symlink is in the way. Open the file itself from where it lies.")
}

fn gone(path: &Path) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no folder {}", path.display()))
        .hint("Choose the folder of saved queries again, or make it.")
}
