//! The file that a result goes on in: it has no name from its first moment, so nothing of it outlives the process.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::private_file::private_file;
use crate::{Error, ErrorKind, Result};

/// An open file without a name.
#[derive(Debug)]
pub(in crate::query) struct SpillFile {
    file: File,
    #[cfg(not(unix))]
    path: std::path::PathBuf,
}

impl SpillFile {
    /// Makes it in a folder, which is made too.
    ///
    /// # Errors
    /// `Storage` when the folder or the file cannot be made.
    pub(in crate::query) fn create(folder: &Path) -> Result<Self> {
        Self::open(folder).map_err(|error| {
            Error::from(error)
                .while_doing(&format!("no file for the result can be made in {}", folder.display()))
        })
    }

    #[cfg(unix)]
    fn open(folder: &Path) -> io::Result<Self> {
        make_folder(folder)?;
        let path = folder.join(uuid::Uuid::now_v7().to_string());
        let file = private_file().read(true).write(true).create_new(true).open(&path)?;
        std::fs::remove_file(&path)?;
        Ok(Self { file })
    }

    #[cfg(not(unix))]
    fn open(folder: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join(uuid::Uuid::now_v7().to_string());
        let file = private_file().read(true).write(true).create_new(true).open(&path)?;
        Ok(Self { file, path })
    }

    /// Writes all bytes at a place.
    #[cfg(unix)]
    pub(in crate::query) fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        use std::os::unix::fs::FileExt as _;
        self.file.write_all_at(bytes, at)
    }

    /// Fills the buffer from a place.
    #[cfg(unix)]
    pub(in crate::query) fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        use std::os::unix::fs::FileExt as _;
        self.file.read_exact_at(buffer, at)
    }

    #[cfg(windows)]
    pub(in crate::query) fn write_at(&self, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
        use std::os::windows::fs::FileExt as _;
        while !bytes.is_empty() {
            let written = self.file.seek_write(bytes, at)?;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            (bytes, at) = (&bytes[written..], at + written as u64);
        }
        Ok(())
    }

    #[cfg(windows)]
    pub(in crate::query) fn read_at(&self, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
        use std::os::windows::fs::FileExt as _;
        while !buffer.is_empty() {
            let read = self.file.seek_read(buffer, at)?;
            if read == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            (buffer, at) = (&mut buffer[read..], at + read as u64);
        }
        Ok(())
    }
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
impl Drop for SpillFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Why rows could not be written, for the user.
pub(in crate::query) fn explain_write(error: io::Error, folder: &Path) -> Error {
    let full = matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
    let message = if full {
        format!("the disk of {} is full: the result stops here, what came before stays", folder.display())
    } else {
        format!("the result cannot be written to {}: {error}", folder.display())
    };
    Error::new(ErrorKind::Storage, message)
        .hint("Free some disk space and run it again, or ask for fewer rows or columns.")
        .caused_by(error)
}
