//! A file that is written aside as `.partial` and renamed at the end: whole or not there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::request::ExportPlace;
use crate::{Error, ErrorKind, Result};

impl ExportPlace {
    /// Whether a file may be made here; asked again when it is begun, and when it is put in its place.
    ///
    /// # Errors
    /// `Conflict` where a file is there that may not be replaced, `InvalidArguments` where a folder is.
    pub fn check(&self) -> Result<()> {
        let path = &self.path;
        if path.is_dir() {
            return Err(Error::new(ErrorKind::InvalidArguments, format!("{} is a folder", path.display()))
                .hint("Give the name of a file in it."));
        }
        let free = self.overwrite || fs::symlink_metadata(path).is_err();
        if free { Ok(()) } else { Err(taken(path)) }
    }
}

/// The file aside.
pub(super) struct Partial {
    place: ExportPlace,
    partial: PathBuf,
    /// Locked until it is at its place.
    _lock: Arc<File>,
    ended: bool,
}

impl Partial {
    /// Begins it, and gives the file to write to. What is at its place stays until the end, and without `overwrite` for
    /// good.
    ///
    /// # Errors
    /// `Conflict` where a file is there, or another export writes to it; `Storage` where the disk refuses.
    pub(super) fn create(place: &ExportPlace) -> Result<(Self, Arc<File>)> {
        let path = &place.path;
        place.check()?;
        let partial = with_ending(path, ".partial");
        let opened = File::options().create(true).truncate(false).write(true).open(&partial);
        let file = opened.map_err(|error| cannot(path, error))?;
        if file.try_lock().is_err() {
            return Err(busy(path));
        }
        // It may have been put in its place since it was opened: then it is a whole export, and not to be touched.
        if !is_at(&file, &partial) {
            return Err(busy(path));
        }
        file.set_len(0).map_err(|error| cannot(path, error))?;
        let file = Arc::new(file);
        Ok((Self { place: place.clone(), partial, _lock: Arc::clone(&file), ended: false }, file))
    }

    /// The place that it is for.
    pub(super) fn path(&self) -> &Path {
        &self.place.path
    }

    /// Puts it there.
    ///
    /// # Errors
    /// `Conflict` where another program made a file there meanwhile.
    pub(super) fn put_in_place(mut self) -> Result<()> {
        self.ended = true;
        let path = &self.place.path;
        let placed = match self.place.overwrite {
            true => fs::rename(&self.partial, path),
            false => link(&self.partial, path),
        };
        if placed.is_err() {
            let _ = fs::remove_file(&self.partial);
        }
        placed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(path),
            _ => cannot(path, error),
        })?;
        sync_folder(path);
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.ended {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let who = |found: fs::Metadata| (found.dev(), found.ino());
    matches!((file.metadata().map(who), fs::metadata(path).map(who)), (Ok(held), Ok(there)) if held == there)
}

/// A file that is open cannot be renamed there.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// A link fails where the name is taken, a rename would overwrite; not every file system has links.
fn link(partial: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(partial, path) {
        Ok(()) => fs::remove_file(partial),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        Err(_) if fs::symlink_metadata(path).is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(partial, path),
    }
}

/// The name is what a power loss would take.
pub(super) fn sync_folder(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// A path with something after its whole name.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn taken(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} is already there", path.display()))
        .hint("Choose another name, or say that it may be overwritten (on the command line --overwrite).")
}

fn busy(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("another export is writing {}", path.display()))
        .hint("Wait for it, or choose another name.")
}

pub(super) fn cannot(path: &Path, error: io::Error) -> Error {
    let full = matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    );
    let error = Error::from(error).while_doing(&format!("cannot write {}", path.display()));
    match full {
        true => error.hint("Nothing of it was left. Free some space, or choose another disk."),
        false => error,
    }
}
