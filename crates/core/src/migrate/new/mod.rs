//! New migrations, and changes of those that are being written.

mod edit;
mod files;
mod name;
mod skeleton;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::file::{MigrationFormat, is_plain_name};
use super::{MigrationSet, Version};
use crate::{Error, ErrorKind, Result};

pub use edit::write_script;
pub use name::normalized_name;

pub(super) use files::{create, replace};

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct NewMigration {
    pub version: Version,
    pub name: String,
    pub format: MigrationFormat,
    /// The paths of its files.
    pub files: Vec<String>,
}

/// Writes the files of a new version into a set's folder, in the set's own format.
///
/// The version is the time, as Rails has it, and never below the newest that is there. Nothing is ever written over.
///
/// # Errors
/// `Refused` for the set that is compiled in, `InvalidArguments` for a name without a letter or digit, `Conflict`
/// where the name is taken, `Storage`.
pub fn new_migration(set: &MigrationSet, name: &str, now: DateTime<Utc>) -> Result<NewMigration> {
    let folder = writable_folder(set)?;
    let name = normalized_name(name)?;
    check_free(set, &name)?;
    let version = next_version(set, now);
    let files = skeleton::write(folder, set.format(), &version, &name)?;
    let shown = |path: &PathBuf| path.to_string_lossy().into_owned();
    Ok(NewMigration { version, name, format: set.format(), files: files.iter().map(shown).collect() })
}

/// The folder of a set, or why nothing can be written into it.
///
/// # Errors
/// `Refused` for the set that is compiled in.
pub fn writable_folder(set: &MigrationSet) -> Result<&Path> {
    set.folder().ok_or_else(|| {
        Error::new(
            ErrorKind::Refused,
            "the schema of RAAF Eval is compiled in: nothing can be added to it or changed in it",
        )
        .hint("Set a folder of migrations for this connection, or name one with --folder.")
    })
}

/// The time, unless a newer version is there: then the number after it.
fn next_version(set: &MigrationSet, now: DateTime<Utc>) -> Version {
    let time = Version::new(now.format("%Y%m%d%H%M%S").to_string());
    let newest = set.iter().next_back().map(|migration| &migration.version);
    let after = newest.and_then(|version| version.as_str().parse::<u128>().ok()).map(|number| number + 1);
    let after = after.map(|number| Version::new(number.to_string()));
    after.map_or(time.clone(), |after| after.max(time))
}

fn check_free(set: &MigrationSet, name: &str) -> Result<()> {
    match set.iter().find(|migration| migration.name == name) {
        None => Ok(()),
        Some(other) => {
            Err(Error::new(ErrorKind::Conflict, format!("{} is called {name} already", other.up.file))
                .hint("Choose a name that says what this one does."))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2026-01-02T03:04:05Z".parse().unwrap()
    }

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    fn set(folder: &tempfile::TempDir) -> MigrationSet {
        MigrationSet::from_folder(folder.path()).unwrap()
    }

    fn names(made: &NewMigration) -> Vec<&str> {
        made.files.iter().map(|path| path.rsplit('/').next().unwrap()).collect()
    }

    #[test]
    fn a_new_version_has_the_files_of_its_format_and_can_be_listed() {
        let plain = [("1_a.sql", "-- migrate:up\nselect 1;\n-- migrate:down\n")];
        for (files, expected) in [
            (
                &[][..],
                vec![
                    "20260102030405_add_score_index.up.sql",
                    "20260102030405_add_score_index.down.sql",
                    "20260102030405_add_score_index.verify.sql",
                ],
            ),
            (&[("1_a.sql", "select 1")][..], vec!["20260102030405_add_score_index.sql"]),
            (
                &[("1_a.up.sql", "-- no-transaction\nselect 1")][..],
                vec!["20260102030405_add_score_index.up.sql", "20260102030405_add_score_index.down.sql"],
            ),
            (&plain[..], vec!["20260102030405_add_score_index.sql"]),
            (
                &[("1_a.rb", "class A < ActiveRecord::Migration[7.0]; end")][..],
                vec!["20260102030405_add_score_index.rb"],
            ),
        ] {
            let folder = folder(files);
            let before = set(&folder);
            let made = new_migration(&before, "Add score index", now()).unwrap();
            assert_eq!(names(&made), expected);
            let after = set(&folder);
            assert_eq!((after.format(), after.iter().count()), (before.format(), files.len() + 1));
            assert!(after.get(&made.version).is_some());
        }
    }

    #[test]
    fn a_version_never_falls_below_the_newest() {
        let folder = folder(&[("20260102030459_a.up.sql", "select 1")]);
        let made = new_migration(&set(&folder), "b", now()).unwrap();
        assert_eq!(made.version.as_str(), "20260102030460");
        assert_eq!(new_migration(&set(&folder), "c", now()).unwrap().version.as_str(), "20260102030461");
    }

    #[test]
    fn a_name_that_is_taken_and_a_set_that_is_compiled_in_are_refused() {
        let folder = folder(&[("1_add_a.up.sql", "select 1")]);
        let error = new_migration(&set(&folder), "AddA", now()).unwrap_err();
        assert_eq!(error.message(), "1_add_a.up.sql is called add_a already");
        let error = new_migration(&MigrationSet::embedded().unwrap(), "x", now()).unwrap_err();
        assert!(error.kind() == ErrorKind::Refused && error.hint_text().unwrap().contains("--folder"));
    }
}
