//! Changing the text of a version that is being written: by the editor, and for a finding that somebody accepts.

use std::path::{Path, PathBuf};

use super::files::{create, replace};
use super::writable_folder;
use crate::migrate::file::{
    MigrationFormat, RawFile, ScriptRole, dbmate_halves, file_name, parts, sha384, unreadable,
};
use crate::migrate::{Migration, MigrationSet, MigrationSource, Version};
use crate::{Error, ErrorKind, Result, user_file};

/// Puts another text in the place of a version's script. It is written aside and renamed, so that nobody finds half of it.
///
/// `read` is the SHA-384 of the text that the change was made on, as `MigrationSource` gives it; `None` where there was
/// none. Of a dbmate file the half is meant that goes this way, with its marking line.
///
/// # Errors
/// `Conflict` when the file has changed since it was read, `Refused` for the set that is compiled in and for a role that
/// the format does not know, `InvalidArguments` for a text that could not be run, `NotFound`, `Storage`.
pub fn write_script(
    set: &MigrationSet,
    version: &Version,
    role: ScriptRole,
    text: &str,
    read: Option<&str>,
) -> Result<MigrationSource> {
    let folder = writable_folder(set)?;
    // As it is on disk now: the set may have been read long ago.
    let now = MigrationSet::from_folder(folder)?;
    let path = path_of(folder, &now, now.require(version)?, role)?;
    let there = contents(&user_file::place(&path)?)?;
    let (before, whole) = match (now.format(), &there) {
        (MigrationFormat::Dbmate, Some(there)) => spliced(&path, there, role, text)?,
        _ => (there.clone(), text.to_owned()),
    };
    check_unchanged(&path, before.as_deref(), read)?;
    check_text(&path, now.format(), &whole, role)?;
    if there.is_some() {
        replace(&path, &whole)?;
    } else {
        create(&path, &whole)?;
    }
    MigrationSet::from_folder(folder)?.source(version)
}

/// Where a role's text lies, or would.
fn path_of(folder: &Path, set: &MigrationSet, migration: &Migration, role: ScriptRole) -> Result<PathBuf> {
    let up = migration.up.path.clone().unwrap_or_else(|| folder.join(&migration.up.file));
    let pair = migration.up.file.ends_with(".up.sql");
    match (set.format(), role) {
        (_, ScriptRole::Up) | (MigrationFormat::Dbmate, ScriptRole::Down) => Ok(up),
        (MigrationFormat::Evaldesk, _) => Ok(beside(folder, migration, role)),
        (MigrationFormat::Sqlx, ScriptRole::Down) if pair => Ok(beside(folder, migration, role)),
        (format, _) => Err(Error::new(
            ErrorKind::Refused,
            format!("{} has no such file: {format} does not know it", migration.up.file),
        )
        .hint(format.naming())),
    }
}

fn beside(folder: &Path, migration: &Migration, role: ScriptRole) -> PathBuf {
    let known = migration.script(role).and_then(|script| script.path.clone());
    known.unwrap_or_else(|| folder.join(file_name(&migration.spelled, &migration.name, role)))
}

fn contents(path: &Path) -> Result<Option<Vec<u8>>> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable("", path, error)),
    }
}

/// The half of a dbmate file as it is, and the whole file with another in its place.
fn spliced(path: &Path, there: &[u8], role: ScriptRole, text: &str) -> Result<(Option<Vec<u8>>, String)> {
    let whole = std::str::from_utf8(there).map_err(|_| several(path))?;
    let halves = dbmate_halves(whole).ok_or_else(|| several(path))?;
    let (half, other) =
        if role == ScriptRole::Down { (halves.down, halves.up) } else { (halves.up, halves.down) };
    let end = |text: &str| if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let changed = match role {
        ScriptRole::Down => format!("{}{other}{}{text}", halves.before, end(other)),
        _ => format!("{}{text}{}{other}", halves.before, end(text)),
    };
    Ok(((!half.is_empty()).then(|| half.as_bytes().to_vec()), changed))
}

fn several(path: &Path) -> Error {
    Error::new(ErrorKind::Refused, format!("{} is not one up block and one down block", path.display()))
        .hint("Change it in an editor of your own.")
}

fn check_unchanged(path: &Path, before: Option<&[u8]>, read: Option<&str>) -> Result<()> {
    let same = match (before, read) {
        (Some(bytes), Some(read)) => sha384(bytes) == read,
        // A text without a statement counts as none: that is how it was read.
        (Some(bytes), None) => is_blank(bytes),
        (None, None) => true,
        (None, Some(_)) => false,
    };
    if same {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Conflict, format!("{} has changed since it was read", path.display()))
        .hint("Read it again and make the change on what is there now. Nothing was written."))
}

fn is_blank(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with("--"))
}

/// A text that could not be run is not kept; one without a statement is a beginning.
fn check_text(path: &Path, format: MigrationFormat, whole: &str, role: ScriptRole) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = RawFile { name, path: Some(path.to_owned()), bytes: whole.as_bytes().to_vec() };
    let parts = parts(&file, format)?;
    let script = parts.iter().find(|part| part.name.role == role).or(parts.first()).map(|part| &part.script);
    match script {
        Some(script) if !script.is_blank() => script.check(),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, text: &str) -> (tempfile::TempDir, MigrationSet) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        let set = MigrationSet::from_folder(folder.path()).unwrap();
        (folder, set)
    }

    fn one() -> Version {
        Version::new("1")
    }

    #[test]
    fn a_change_is_made_on_the_text_that_was_read() {
        let (folder, set) = folder("1_a.up.sql", "select 1;\n");
        let read = set.source(&one()).unwrap();
        let sum = Some(read.up_sha384.as_str());
        let written = write_script(&set, &one(), ScriptRole::Up, "select 2;\n", sum).unwrap();
        assert_eq!(written.up, "select 2;\n");
        let error = write_script(&set, &one(), ScriptRole::Up, "select 3;\n", sum).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert_eq!(std::fs::read_to_string(folder.path().join("1_a.up.sql")).unwrap(), "select 2;\n");
    }

    #[test]
    fn a_role_without_a_file_gets_one_unless_somebody_wrote_it_meanwhile() {
        let (folder, set) = folder("1_a.up.sql", "select 1;\n");
        let made = write_script(&set, &one(), ScriptRole::Down, "select 0;\n", None).unwrap();
        assert_eq!(made.down.as_deref(), Some("select 0;\n"));
        assert!(folder.path().join("1_a.down.sql").exists());
        let error = write_script(&set, &one(), ScriptRole::Down, "select 9;\n", None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Conflict);
    }

    #[test]
    fn a_text_that_could_not_run_is_not_kept() {
        let (_folder, set) = folder("1_a.up.sql", "select 1;\n");
        let sum = set.source(&one()).unwrap().up_sha384;
        let error = write_script(&set, &one(), ScriptRole::Up, "commit;\n", Some(&sum)).unwrap_err();
        assert!(error.message().contains("controls the transaction"));
        write_script(&set, &one(), ScriptRole::Up, "-- later\n", Some(&sum)).unwrap();
    }

    #[test]
    fn one_half_of_a_dbmate_file_is_changed_and_the_rest_stays() {
        let (folder, set) =
            folder("1_a.sql", "-- head\n-- migrate:up\nselect 1;\n-- migrate:down\nselect 0;\n");
        let sum = set.source(&one()).unwrap().down_sha384;
        let down = "-- migrate:down transaction:false\nvacuum a;";
        write_script(&set, &one(), ScriptRole::Down, down, sum.as_deref()).unwrap();
        assert_eq!(
            std::fs::read_to_string(folder.path().join("1_a.sql")).unwrap(),
            format!("-- head\n-- migrate:up\nselect 1;\n{down}")
        );
        let error = write_script(&set, &one(), ScriptRole::Verify, "select 1", None).unwrap_err();
        assert!(error.message().contains("dbmate does not know it"));
    }
}
