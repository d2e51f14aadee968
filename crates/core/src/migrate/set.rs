//! The migrations of one source together: a folder, or those compiled in.

mod gather;

use std::path::{Path, PathBuf};

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Version;
use super::embedded::EMBEDDED;
use super::file::{
    FileProblem, Folder, FolderStamp, Migration, MigrationFormat, RawFile, Script, none_of_them, read_folder,
    recognise, stamp,
};
use super::rails::{Rake, run_by};
use crate::{Error, ErrorKind, Result};

/// Migrations in the order of their versions.
#[derive(Debug, Clone)]
pub struct MigrationSet {
    origin: String,
    folder: Option<PathBuf>,
    format: MigrationFormat,
    migrations: Vec<Migration>,
    left_out: Vec<String>,
    stamp: FolderStamp,
    rake: Option<Rake>,
}

/// The files of one version, to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationSource {
    pub version: Version,
    pub name: String,
    pub format: MigrationFormat,
    /// SQL; the source of a file of Ruby.
    pub up: String,
    pub down: Option<String>,
    pub verify: Option<String>,
    /// SHA-384 of each, to be given back with a change of it.
    pub up_sha384: String,
    pub down_sha384: Option<String>,
    pub verify_sha384: Option<String>,
}

impl MigrationSet {
    /// The schema of RAAF Eval, as it is compiled in.
    pub fn embedded() -> Result<Self> {
        Self::from_files("embedded", EMBEDDED.iter().map(|(file, text)| (*file, text.as_bytes())))
    }

    /// The migrations of a folder, in whichever tool's format its files are.
    ///
    /// # Errors
    /// `NotFound` and `Storage` when it cannot be read; `InvalidArguments` for a mixture of formats, a wrong name, two
    /// files of one version. What is wrong inside of a file stops that version alone.
    pub fn from_folder(folder: &Path) -> Result<Self> {
        let Folder { mut files, left_out, stamp } = read_folder(folder)?;
        let origin = folder.to_string_lossy().into_owned();
        if files.is_empty() && !left_out.is_empty() {
            return Err(none_of_them(&origin, &left_out));
        }
        let format = recognise(&mut files).map_err(|error| error.while_doing(&origin))?;
        let set = Self::read(origin, format, &files)?;
        Ok(Self { folder: Some(folder.to_owned()), left_out, stamp, ..set })
    }

    /// Whether its folder still holds what was read from it. What is compiled in never changes.
    pub fn is_as_on_disk(&self) -> bool {
        self.folder.as_deref().is_none_or(|folder| stamp(folder).is_ok_and(|now| now == self.stamp))
    }

    /// The migrations of files of our own format that somebody else has read.
    pub fn from_files<'a>(
        origin: impl Into<String>,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Result<Self> {
        let raw = |(name, bytes): (&str, &[u8])| RawFile {
            name: name.to_owned(),
            path: None,
            bytes: bytes.to_vec(),
        };
        let files: Vec<RawFile> = files.into_iter().map(raw).collect();
        Self::read(origin.into(), MigrationFormat::Evaldesk, &files)
    }

    fn read(origin: String, format: MigrationFormat, files: &[RawFile]) -> Result<Self> {
        let migrations = gather::gather(files, format)?;
        let set = Self {
            origin,
            folder: None,
            format,
            migrations,
            left_out: Vec::new(),
            stamp: FolderStamp::default(),
            rake: None,
        };
        set.check_requirements()?;
        Ok(set)
    }

    /// The set as it is at a time: a version more than a day ahead of it is not applied, since every version made
    /// until then would sort below it. Rails has the same rule.
    #[must_use]
    pub fn seen_at(mut self, now: DateTime<Utc>) -> Self {
        let latest = Version::new((now + Duration::days(1)).format("%Y%m%d%H%M%S").to_string());
        for migration in self.migrations.iter_mut().filter(|one| one.version > latest) {
            migration.problem = Some(ahead(migration));
        }
        self
    }

    /// The set with rake, which alone can run a folder of Ruby; other formats stay as they are.
    ///
    /// `command` is how rake is called, words apart; without one, or without an application around the folder, every
    /// version says why it cannot be run. `private` is a folder of ours where the password may lie in a file meanwhile.
    #[must_use]
    pub fn with_rake(mut self, command: Option<&str>, private: Option<PathBuf>) -> Self {
        let ruby = self.folder.clone().filter(|_| self.format == MigrationFormat::Rails);
        if let (Some(folder), Some(command)) = (ruby, command) {
            let rake = Rake::new(command, &folder, private);
            self.migrations.iter_mut().for_each(|migration| run_by(migration, &rake));
            self.rake = rake.ok();
        }
        self
    }

    /// What runs a folder of Ruby.
    pub fn rake(&self) -> Option<&Rake> {
        self.rake.as_ref()
    }

    /// "embedded", or the folder.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The folder it was read from; `None` for what is compiled in.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// Whose files they are.
    pub fn format(&self) -> MigrationFormat {
        self.format
    }

    /// Files of SQL in the folder that are no migrations.
    pub fn left_out(&self) -> &[String] {
        &self.left_out
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
        let sum = |script: &Script| script.sha384.clone();
        // Ruby goes both ways by one text.
        let down = migration.down.as_ref().filter(|_| migration.ruby.is_none());
        Ok(MigrationSource {
            version: migration.version.clone(),
            name: migration.name.clone(),
            format: self.format,
            up: migration.up.sql.clone(),
            down: down.map(text),
            verify: migration.verify.as_ref().map(text),
            up_sha384: migration.up.sha384.clone(),
            down_sha384: down.map(sum),
            verify_sha384: migration.verify.as_ref().map(sum),
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
                    )
                    .hint("Name an older version of the same folder, or take the line out."));
                }
            }
        }
        Ok(())
    }
}

fn ahead(migration: &Migration) -> FileProblem {
    FileProblem::new(
        &migration.up.file,
        format!("has the version {}, more than a day ahead of now", migration.version),
        "Give it the time it is made at, as YYYYMMDDhhmmss; or look at this machine's clock.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::plan::Direction;

    #[test]
    fn what_is_compiled_in_is_what_the_folder_holds() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../migrations");
        let (here, there) = (MigrationSet::embedded().unwrap(), MigrationSet::from_folder(&folder).unwrap());
        assert_eq!((here.format(), there.format()), (MigrationFormat::Evaldesk, MigrationFormat::Evaldesk));
        let sums = |set: &MigrationSet| {
            set.iter().map(|one| (one.version.clone(), one.up.sha384.clone())).collect::<Vec<_>>()
        };
        assert_eq!(sums(&here), sums(&there));
        assert!(here.iter().all(|one| one.down.is_some() && one.verify.is_some() && one.up.path.is_none()));
        assert!(there.iter().all(|one| one.problem_of(Direction::Up).is_none() && one.up.path.is_some()));
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::write(folder.path().join(file), "select 1;\n").unwrap();
        }
        folder
    }

    #[test]
    fn other_files_of_sql_are_left_out_and_a_folder_of_nothing_else_is_refused() {
        let set = MigrationSet::from_folder(folder(&["1_a.up.sql", "schema.sql"]).path()).unwrap();
        assert_eq!((set.iter().count(), set.left_out()), (1, &["schema.sql".to_owned()][..]));
        let error = MigrationSet::from_folder(folder(&["schema.sql", "seeds.sql"]).path()).unwrap_err();
        assert!(error.message().ends_with("but no migration: schema.sql, seeds.sql"), "{}", error.message());
        assert!(MigrationSet::from_folder(folder(&[]).path()).unwrap().iter().next().is_none());
    }

    #[test]
    fn a_file_that_cannot_be_read_stops_its_version_alone() {
        let folder = folder(&["1_a.up.sql", "2_b.up.sql"]);
        std::fs::write(folder.path().join("2_b.up.sql"), b"select '\xff'").unwrap();
        let set = MigrationSet::from_folder(folder.path()).unwrap();
        let problems: Vec<_> = set.iter().map(|one| one.problem_of(Direction::Up).is_some()).collect();
        assert_eq!(problems, [false, true]);
    }

    #[test]
    fn who_stands_on_a_version_is_found_newest_first() {
        let set = MigrationSet::embedded().unwrap();
        let found = set.dependants(&Version::new("20251106000001"));
        assert_eq!(found.len(), set.iter().count() - 1);
        assert!(found.is_sorted_by(|a, b| a.version > b.version));
    }

    #[test]
    fn a_version_more_than_a_day_ahead_is_not_applied() {
        let files = ["20260102120000_a.up.sql", "20260103120001_b.up.sql"];
        let set = MigrationSet::from_files("test", files.map(|file| (file, b"select 1" as &[u8]))).unwrap();
        let set = set.seen_at("2026-01-02T12:00:00Z".parse().unwrap());
        let refused: Vec<_> = set.iter().filter_map(|one| one.check_runnable(Direction::Up).err()).collect();
        assert_eq!(refused.len(), 1);
        assert!(refused[0].message().starts_with("20260103120001_b.up.sql has the version"));
    }
}
