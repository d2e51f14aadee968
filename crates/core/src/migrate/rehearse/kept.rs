//! Rehearsals are kept, one line each, beside the log: so that a screen can say that this very plan was rehearsed.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use sqlx::PgConnection;

use super::super::{MigrationContext, log};
use super::report::RehearsalSummary;
use crate::connection::{Database, write_private};
use crate::{Error, Result};

/// How many are kept of a database.
const MOST: usize = 200;

/// The rehearsals of a database, newest first. None where the context has no folder.
pub async fn rehearsals(database: &Database, context: &MigrationContext) -> Result<Vec<RehearsalSummary>> {
    let mut session = database.pool().acquire().await?;
    let Some(path) = path(&mut session, context).await? else { return Ok(Vec::new()) };
    let mut kept = read(&path)?;
    kept.reverse();
    Ok(kept)
}

/// Keeps one more.
pub(super) async fn keep(
    session: &mut PgConnection,
    context: &MigrationContext,
    summary: &RehearsalSummary,
) -> Result<()> {
    let Some(path) = path(session, context).await? else { return Ok(()) };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut kept = read(&path)?;
    if kept.len() < MOST {
        return append(&path, summary);
    }
    kept.drain(..=kept.len() - MOST);
    kept.push(summary.clone());
    let lines: Vec<String> = kept.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
    write_private(&path, (lines.join("\n") + "\n").as_bytes()).map_err(|error| unwritable(&path, error))
}

async fn path(session: &mut PgConnection, context: &MigrationContext) -> Result<Option<PathBuf>> {
    let Some(folder) = &context.log_folder else { return Ok(None) };
    let name = log::identity(session).await?;
    Ok(Some(folder.join(format!("{name}.rehearsals.jsonl"))))
}

/// A line that another version wrote, or that was cut short, is passed over.
fn read(path: &Path) -> Result<Vec<RehearsalSummary>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(Error::from(error).while_doing(&format!("cannot read {}", path.display()))),
    }
}

fn append(path: &Path, summary: &RehearsalSummary) -> Result<()> {
    let line = serde_json::to_string(summary)? + "\n";
    let written = private(path).and_then(|mut file| file.write_all(line.as_bytes()));
    written.map_err(|error| unwritable(path, error))
}

fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn unwritable(path: &Path, error: std::io::Error) -> Error {
    Error::from(error).while_doing(&format!("cannot keep the rehearsal in {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::super::report::RehearsalPlace;
    use super::*;

    fn summary(hash: &str) -> RehearsalSummary {
        RehearsalSummary {
            plan_hash: hash.to_owned(),
            database: "d".to_owned(),
            place: RehearsalPlace::Here,
            at: "2026-01-01T00:00:00Z".to_owned(),
            versions: Vec::new(),
            total: 1,
            ran: 1,
            skipped: 0,
            passed: true,
            differing: 0,
            elapsed_ms: 1,
            locks_held_ms: 1,
            longest: None,
            words: "all 1 ran".to_owned(),
        }
    }

    #[test]
    fn a_torn_line_costs_only_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.rehearsals.jsonl");
        append(&path, &summary("a")).unwrap();
        private(&path).unwrap().write_all(b"{\"planHash\":\n").unwrap();
        append(&path, &summary("b")).unwrap();
        let hashes: Vec<_> = read(&path).unwrap().into_iter().map(|one| one.plan_hash).collect();
        assert_eq!(hashes, ["a", "b"]);
    }
}
