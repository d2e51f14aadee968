//! How rake is called for an application, and what can be asked of it.

use std::path::{Path, PathBuf};

use crate::migrate::Version;
use crate::{Error, ErrorKind, Result};

/// What rake reads: the folder that holds one is the application's root.
const RAKEFILES: [&str; 4] = ["Rakefile", "rakefile", "Rakefile.rb", "rakefile.rb"];

/// How rake is called for the application that a folder of migrations belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rake {
    /// The program and what stands before the task: `bundle`, `exec`, `rake`.
    command: Vec<String>,
    /// The application's root.
    directory: PathBuf,
    /// A folder of ours, where the password may lie in a file while rake runs.
    private: Option<PathBuf>,
}

/// What rake is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RakeTask {
    /// `db:migrate:up`: this version alone.
    Up { version: Version },
    /// `db:migrate:down`: this version alone.
    Down { version: Version },
    /// `db:rollback`: so many of the newest, as Rails counts them.
    Rollback { step: u32 },
    /// `db:migrate:status`.
    Status,
}

impl Rake {
    /// Takes how rake is called, as the profile has it, and finds the application that the folder belongs to.
    ///
    /// Words are split at white space; no shell reads them. `private` is a folder that only this user gets at.
    ///
    /// # Errors
    /// `InvalidArguments` without a word, `NotFound` without a Rakefile in the folder or above it.
    pub fn new(command: &str, folder: &Path, private: Option<PathBuf>) -> Result<Self> {
        let mut command: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
        let directory = application(folder)?;
        let Some(program) = command.first_mut() else {
            return Err(Error::new(ErrorKind::InvalidArguments, "the connection's settings name no rake")
                .hint("Write how it is called: \"bundle exec rake\" or \"rake\"."));
        };
        // `bin/rake` is the application's, wherever we run ourselves.
        if program.contains('/') && Path::new(program).is_relative() {
            *program = directory.join(&program).to_string_lossy().into_owned();
        }
        Ok(Self { command, directory, private })
    }

    /// The application's root.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The line that a person would type there.
    pub fn shown(&self, task: &RakeTask) -> String {
        self.words(task).join(" ")
    }

    pub(super) fn words(&self, task: &RakeTask) -> Vec<String> {
        self.command.iter().cloned().chain(task.words()).collect()
    }

    pub(super) fn private(&self) -> Option<&Path> {
        self.private.as_deref()
    }
}

impl RakeTask {
    fn words(&self) -> Vec<String> {
        match self {
            Self::Up { version } => vec!["db:migrate:up".to_owned(), format!("VERSION={version}")],
            Self::Down { version } => vec!["db:migrate:down".to_owned(), format!("VERSION={version}")],
            Self::Rollback { step } => vec!["db:rollback".to_owned(), format!("STEP={step}")],
            Self::Status => vec!["db:migrate:status".to_owned()],
        }
    }
}

/// The nearest folder at or above this one with a Rakefile.
fn application(folder: &Path) -> Result<PathBuf> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let has_one = |above: &&Path| RAKEFILES.iter().any(|name| above.join(name).is_file());
    folder.ancestors().find(has_one).map(Path::to_owned).ok_or_else(|| {
        Error::new(ErrorKind::NotFound, format!("no Rakefile is in {} or above it", folder.display()))
            .hint("Set the folder inside of its Rails application: rake runs in the application's root.")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> tempfile::TempDir {
        let app = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(app.path().join("db/migrate")).unwrap();
        std::fs::write(app.path().join("Rakefile"), "").unwrap();
        app
    }

    #[test]
    fn rake_runs_in_the_root_of_the_application() {
        let app = app();
        let rake = Rake::new(" bundle  exec rake ", &app.path().join("db/migrate"), None).unwrap();
        assert_eq!(rake.directory(), app.path().canonicalize().unwrap());
        let task = RakeTask::Up { version: Version::new("007") };
        assert_eq!(rake.shown(&task), "bundle exec rake db:migrate:up VERSION=7");
    }

    #[test]
    fn a_program_of_the_application_is_found_there() {
        let app = app();
        let rake = Rake::new("bin/rake", &app.path().join("db/migrate"), None).unwrap();
        assert!(Path::new(&rake.words(&RakeTask::Status)[0]).is_absolute());
    }

    #[test]
    fn a_folder_outside_of_any_application_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let error = Rake::new("rake", folder.path(), None).unwrap_err();
        assert!(error.message().contains("no Rakefile"), "{}", error.message());
        assert!(Rake::new("  ", app().path(), None).unwrap_err().message().contains("name no rake"));
    }
}
