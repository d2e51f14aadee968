//! The log in a file of the app's: one for each database, for its owner alone, only ever appended to.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::PgConnection;

use super::entry::{EntryId, Finish, LogEntry, LogFilter};
use super::event::{self, By, Event, Line, Pending, Told};
use super::fate::{self, Fate};
use super::server_clock::ServerClock;
use super::{LogOutcome, NewEntry};
use crate::migrate::{Actor, MigrationContext};
use crate::private_file::private_file;
use crate::{Error, Result};

/// The file, and who writes to it.
#[derive(Debug, Clone)]
pub(super) struct FileLog {
    path: PathBuf,
    actor: Actor,
    clock: ServerClock,
    life: String,
    /// Opened with the first line that is written.
    file: Arc<Mutex<Option<File>>>,
}

impl FileLog {
    /// The file of the database that a session is in; `None` where the context has no folder.
    pub(super) async fn open(session: &mut PgConnection, context: &MigrationContext) -> Result<Option<Self>> {
        let Some(folder) = &context.log_folder else { return Ok(None) };
        let name = super::identity::identity(session).await?;
        Ok(Some(Self {
            path: folder.join(format!("{name}.jsonl")),
            actor: context.actor.clone(),
            clock: ServerClock::read(session).await?,
            life: fate::life(session).await?,
            file: Arc::default(),
        }))
    }

    pub(super) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    pub(super) fn begin(&self, new: &NewEntry) -> Result<EntryId> {
        let id = EntryId::new();
        let ServerClock { user, pid, .. } = self.clock.clone();
        let by = By { at: self.clock.at(), user, pid, actor: self.actor.clone() };
        self.append(Event::Begun { entry: Box::new(event::begun(id, new, by)) })?;
        Ok(id)
    }

    pub(super) fn statement_begun(&self, id: EntryId, index: u32) -> Result<()> {
        self.append(Event::StatementBegun { id, index })
    }

    pub(super) fn statement_done(&self, id: EntryId, index: u32) -> Result<()> {
        self.append(Event::StatementDone { id, index })
    }

    /// Inside a transaction: its number is on disk before its commit is sent.
    pub(super) fn committing(
        &self,
        transaction: i64,
        id: EntryId,
        index: Option<u32>,
        finish: Option<&Finish>,
    ) -> Result<()> {
        let (life, finish) = (Some(self.life.clone()), finish.cloned());
        self.append(Event::Committing { id, transaction, life, index, finish })
    }

    pub(super) fn finish(&self, id: EntryId, finish: &Finish) -> Result<()> {
        self.append(Event::Finished { id, finish: finish.clone() })
    }

    pub(super) async fn entries(
        &self,
        session: &mut PgConnection,
        filter: &LogFilter,
    ) -> Result<Vec<LogEntry>> {
        let mut told = event::read(&self.text()?);
        told.retain(|one| filter.version.as_ref().is_none_or(|version| one.entry.version == *version));
        told.retain(|one| filter.id.is_none_or(|id| one.entry.id == id));
        let mut entries = Vec::with_capacity(told.len());
        for mut one in told {
            resolve(session, &mut one).await?;
            entries.push(if filter.with_text { one.entry } else { without_text(one.entry) });
        }
        Ok(entries)
    }

    fn append(&self, event: Event) -> Result<()> {
        let lasting = event.must_outlive_a_power_loss();
        let line = serde_json::to_string(&Line::new(self.clock.at(), event))?;
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match file.as_mut() {
            Some(file) => write_line(file, &line, lasting),
            None => open_whole(&self.path).and_then(|opened| write_line(file.insert(opened), &line, lasting)),
        };
        written.map_err(|error| {
            error.while_doing(&format!("cannot write the log of migrations {}", self.path.display()))
        })
    }

    /// Bytes that are no UTF-8 (a broken disk) spoil their own line alone.
    fn text(&self) -> Result<String> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(Error::from(error)
                .while_doing(&format!("cannot read the log of migrations {}", self.path.display()))),
        }
    }
}

/// Finds out what became of a commit that nobody confirmed.
async fn resolve(session: &mut PgConnection, told: &mut Told) -> Result<()> {
    let Some(pending) = told.pending.clone() else { return Ok(()) };
    match fate::fate(session, &told.entry, &pending).await? {
        Fate::Committed => committed(told, &pending),
        Fate::Not => {}
        Fate::Unknown => told.entry.statement_open = pending.index,
    }
    Ok(())
}

fn committed(told: &mut Told, pending: &Pending) {
    if let Some(index) = pending.index {
        told.done(index);
    }
    if let Some(finish) = &pending.finish {
        // Whatever the run believed of it when it lost its connection.
        told.entry.outcome = LogOutcome::Running;
        told.finished(finish, &pending.at);
    }
}

fn without_text(mut entry: LogEntry) -> LogEntry {
    entry.scripts.iter_mut().for_each(|script| script.sql = None);
    entry
}

fn write_line(file: &mut File, line: &str, lasting: bool) -> Result<()> {
    file.write_all(format!("{line}\n").as_bytes())?;
    if lasting { file.sync_data().map_err(Error::from) } else { Ok(()) }
}

/// Opens it for appending. What a power loss cut off must not swallow the line after it.
fn open_whole(path: &Path) -> Result<File> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = private_file().create(true).append(true).read(true).open(path)?;
    if ends_torn(&mut file)? {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

fn ends_torn(file: &mut File) -> std::io::Result<bool> {
    if file.metadata()?.len() == 0 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-1))?;
    let mut last = [0];
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_line_does_not_swallow_the_next_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/log.jsonl");
        write_line(&mut open_whole(&path).unwrap(), "one", true).unwrap();
        fs::write(&path, "one\ntor").unwrap();
        write_line(&mut open_whole(&path).unwrap(), "two", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntor\ntwo\n");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        drop(open_whole(&path).unwrap());
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
