//! The folder of drafts: `<tab>.draft`, one lock for all who write, damaged files put aside under a name of their own.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use super::{LONGEST_DRAFT, QueryDraft, QueryDraftSaved, journal};
use crate::private_file::private_file;
use crate::{Error, ErrorKind, Result};

/// A journal is written anew when it is longer than this and several times its text.
const LONG: u64 = 64 * 1024;
/// How many tabs are kept; more are nobody's tabs any more.
const MOST: usize = 2_000;

/// Drafts in a folder.
#[derive(Debug)]
pub struct DraftStore {
    folder: PathBuf,
    /// The newest state of each tab with the length of its journal: as long as that is the file's, nobody else wrote.
    known: Mutex<HashMap<String, (u64, QueryDraft)>>,
    /// What was put aside, told by every list from then on: the first one may have had nobody to tell.
    notices: Mutex<BTreeMap<String, String>>,
}

impl DraftStore {
    /// The store in a folder, which is made when first written.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), known: Mutex::default(), notices: Mutex::default() }
    }

    /// Writes a tab's text down; once it answers, neither `kill -9` nor a power loss takes it away.
    ///
    /// # Errors
    /// `InvalidArguments` for an id that is none and a text above 16 MB, `Storage` where the disk refuses; what was
    /// saved before stays.
    pub fn save(&self, draft: QueryDraft, at: DateTime<Utc>) -> Result<QueryDraftSaved> {
        check(&draft)?;
        let _lock = self.lock()?;
        match self.current(&draft.tab)? {
            Some(stored) if stored.revision == draft.revision => self.append(Some(&stored), draft, at),
            // The same text twice, after an answer that was lost on its way.
            Some(stored) if stored.text == draft.text => {
                self.append(Some(&stored), QueryDraft { revision: stored.revision, ..draft }, at)
            }
            Some(_) => self.fork(draft, at),
            None => self.append(None, draft, at),
        }
    }

    /// All tabs, oldest first by their ids; what is damaged is put aside and said in the tab's notice.
    pub fn list(&self) -> Result<Vec<QueryDraft>> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let _lock = self.lock()?;
        let restored = self.tabs()?.into_iter().filter_map(|tab| self.restore(&tab).transpose());
        let mut drafts: Vec<QueryDraft> = restored.collect::<Result<_>>()?;
        for (tab, notice) in &*self.notices() {
            match drafts.iter_mut().find(|draft| draft.tab == *tab) {
                Some(draft) => draft.notice = Some(notice.clone()),
                None => drafts.push(lost(tab, notice)),
            }
        }
        Ok(drafts)
    }

    /// Lets go of a tab that its user closed.
    pub fn remove(&self, tab: &str) -> Result<()> {
        check_tab(tab)?;
        let _lock = self.lock()?;
        self.known().remove(tab);
        self.notices().remove(tab);
        match fs::remove_file(self.path(tab)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(storage(error, &self.path(tab)))
            }
            _ => Ok(()),
        }
    }

    fn fork(&self, draft: QueryDraft, at: DateTime<Utc>) -> Result<QueryDraftSaved> {
        let tab = uuid::Uuid::now_v7().to_string();
        let saved = self.append(None, QueryDraft { tab, revision: 0, ..draft }, at)?;
        Ok(QueryDraftSaved { forked: true, ..saved })
    }

    fn append(
        &self,
        before: Option<&QueryDraft>,
        draft: QueryDraft,
        at: DateTime<Utc>,
    ) -> Result<QueryDraftSaved> {
        let after = QueryDraft { revision: draft.revision.saturating_add(1), notice: None, ..draft };
        if before.is_none() && self.tabs()?.len() >= MOST {
            return Err(full(&self.folder));
        }
        let length = self.write(before, &after, at)?;
        let saved = QueryDraftSaved { tab: after.tab.clone(), revision: after.revision, forked: false };
        self.known().insert(after.tab.clone(), (length, after));
        Ok(saved)
    }

    /// Appends a line, or writes the journal anew where it has grown long; returns its length.
    fn write(&self, before: Option<&QueryDraft>, after: &QueryDraft, at: DateTime<Utc>) -> Result<u64> {
        let (path, at) = (self.path(&after.tab), at.to_rfc3339());
        let length = fs::metadata(&path).map_or(0, |metadata| metadata.len());
        let long = length > LONG + 4 * after.text.len() as u64;
        let before = before.filter(|_| !long);
        let line = journal::line(before, after, &at)?;
        let written = if before.is_some() {
            append(&path, length, line.as_bytes())
        } else {
            anew(&path, line.as_bytes())
        };
        written.map_err(|error| storage(error, &path))
    }

    /// The stored state of a tab, read again where another process wrote it.
    fn current(&self, tab: &str) -> Result<Option<QueryDraft>> {
        let length = fs::metadata(self.path(tab)).map_or(0, |metadata| metadata.len());
        let known =
            self.known().get(tab).filter(|(known, _)| *known == length).map(|(_, draft)| draft.clone());
        match known {
            Some(draft) => Ok(Some(draft)),
            None => self.restore(tab),
        }
    }

    /// Reads a tab; a damaged journal is put aside and what holds of it is written anew.
    fn restore(&self, tab: &str) -> Result<Option<QueryDraft>> {
        let path = self.path(tab);
        let bytes = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| storage(error, &path))?,
        };
        let read = journal::read(tab, &bytes);
        if let (Some(draft), None) = (&read.draft, read.damaged_from) {
            self.known().insert(tab.to_owned(), (bytes.len() as u64, draft.clone()));
            return Ok(read.draft);
        }
        self.put_aside(tab, read.draft)
    }

    fn put_aside(&self, tab: &str, good: Option<QueryDraft>) -> Result<Option<QueryDraft>> {
        let (path, aside) = (self.path(tab), self.free_name(tab));
        fs::rename(&path, &aside).map_err(|error| storage(error, &path))?;
        let held = match &good {
            None => "no text in it could be read".to_owned(),
            Some(draft) => format!("the text is the one of revision {}", draft.revision),
        };
        let notice =
            format!("The file of this tab was damaged: {held}. It was put aside as {}.", aside.display());
        self.notices().insert(tab.to_owned(), notice);
        if let Some(draft) = &good {
            let written = anew(&path, journal::line(None, draft, "")?.as_bytes());
            let length = written.map_err(|error| storage(error, &path))?;
            self.known().insert(tab.to_owned(), (length, draft.clone()));
        }
        Ok(good)
    }

    fn free_name(&self, tab: &str) -> PathBuf {
        let name = |n: u32| self.folder.join(format!("{tab}.damaged-{n}"));
        (1..).map(name).find(|path| !path.exists()).unwrap_or_default()
    }

    /// The ids of all tabs, which begin with their time where we made them.
    fn tabs(&self) -> Result<Vec<String>> {
        let entries = fs::read_dir(&self.folder).map_err(|error| storage(error, &self.folder))?;
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut tabs: Vec<String> =
            names.filter_map(|name| Some(name.strip_suffix(".draft")?.to_owned())).collect();
        tabs.retain(|tab| check_tab(tab).is_ok());
        tabs.sort();
        Ok(tabs)
    }

    fn lock(&self) -> Result<File> {
        fs::create_dir_all(&self.folder).map_err(|error| storage(error, &self.folder))?;
        let path = self.folder.join("lock");
        let lock = private_file().create(true).truncate(false).write(true).open(&path);
        lock.and_then(|file| file.lock().map(|()| file)).map_err(|error| storage(error, &path))
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, (u64, QueryDraft)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn notices(&self) -> MutexGuard<'_, BTreeMap<String, String>> {
        self.notices.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn path(&self, tab: &str) -> PathBuf {
        self.folder.join(format!("{tab}.draft"))
    }
}

fn storage(error: std::io::Error, path: &Path) -> Error {
    Error::from(error).while_doing(&format!("the text of the tabs cannot be kept in {}", path.display()))
}

/// A tab of which nothing is left but its file.
fn lost(tab: &str, notice: &str) -> QueryDraft {
    let title = "Damaged draft".to_owned();
    QueryDraft { tab: tab.to_owned(), title, notice: Some(notice.to_owned()), ..QueryDraft::default() }
}

/// Appends at a length and flushes; a line that did not fit whole is taken off again.
fn append(path: &Path, length: u64, line: &[u8]) -> std::io::Result<u64> {
    let mut file = private_file().append(true).open(path)?;
    let written = file.write_all(line).and_then(|()| file.sync_data());
    if let Err(error) = written {
        let _ = file.set_len(length);
        return Err(error);
    }
    Ok(length + line.len() as u64)
}

/// Writes a journal aside and renames it into place.
fn anew(path: &Path, line: &[u8]) -> std::io::Result<u64> {
    crate::connection::write_private(path, line)?;
    if let Some(folder) = path.parent() {
        // The name is what a power loss would take.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
    Ok(line.len() as u64)
}

fn check(draft: &QueryDraft) -> Result<()> {
    check_tab(&draft.tab)?;
    if draft.text.len() <= LONGEST_DRAFT {
        return Ok(());
    }
    let message = format!("the text of {} is longer than 16 MB and is not kept as it is typed", draft.title);
    Err(Error::new(ErrorKind::InvalidArguments, message)
        .hint("Save it as a file, and run a file that long with psql. What was kept before stays."))
}

/// An id is a name in the folder, never a way out of it.
fn check_tab(tab: &str) -> Result<()> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if (1..=64).contains(&tab.len()) && tab.chars().all(fits) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidArguments, "the id of the tab is none")
        .hint("An id has 1 to 64 letters, digits, - and _."))
}

fn full(folder: &Path) -> Error {
    let message = format!("{} already holds {MOST} tabs", folder.display());
    Error::new(ErrorKind::Precondition, message).hint("Close tabs that you don't need any more.")
}
