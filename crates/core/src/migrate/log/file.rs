//! The log in a file of the app's: one for each database, for its owner alone, only ever appended to.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use sqlx::PgConnection;

use super::NewEntry;
use super::entry::{EntryId, Finish, LogEntry, LogFilter};
use super::event::{self, By, Event, Line, Pending, Told};
use crate::migrate::{Actor, MigrationContext};
use crate::{Error, Result};

/// The file, and who writes to it.
#[derive(Debug, Clone)]
pub(super) struct FileLog {
    path: PathBuf,
    actor: Actor,
}

#[derive(sqlx::FromRow)]
struct Now {
    at: String,
    user_name: String,
    pid: i32,
}

impl FileLog {
    /// The file of the database that a session is in; `None` where the context has no folder.
    pub(super) async fn open(session: &mut PgConnection, context: &MigrationContext) -> Result<Option<Self>> {
        let Some(folder) = &context.log_folder else { return Ok(None) };
        let name = super::identity::identity(session).await?;
        Ok(Some(Self { path: folder.join(format!("{name}.jsonl")), actor: context.actor.clone() }))
    }

    pub(super) fn path(&self) -> PathBuf {
        self.path.clone()
    }

    pub(super) async fn begin(&self, session: &mut PgConnection, new: &NewEntry) -> Result<EntryId> {
        let id = EntryId::new();
        let now = now(session).await?;
        let by = By { at: now.at.clone(), user: now.user_name, pid: now.pid, actor: self.actor.clone() };
        self.append(now.at, Event::Begun { entry: Box::new(event::begun(id, new, by)) })?;
        Ok(id)
    }

    pub(super) async fn statement_begun(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        index: u32,
    ) -> Result<()> {
        self.append(now(session).await?.at, Event::StatementBegun { id, index })
    }

    pub(super) async fn statement_done(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        index: u32,
    ) -> Result<()> {
        self.append(now(session).await?.at, Event::StatementDone { id, index })
    }

    /// Inside a transaction: its number is on disk before its commit is sent.
    pub(super) async fn committing(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        index: Option<u32>,
        finish: Option<&Finish>,
    ) -> Result<()> {
        let transaction = sqlx::query_scalar("select txid_current()").fetch_one(&mut *session).await?;
        let event = Event::Committing { id, transaction, index, finish: finish.cloned() };
        self.append(now(session).await?.at, event)
    }

    /// A dropped connection has no clock to ask; its entry is then closed by whoever comes next.
    pub(super) async fn finish(
        &self,
        session: &mut PgConnection,
        id: EntryId,
        finish: &Finish,
    ) -> Result<()> {
        self.append(now(session).await?.at, Event::Finished { id, finish: finish.clone() })
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

    fn append(&self, at: String, event: Event) -> Result<()> {
        let lasting = event.must_outlive_a_power_loss();
        let line = serde_json::to_string(&Line::new(at, event))?;
        write_line(&self.path, &line, lasting).map_err(|error| {
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

async fn now(session: &mut PgConnection) -> Result<Now> {
    Ok(sqlx::query_as(include_str!("now.sql")).fetch_one(session).await?)
}

/// Asks the server what became of a commit that nobody confirmed.
async fn resolve(session: &mut PgConnection, told: &mut Told) -> Result<()> {
    let Some(pending) = told.pending.clone() else { return Ok(()) };
    match fate(session, pending.transaction).await?.as_deref() {
        Some("committed") => committed(told, &pending),
        Some(_) => {}
        // Too long ago, or of another life of this cluster: only the catalog can tell.
        None => told.entry.statement_open = pending.index,
    }
    Ok(())
}

fn committed(told: &mut Told, pending: &Pending) {
    if let Some(index) = pending.index {
        told.done(index);
    }
    if let Some(finish) = &pending.finish {
        told.finished(finish, &pending.at);
    }
}

/// "committed", "aborted", "in progress", or nothing where the server no longer knows.
async fn fate(session: &mut PgConnection, transaction: i64) -> Result<Option<String>> {
    let asked: Result<Option<String>, sqlx::Error> =
        sqlx::query_scalar("select txid_status($1)").bind(transaction).fetch_one(session).await;
    match asked {
        Ok(fate) => Ok(fate),
        // A number that this cluster has not given out yet: the file is older than the backup it was restored from.
        Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("22023") => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn without_text(mut entry: LogEntry) -> LogEntry {
    entry.scripts.iter_mut().for_each(|script| script.sql = None);
    entry
}

fn write_line(path: &Path, line: &str, lasting: bool) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = open_private(path)?;
    // What a power loss cut off must not swallow the line after it.
    let torn = if ends_torn(&mut file)? { "\n" } else { "" };
    file.write_all(format!("{torn}{line}\n").as_bytes())?;
    if lasting { file.sync_data().map_err(Error::from) } else { Ok(()) }
}

/// It holds statements: nobody else reads it.
fn open_private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true).read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
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
        write_line(&path, "one", true).unwrap();
        fs::write(&path, "one\ntor").unwrap();
        write_line(&path, "two", true).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntor\ntwo\n");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        write_line(&path, "one", true).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
