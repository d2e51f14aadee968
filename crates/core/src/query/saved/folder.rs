//! Reading and writing the files of the folder. Written aside and renamed; what changed meanwhile is a conflict.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::{QueryFile, QueryFileText, front, place, walk};
use crate::{Error, ErrorKind, Result, user_file};

/// A longer file is opened with another program.
const LONGEST: u64 = 16 * 1024 * 1024;

/// A folder of saved queries.
#[derive(Debug, Clone)]
pub struct QueryFolder {
    root: PathBuf,
}

impl QueryFolder {
    /// The folder, which is made when first written.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Lists all files below the folder. Without a folder there are none.
    pub fn list(&self) -> Result<Vec<QueryFile>> {
        walk::files(&self.root)
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `NotFound`, `Refused` outside of the folder, `InvalidArguments` for what is no text of at most 16 MB.
    pub fn read(&self, path: &str) -> Result<QueryFileText> {
        let real = place::resolve(&self.root, path)?;
        let bytes = bytes_of(&real, path)?.ok_or_else(|| missing(path))?;
        let text = String::from_utf8(bytes.clone()).map_err(|error| no_text(path, &error))?;
        let mut file = QueryFile {
            title: walk::title(path),
            path: path.to_owned(),
            bytes: bytes.len() as u64,
            ..QueryFile::default()
        };
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        front::read(&text, &mut file);
        file.modified_at = modified(&real);
        Ok(QueryFileText { file, text, stamp: stamp(&bytes) })
    }

    /// Writes a file: a new one without a stamp, one that was read before with the stamp it had then.
    ///
    /// # Errors
    /// `Conflict` where the file is not what the stamp says (changed, gone, or already there): nothing is written.
    pub fn save(&self, path: &str, text: &str, seen: Option<&str>) -> Result<QueryFileText> {
        fs::create_dir_all(&self.root).map_err(|error| cannot("make", &self.root, error))?;
        let real = place::resolve(&self.root, path)?;
        let real = user_file::place(&real)?;
        let there = bytes_of(&real, path)?;
        expect_as_seen(path, there.as_deref(), seen)?;
        write(&real, as_it_was(text, there.as_deref()).as_bytes())
            .map_err(|error| cannot("write", &real, error))?;
        self.read(path)
    }

    /// Removes a file that is still what was read.
    ///
    /// # Errors
    /// `Conflict` where it changed meanwhile, `NotFound` where it is gone.
    pub fn remove(&self, path: &str, seen: &str) -> Result<()> {
        let real = place::resolve(&self.root, path)?;
        let there = bytes_of(&real, path)?.ok_or_else(|| missing(path))?;
        expect_as_seen(path, Some(&there), Some(seen))?;
        // The link and not what it leads to.
        fs::remove_file(self.root.join(path)).map_err(|error| cannot("remove", &real, error))
    }

    /// Gives a file another name or folder; nothing is overwritten.
    ///
    /// # Errors
    /// `Conflict` where the new name is taken, `NotFound` where the file is gone.
    pub fn rename(&self, path: &str, to: &str) -> Result<QueryFileText> {
        let real = place::resolve(&self.root, path)?;
        bytes_of(&real, path)?.ok_or_else(|| missing(path))?;
        let new = place::resolve(&self.root, to)?;
        make_folder(&new).map_err(|error| cannot("make the folder of", &new, error))?;
        // A hard link fails where the name is taken, a rename would overwrite.
        fs::hard_link(&real, &new).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => taken(to),
            _ => cannot("write", &new, error),
        })?;
        fs::remove_file(self.root.join(path)).map_err(|error| cannot("remove", &real, error))?;
        self.read(to)
    }

    /// Of files with their stamps, the paths of those that are not that any more.
    pub fn changed(&self, files: &[(String, String)]) -> Vec<String> {
        let same = |path: &str, seen: &str| {
            let real = place::resolve(&self.root, path)?;
            Ok::<_, Error>(bytes_of(&real, path)?.is_some_and(|bytes| stamp(&bytes) == seen))
        };
        let changed = files.iter().filter(|(path, seen)| !same(path, seen).unwrap_or(false));
        changed.map(|(path, _)| path.clone()).collect()
    }
}

/// The bytes of a file; nothing where it is not there.
fn bytes_of(real: &Path, path: &str) -> Result<Option<Vec<u8>>> {
    match fs::metadata(real) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Ok(metadata) if !metadata.is_file() => return Err(missing(path)),
        Ok(metadata) if metadata.len() > LONGEST => return Err(too_long(path)),
        _ => {}
    }
    fs::read(real).map(Some).map_err(|error| cannot("read", real, error))
}

/// The sum of a file's bytes; the time it was written says less, since other programs set it as they like.
fn stamp(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn modified(real: &Path) -> Option<String> {
    let at = fs::metadata(real).and_then(|metadata| metadata.modified()).ok()?;
    Some(chrono::DateTime::<chrono::Utc>::from(at).to_rfc3339())
}

fn expect_as_seen(path: &str, there: Option<&[u8]>, seen: Option<&str>) -> Result<()> {
    match (there, seen) {
        (None, None) => Ok(()),
        (Some(_), None) => Err(taken(path)),
        (None, Some(_)) => Err(Error::new(
            ErrorKind::Conflict,
            format!("{path} is gone: another program removed or renamed it"),
        )
        .hint("Save it under its name again as a new file, or under another one.")),
        (Some(bytes), Some(seen)) if stamp(bytes) == seen => Ok(()),
        (Some(_), Some(_)) => Err(Error::new(
            ErrorKind::Conflict,
            format!("another program changed {path} since it was opened"),
        )
        .hint("Look at what is there now, then save over it or under another name. Nothing was written.")),
    }
}

/// The text with the line ends and the byte order mark that the file had.
fn as_it_was(text: &str, there: Option<&[u8]>) -> String {
    let there = there.unwrap_or_default();
    let ends = there.iter().filter(|byte| **byte == b'\n').count();
    let pairs = there.windows(2).filter(|pair| pair == b"\r\n").count();
    let mark = if there.starts_with("\u{feff}".as_bytes()) { "\u{feff}" } else { "" };
    if ends > 0 && ends == pairs && !text.contains('\r') {
        return format!("{mark}{}", text.replace('\n', "\r\n"));
    }
    format!("{mark}{text}")
}

fn make_folder(real: &Path) -> std::io::Result<()> {
    real.parent().map_or(Ok(()), fs::create_dir_all)
}

/// Aside, flushed, and renamed: with the permissions that the file had, since others may read it.
fn write(real: &Path, bytes: &[u8]) -> std::io::Result<()> {
    make_folder(real)?;
    let name = format!(".{}.partial", uuid::Uuid::now_v7());
    let aside = real.with_file_name(name);
    let written = File::options().create_new(true).write(true).open(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(real) {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()?;
        fs::rename(&aside, real)
    });
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

fn missing(path: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no saved query {path}"))
        .hint("List the saved queries again: another program may have renamed it.")
}

fn taken(path: &str) -> Error {
    Error::new(ErrorKind::Conflict, format!("there is already a file {path}"))
        .hint("Open it, or choose another name. Nothing was written.")
}

fn too_long(path: &str) -> Error {
    Error::new(ErrorKind::InvalidArguments, format!("{path} is larger than 16 MB"))
        .hint("Run a file that large with psql.")
}

fn no_text(path: &str, error: &std::string::FromUtf8Error) -> Error {
    let byte = error.utf8_error().valid_up_to();
    Error::new(ErrorKind::InvalidArguments, format!("{path} is no text in UTF-8: byte {byte} is none"))
        .hint("Save it as UTF-8 with the program that wrote it.")
}

fn cannot(doing: &str, path: &Path, error: std::io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot {doing} {}", path.display()))
}
