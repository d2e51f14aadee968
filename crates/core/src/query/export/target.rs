//! The file that is written: aside as `.partial`, summed while it grows, flushed and renamed at the end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::{Error, ErrorKind, Result};

/// How much is gathered before it is written.
const FULL: usize = 256 * 1024;

/// A file being written. Dropped before its end, it leaves nothing.
pub(super) struct Target {
    path: PathBuf,
    partial: PathBuf,
    overwrite: bool,
    file: File,
    buffer: Vec<u8>,
    sum: Sha256,
    written: u64,
    ended: bool,
}

/// What a file came to.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Target {
    /// Begins a file. What is at its place stays until the end, and without `overwrite` for good.
    ///
    /// # Errors
    /// `Conflict` where a file is there, or another export writes to it; `Storage` where the disk refuses.
    pub(super) fn create(path: &Path, overwrite: bool) -> Result<Self> {
        if path.is_dir() {
            return Err(Error::new(ErrorKind::InvalidArguments, format!("{} is a folder", path.display()))
                .hint("Give the name of a file in it."));
        }
        if !overwrite && fs::symlink_metadata(path).is_ok() {
            return Err(taken(path));
        }
        let partial = with_ending(path, ".partial");
        let opened = File::options().create(true).truncate(false).write(true).open(&partial);
        let file = opened.map_err(|error| cannot(path, error))?;
        if file.try_lock().is_err() {
            return Err(Error::new(
                ErrorKind::Conflict,
                format!("another export is writing {}", path.display()),
            )
            .hint("Wait for it, or choose another name."));
        }
        file.set_len(0).map_err(|error| cannot(path, error))?;
        Ok(Self {
            path: path.to_owned(),
            partial,
            overwrite,
            file,
            buffer: Vec::with_capacity(FULL * 2),
            sum: Sha256::new(),
            written: 0,
            ended: false,
        })
    }

    /// Where to append; afterwards `flush_if_full`.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> u64 {
        self.written + self.buffer.len() as u64
    }

    pub(super) fn flush_if_full(&mut self) -> Result<()> {
        if self.buffer.len() < FULL { Ok(()) } else { self.flush_buffer() }
    }

    /// Writes bytes past the buffer.
    pub(super) fn pass(&mut self, bytes: &[u8]) -> Result<()> {
        self.flush_buffer()?;
        self.put(bytes).map_err(|error| cannot(&self.path, error))
    }

    fn flush_buffer(&mut self) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let put = self.put(&buffer);
        buffer.clear();
        // One huge cell must not hold its memory to the end.
        buffer.shrink_to(FULL * 4);
        self.buffer = buffer;
        put.map_err(|error| cannot(&self.path, error))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.sum.update(bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }

    /// Flushes to disk and says what it came to; the file is not at its place yet.
    ///
    /// # Errors
    /// `Storage` where the disk refuses.
    pub(super) fn close(&mut self) -> Result<Written> {
        self.flush_buffer()?;
        self.file.sync_all().map_err(|error| cannot(&self.path, error))?;
        let sum = std::mem::take(&mut self.sum).finalize();
        Ok(Written { bytes: self.written, sha256: sum.iter().map(|byte| format!("{byte:02x}")).collect() })
    }

    /// Puts the file at its place.
    ///
    /// # Errors
    /// `Conflict` where another program made a file there meanwhile.
    pub(super) fn put_in_place(mut self) -> Result<()> {
        self.ended = true;
        let placed = if self.overwrite {
            fs::rename(&self.partial, &self.path)
        } else {
            place(&self.partial, &self.path)
        };
        if placed.is_err() {
            let _ = fs::remove_file(&self.partial);
        }
        placed.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => taken(&self.path),
            _ => cannot(&self.path, error),
        })?;
        sync_folder(&self.path);
        Ok(())
    }
}

impl Write for Target {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= FULL {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let buffer = std::mem::take(&mut self.buffer);
        let put = self.put(&buffer);
        self.buffer = buffer;
        self.buffer.clear();
        put
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        if !self.ended {
            let _ = fs::remove_file(&self.partial);
        }
    }
}

/// A link fails where the name is taken, a rename would overwrite; not every file system has links.
fn place(partial: &Path, path: &Path) -> io::Result<()> {
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
        .hint("Choose another name, or say that it may be overwritten.")
}

pub(super) fn cannot(path: &Path, error: io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot write {}", path.display()))
}
