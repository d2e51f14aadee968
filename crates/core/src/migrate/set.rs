//! The migrations of one source together: a folder, or those compiled in.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Version;
use super::embedded::EMBEDDED;
use super::file::{FileName, Migration, Role, Script};
use crate::{Error, ErrorKind, Result};

/// Migrations in the order of their versions.
#[derive(Debug, Clone)]
pub struct MigrationSet {
    origin: String,
    migrations: Vec<Migration>,
}

/// The files of one version, to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationSource {
    pub version: Version,
    pub name: String,
    pub up: String,
    pub down: Option<String>,
    pub verify: Option<String>,
}

type Found = BTreeMap<Version, Files>;

#[derive(Default)]
struct Files {
    name: String,
    scripts: Vec<(Role, Script)>,
}

impl MigrationSet {
    /// The schema of RAAF Eval, as it is compiled in.
    pub fn embedded() -> Result<Self> {
        Self::from_files("embedded", EMBEDDED.iter().map(|(file, text)| (*file, text.as_bytes())))
    }

    /// The migrations of a folder. Files that do not end in `.sql` are none of ours.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, error))? {
            let path = entry.map_err(|error| unreadable(folder, error))?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if name.ends_with(".sql") {
                files.push((name, std::fs::read(&path).map_err(|error| unreadable(&path, error))?));
            }
        }
        files.sort();
        let files = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        Self::from_files(folder.to_string_lossy(), files)
    }

    /// The migrations of files that somebody else has read.
    pub fn from_files<'a>(
        origin: impl Into<String>,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self> {
        let mut found = Found::new();
        for (file, bytes) in files {
            let name = FileName::parse(file)?;
            add(&mut found, name, Script::parse(file, bytes)?)?;
        }
        let migrations: Vec<_> =
            found.into_iter().map(|(version, files)| files.finish(version)).collect::<Result<_>>()?;
        let set = Self { origin: origin.into(), migrations };
        set.check_requirements()?;
        Ok(set)
    }

    /// "embedded", or the folder.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Every migration, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Migration> {
        self.migrations.iter()
    }

    /// The migration of a version.
    pub fn get(&self, version: &Version) -> Option<&Migration> {
        self.migrations.iter().find(|migration| migration.version == *version)
    }

    /// The migration of a version, or an error that says where was looked.
    pub fn require(&self, version: &Version) -> Result<&Migration> {
        self.get(version).ok_or_else(|| {
            Error::new(ErrorKind::NotFound, format!("there is no migration {version} in {}", self.origin))
                .hint("See the versions that there are: evaldesk migrate status.")
        })
    }

    /// The text of a version's files.
    pub fn source(&self, version: &Version) -> Result<MigrationSource> {
        let migration = self.require(version)?;
        let text = |script: &Script| script.sql.clone();
        Ok(MigrationSource {
            version: migration.version.clone(),
            name: migration.name.clone(),
            up: migration.up.sql.clone(),
            down: migration.down.as_ref().map(text),
            verify: migration.verify.as_ref().map(text),
        })
    }

    /// Every migration that stands on this one, newest first.
    pub fn dependants(&self, version: &Version) -> Vec<&Migration> {
        let mut on = vec![version.clone()];
        let mut found = Vec::new();
        for migration in &self.migrations {
            if migration.up.directives.requires.iter().any(|required| on.contains(required)) {
                on.push(migration.version.clone());
                found.insert(0, migration);
            }
        }
        found
    }

    fn check_requirements(&self) -> Result<()> {
        for migration in &self.migrations {
            for required in &migration.up.directives.requires {
                if *required >= migration.version || self.get(required).is_none() {
                    return Err(Error::new(
                        ErrorKind::InvalidArguments,
                        format!(
                            "{} requires {required}, which is no older migration here",
                            migration.up.file
                        ),
                    ));
                }
            }
        }
        Ok(())
    }
}

impl Files {
    fn finish(mut self, version: Version) -> Result<Migration> {
        let Some(up) = self.take(Role::Up) else {
            let file = self.scripts.first().map_or(String::new(), |(_, script)| script.file.clone());
            return Err(Error::new(ErrorKind::InvalidArguments, format!("{file} has no .up.sql beside it"))
                .hint("Add the file that says what the version does, or delete this one."));
        };
        Ok(Migration {
            version,
            down: self.take(Role::Down),
            verify: self.take(Role::Verify),
            name: self.name,
            up,
        })
    }

    fn take(&mut self, role: Role) -> Option<Script> {
        let at = self.scripts.iter().position(|(found, _)| *found == role)?;
        Some(self.scripts.remove(at).1)
    }
}

fn add(found: &mut Found, name: FileName, script: Script) -> Result<()> {
    let files = found.entry(name.version.clone()).or_default();
    let clash = files.scripts.iter().find(|(role, _)| files.name != name.name || *role == name.role);
    if let Some((_, other)) = clash {
        return Err(Error::new(
            ErrorKind::Conflict,
            format!("two migrations have the version {}: {} and {}", name.version, other.file, script.file),
        )
        .hint("Give one of them another version; a version that is applied anywhere must keep its number."));
    }
    files.name = name.name;
    files.scripts.push((name.role, script));
    Ok(())
}

fn unreadable(path: &Path, error: std::io::Error) -> Error {
    Error::new(ErrorKind::Storage, format!("cannot read {}: {error}", path.display())).caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(files: &[&str]) -> Result<MigrationSet> {
        MigrationSet::from_files("test", files.iter().map(|file| (*file, b"select 1" as &[u8])))
    }

    #[test]
    fn two_files_of_one_version_are_both_named() {
        let error = set(&["1_a.up.sql", "001_b.up.sql"]).unwrap_err();
        assert_eq!(error.message(), "two migrations have the version 1: 1_a.up.sql and 001_b.up.sql");
        assert!(set(&["1_a.up.sql", "01_a.up.sql"]).is_err());
    }

    #[test]
    fn a_down_needs_its_up() {
        assert_eq!(set(&["1_a.down.sql"]).unwrap_err().message(), "1_a.down.sql has no .up.sql beside it");
        assert!(set(&["1_a.up.sql"]).unwrap().iter().all(|migration| migration.down.is_none()));
    }

    #[test]
    fn what_is_compiled_in_is_what_the_folder_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let (here, there) = (MigrationSet::embedded().unwrap(), MigrationSet::from_folder(&folder).unwrap());
        assert_eq!(here.migrations, there.migrations);
        assert!(here.iter().all(|migration| migration.down.is_some() && migration.verify.is_some()));
    }

    #[test]
    fn who_stands_on_a_version_is_found_newest_first() {
        let set = MigrationSet::embedded().unwrap();
        let found = set.dependants(&Version::new("20251106000001"));
        assert_eq!(found.len(), set.iter().count() - 1);
        assert!(found.is_sorted_by(|a, b| a.version > b.version));
    }

    #[test]
    fn a_folder_that_is_not_there_is_named() {
        assert!(MigrationSet::from_folder(Path::new("/nowhere")).unwrap_err().message().contains("/nowhere"));
    }
}
