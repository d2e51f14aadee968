//! A Rails application as far as its database goes: a Rakefile with ActiveRecord's own tasks, and `db/migrate`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Finished, root};

/// An application in a folder of its own, on a database.
#[derive(Debug)]
pub struct RailsApp {
    folder: tempfile::TempDir,
    url: String,
}

impl RailsApp {
    /// Without any migration yet.
    pub fn new(url: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("evaldesk-rails-").tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("db/migrate")).unwrap();
        std::fs::copy(root().join("tests/fixtures/rails/Rakefile"), folder.path().join("Rakefile")).unwrap();
        Self { folder, url: url.to_owned() }
    }

    /// The application's own folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of its migrations.
    pub fn migrations(&self) -> PathBuf {
        self.folder.path().join("db/migrate")
    }

    /// Adds a migration; the body stands inside its class.
    #[must_use]
    pub fn with_migration(self, version: &str, name: &str, body: &str) -> Self {
        let class: String =
            name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect::<String>();
        let text = format!("class {class} < ActiveRecord::Migration[6.1]\n{body}\nend\n");
        std::fs::write(self.migrations().join(format!("{version}_{name}.rb")), text).unwrap();
        self
    }

    /// Runs rake with these words, "db:migrate" say, and waits for its end.
    pub fn rake(&self, words: &[&str]) -> Finished {
        Finished::of(self.command().args(words))
    }

    /// rake, ready to be given its words.
    pub fn command(&self) -> Command {
        let mut rake = Command::new("rake");
        rake.current_dir(self.folder()).env("DATABASE_URL", &self.url).env("RUBYOPT", "-W0");
        rake
    }
}
