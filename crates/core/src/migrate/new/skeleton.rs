//! What a new migration's files begin with. An up without a statement is listed, and refused until it has one.

use std::path::{Path, PathBuf};

use super::files::create_all;
use crate::Result;
use crate::migrate::file::{MigrationFormat, ScriptRole, file_name};
use crate::migrate::{Version, rails};

const UP: &str =
    "-- What this version does. It runs in one transaction; where a statement cannot, write this at the head:
-- -- evaldesk: no-transaction

";
const DOWN: &str = "-- What takes it back. Without a statement here the version cannot be rolled back.

";
const VERIFY: &str = "-- One row for each thing that is wrong, none where all is well. It runs after up, and whenever it is asked for:
-- select 'the index i is missing' where to_regclass('i') is null;

";

/// Writes them; all or none.
pub(super) fn write(
    folder: &Path,
    format: MigrationFormat,
    version: &Version,
    name: &str,
) -> Result<Vec<PathBuf>> {
    let role = |role, text: &str| (folder.join(file_name(version.as_str(), name, role)), text.to_owned());
    let plain = || folder.join(format!("{version}_{name}.sql"));
    let files = match format {
        MigrationFormat::Evaldesk => {
            vec![role(ScriptRole::Up, UP), role(ScriptRole::Down, DOWN), role(ScriptRole::Verify, VERIFY)]
        }
        MigrationFormat::Sqlx if reversible(folder) => {
            vec![
                role(ScriptRole::Up, "-- What it does.\n"),
                role(ScriptRole::Down, "-- What takes it back.\n"),
            ]
        }
        MigrationFormat::Sqlx => vec![(plain(), "-- What it does.\n".to_owned())],
        MigrationFormat::Dbmate => vec![(plain(), "-- migrate:up\n\n\n-- migrate:down\n\n".to_owned())],
        MigrationFormat::Rails => return Ok(vec![rails::write_skeleton(folder, version.as_str(), name)?]),
    };
    create_all(&files)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Whether the newest file of an sqlx folder is one of a pair: then the next is too.
fn reversible(folder: &Path) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| name.ends_with(".sql"));
    names.sort();
    names.last().is_some_and(|name| name.ends_with(".up.sql") || name.ends_with(".down.sql"))
}
