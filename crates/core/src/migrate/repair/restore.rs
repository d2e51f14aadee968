//! A lost file, written again from the log: the very bytes, or none.

use std::path::Path;

use sha2::{Digest, Sha384};
use sqlx::PgConnection;

use super::choose::Chosen;
use super::plan::FileWrite;
use crate::migrate::ledger::LedgerRow;
use crate::migrate::log::{Log, LogEntry, LogFilter, LogOutcome, LoggedScript, NewEntry};
use crate::migrate::{MigrationContext, ScriptRole};
use crate::{Error, ErrorKind, Result};

/// The files of a recorded version that has none here.
pub(super) async fn restore(
    session: &mut PgConnection,
    context: &MigrationContext,
    row: &LedgerRow,
) -> Result<Chosen> {
    let folder = context.set.folder().ok_or_else(|| no_folder(row))?;
    let log = Log::open(session, context).await?;
    let filter = LogFilter { version: Some(row.version.clone()), with_text: true, ..LogFilter::default() };
    let entries = log.entries(session, &filter).await?;
    let has_files = |entry: &&LogEntry| entry.script(ScriptRole::Up).is_some();
    let entry = entries.iter().find(has_files).ok_or_else(|| not_logged(row))?;
    let files = files(folder, entry)?;
    let new =
        NewEntry { scripts: entry.scripts.clone(), ..NewEntry::without_file(&row.version, &entry.name) };
    Ok(Chosen {
        name: Some(entry.name.clone()),
        outcome: "The files of the version are written again, as the log has them.".to_owned(),
        files,
        entry: Some((new, LogOutcome::FileRestored)),
        ..Chosen::default()
    })
}

/// dbmate keeps both ways in one file: their texts follow each other.
fn files(folder: &Path, entry: &LogEntry) -> Result<Vec<FileWrite>> {
    let mut files: Vec<FileWrite> = Vec::new();
    for script in &entry.scripts {
        let path = folder.join(&script.file);
        let text = text(script)?;
        match files.iter_mut().find(|file| file.path == path) {
            Some(file) if file.text != text => file.text.push_str(&text),
            Some(_) => {}
            None => files.push(FileWrite { path, text }),
        }
    }
    let there = files.iter().find(|file| file.path.exists());
    there.map_or(Ok(()), |file| Err(in_the_way(&file.path)))?;
    Ok(files)
}

/// The text with the bytes that the sum was made of.
fn text(script: &LoggedScript) -> Result<String> {
    let sql = script.sql.clone().ok_or_else(|| not_kept(script))?;
    let marked = format!("\u{feff}{sql}");
    [sql, marked].into_iter().find(|text| sum(text) == script.sha384).ok_or_else(|| not_kept(script))
}

fn sum(text: &str) -> String {
    Sha384::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn no_folder(row: &LedgerRow) -> Error {
    let what = format!("there is no folder to write the files of {} into", row.version);
    Error::new(ErrorKind::Precondition, what).hint(
        "Name the folder that they belong to: --folder DIR, or the setting of the connection's profile.",
    )
}

fn not_logged(row: &LedgerRow) -> Error {
    let what = format!("the log of this database does not have the files of {}", row.version);
    Error::new(ErrorKind::NotFound, what)
        .hint("Look for them in your version control, or forget the version: its objects stay.")
}

fn not_kept(script: &LoggedScript) -> Error {
    let what = format!("the log has the sum of {}, but not the text that it is of", script.file);
    Error::new(ErrorKind::NotFound, what)
        .hint("Files of more than 1 MB are not kept. Look in your version control.")
}

fn in_the_way(path: &Path) -> Error {
    Error::new(ErrorKind::Conflict, format!("{} is there already", path.display()))
        .hint("Move it away first: a file of yours is never written over.")
}
