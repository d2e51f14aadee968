//! A file that is written aside as `.partial` and renamed at the end: whole or not there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::manifest;
use super::request::ExportPlace;
use crate::user_file;
use crate::{Error, ErrorKind, Result};

impl ExportPlace {
    /// Whether a file may be made here; asked again when it is begun, and when it is put in its place.
    ///
    /// # Errors
    /// `Conflict` where a file is there that may not be replaced, `InvalidArguments` where something else is: a folder, a
    /// device, a pipe.
    pub fn check(&self) -> Result<()> {
        self.real()?;
        manifest::path_beside(self).map(|_| ())
    }

    /// Where the file ends up: of a link, in the place of the file that it leads to.
    pub(super) fn real(&self) -> Result<PathBuf> {
        let path = &self.path;
        let real = user_file::place(path)?;
        let free = self.overwrite || fs::symlink_metadata(path).is_err();
        if free { Ok(real) } else { Err(taken(path)) }
    }
}

/// The file aside.
pub(super) struct Partial {
    place: ExportPlace,
    real: PathBuf,
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
        let real = place.real()?;
        let partial = with_ending(&real, ".partial");
        let file = open_aside(&partial)?;
        if file.try_lock().is_err() {
            return Err(busy(path));
        }
        // It may have been put in its place since it was opened: then it is a whole export, and not to be touched.
        if !is_at(&file, &partial) {
            return Err(busy(path));
        }
        let emptied = file.set_len(0).and_then(|()| with_rights_of(&real, &file));
        emptied.map_err(|error| cannot(path, error))?;
        let file = Arc::new(file);
        Ok((Self { place: place.clone(), real, partial, _lock: Arc::clone(&file), ended: false }, file))
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
        // What stands there now may be another thing than what stood there when it began.
        if self.place.real()? != self.real {
            return Err(moved(&self.place.path));
        }
        let path = &self.real;
        let placed = match self.place.overwrite {
            true => fs::rename(&self.partial, path),
            false => link(&self.partial, path),
        };
        placed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(path),
            _ => cannot(path, error),
        })?;
        self.ended = true;
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

/// Nothing but a file is opened: a link would lead the export elsewhere, and opening a pipe waits for its reader.
pub(super) fn open_aside(partial: &Path) -> Result<File> {
    if fs::symlink_metadata(partial).is_ok_and(|there| !there.is_file()) {
        let message = format!("{} is in the way, and it is no file", partial.display());
        return Err(Error::new(ErrorKind::Conflict, message)
            .hint("An export writes there until it is whole. Take it away, or choose another name."));
    }
    let mut options = File::options();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed());
    }
    options.open(partial).map_err(|error| cannot(partial, error))
}

/// A file keeps its rights when its text is another: it may be for nobody else's eyes.
fn with_rights_of(real: &Path, file: &File) -> io::Result<()> {
    match fs::metadata(real) {
        Ok(there) => file.set_permissions(there.permissions()),
        Err(_) => Ok(()),
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

pub(super) fn taken(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} is already there", path.display()))
        .hint("Choose another name, or say that it may be replaced: on the command line --overwrite, else query_export_replace.")
}

fn busy(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("another export is writing {}", path.display()))
        .hint("Wait for it, or choose another name.")
}

fn moved(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} has come to lead elsewhere meanwhile", path.display()))
        .hint("Nothing was replaced. Export again.")
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
