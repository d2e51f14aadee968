//! The file of saved connections, shared by the app and the command line.
//!
//! One file with a lock, written aside and renamed, read again whenever another process changed it. A file that cannot
//! be read is kept beside under another name and never overwritten; one of a newer version is left alone altogether.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::ConnectionProfile;
use crate::private_file::private_file;
use crate::{Error, ErrorKind, Result};

/// The file's version; raised when an older program could no longer read it.
const VERSION: u32 = 1;

/// What the store holds, and what must be told about it.
#[derive(Debug, Clone, Default)]
pub struct SavedProfiles {
    pub profiles: Vec<ConnectionProfile>,
    /// A sentence for the user, when a broken file was put aside.
    pub notice: Option<String>,
}

/// A change to the list of profiles, run under the store's lock.
pub type ProfileChange<'a> = Box<dyn FnOnce(&mut Vec<ConnectionProfile>) -> Result<()> + Send + 'a>;

/// Where profiles are kept.
pub trait ProfileStore: Send + Sync {
    /// Reads all profiles, in the user's order.
    fn load(&self) -> Result<SavedProfiles>;
    /// When the profiles were last written, by whichever program; `None` where only this one can.
    fn written_at(&self) -> Option<SystemTime> {
        None
    }
    /// Reads, changes and writes them in one step that no other process can come between.
    fn update(&self, change: ProfileChange<'_>) -> Result<Vec<ConnectionProfile>>;
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProfileFile {
    version: u32,
    connections: Vec<ConnectionProfile>,
}

#[derive(Deserialize)]
struct VersionOnly {
    version: u32,
}

enum Content {
    Profiles(Vec<ConnectionProfile>),
    /// And why it cannot be read.
    Broken(String),
}

/// Profiles in `connections.json` of a folder.
#[derive(Debug)]
pub struct FileProfiles {
    folder: PathBuf,
    /// What was put aside, told by every load from then on: the first one may have had nobody to tell.
    notice: Mutex<Option<String>>,
}

impl FileProfiles {
    /// The store in a folder, which is made when first written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), notice: Mutex::default() }
    }

    /// The file itself, for messages.
    pub fn path(&self) -> PathBuf {
        self.folder.join("connections.json")
    }

    fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.folder).map_err(|error| self.storage(error, "make the folder of"))?;
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.folder.join("connections.lock"));
        let lock = lock.map_err(|error| self.storage(error, "lock"))?;
        lock.lock().map_err(|error| self.storage(error, "lock"))?;
        Ok(lock)
    }

    /// Reads the file; one that is broken is put aside, which is why the lock must be held.
    fn read(&self) -> Result<Vec<ConnectionProfile>> {
        match self.parse()? {
            Content::Profiles(profiles) => Ok(profiles),
            Content::Broken(why) => self.put_aside(&why).map(|()| Vec::new()),
        }
    }

    fn parse(&self) -> Result<Content> {
        let text = match fs::read_to_string(self.path()) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Content::Profiles(Vec::new()));
            }
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                return Ok(Content::Broken("it is not UTF-8 text".to_owned()));
            }
            Err(error) => return Err(self.storage(error, "read")),
        };
        if let Ok(VersionOnly { version }) = serde_json::from_str(&text)
            && version > VERSION
        {
            return Err(self.newer(version));
        }
        Ok(match serde_json::from_str::<ProfileFile>(&text) {
            Ok(file) => Content::Profiles(file.connections),
            Err(error) => Content::Broken(error.to_string()),
        })
    }

    /// Renames a file that cannot be read, so that the next write cannot destroy it.
    fn put_aside(&self, why: &str) -> Result<()> {
        let kept = free_name(&self.folder);
        fs::rename(self.path(), &kept).map_err(|error| self.storage(error, "put aside"))?;
        *self.notice() = Some(format!(
            "The file of saved connections could not be read ({why}). It is kept as {}; repair it and rename it to connections.json to have them back.",
            kept.display()
        ));
        Ok(())
    }

    fn notice(&self) -> std::sync::MutexGuard<'_, Option<String>> {
        self.notice.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self, connections: Vec<ConnectionProfile>) -> Result<Vec<ConnectionProfile>> {
        let file = ProfileFile { version: VERSION, connections };
        let text = serde_json::to_string_pretty(&file)?;
        write_private(&self.path(), text.as_bytes()).map_err(|error| self.storage(error, "write"))?;
        Ok(file.connections)
    }

    fn storage(&self, error: std::io::Error, doing: &str) -> Error {
        Error::from(error).while_doing(&format!("cannot {doing} {}", self.path().display()))
    }

    fn newer(&self, version: u32) -> Error {
        Error::new(
            ErrorKind::Precondition,
            format!(
                "{} is of version {version}, and this program knows versions up to {VERSION}",
                self.path().display()
            ),
        )
        .hint("Start the newer Evaldesk that wrote it. Nothing was changed.")
    }
}

impl ProfileStore for FileProfiles {
    /// Without the lock where the file is whole, since it is only ever renamed into place: a folder that may not be
    /// written can still be read.
    fn load(&self) -> Result<SavedProfiles> {
        let profiles = match self.parse()? {
            Content::Profiles(profiles) => profiles,
            Content::Broken(_) => {
                let _lock = self.lock()?;
                self.read()?
            }
        };
        Ok(SavedProfiles { profiles, notice: self.notice().clone() })
    }

    fn written_at(&self) -> Option<SystemTime> {
        fs::metadata(self.path()).and_then(|metadata| metadata.modified()).ok()
    }

    fn update(&self, change: ProfileChange<'_>) -> Result<Vec<ConnectionProfile>> {
        let _lock = self.lock()?;
        let mut profiles = self.read()?;
        change(&mut profiles)?;
        self.write(profiles)
    }
}

fn free_name(folder: &Path) -> PathBuf {
    (1..)
        .map(|n| folder.join(format!("connections.broken-{n}.json")))
        .find(|path| !path.exists())
        .unwrap_or_default()
}

/// Writes a new file that only its owner may read, flushes it to disk and renames it over the old one: a crash or a
/// full disk leaves one or the other, whole.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let aside = path.with_extension("new");
    let written = private_file().create(true).truncate(true).write(true).open(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&aside, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&aside);
    }
    written
}

/// Writes a file that is not there yet, for its owner alone.
///
/// # Errors
/// `Conflict` where there is one already, else `Storage`; both name the file.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    let made = private_file().write(true).create_new(true).open(path);
    let written = made.and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Error::new(ErrorKind::Conflict, format!("there is a file {} already", path.display()))
                .hint("Choose another name; nothing was written.")
        }
        _ => Error::from(error).while_doing(&format!("cannot write {}", path.display())),
    })
}

/// Profiles in memory, for embedders and tests.
#[derive(Debug, Default)]
pub struct MemoryProfiles(Mutex<Vec<ConnectionProfile>>);

impl ProfileStore for MemoryProfiles {
    fn load(&self) -> Result<SavedProfiles> {
        let profiles = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        Ok(SavedProfiles { profiles, notice: None })
    }

    fn update(&self, change: ProfileChange<'_>) -> Result<Vec<ConnectionProfile>> {
        let mut held = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut changed = held.clone();
        change(&mut changed)?;
        held.clone_from(&changed);
        Ok(changed)
    }
}

#[cfg(test)]
mod tests;
