//! A migration as its files give it, in whichever tool's format they are: names, directives, statements.
//!
//! Everything that can be wrong with a file is found here, before any database is asked. What is wrong inside of one
//! file stops that version alone (`FileProblem`): the others can still be listed, and run.

mod dbmate;
mod directives;
mod folder;
mod format;
mod name;
mod part;
mod problem;
mod recognise;
mod ruby;
mod ruby_drops;
mod script;
mod unreadable;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Version;
use super::plan::Direction;
use crate::sql::split::Statement;
use crate::{Error, ErrorKind, Result};

pub use directives::Directives;
pub use format::MigrationFormat;
pub use problem::FileProblem;
pub use ruby::{Reversal, RubyFile};
pub(super) use ruby_drops::RubyDrop;
pub use script::Script;

pub(super) use dbmate::dbmate_halves;
pub(super) use folder::{Folder, FolderStamp, RawFile, read_folder, stamp};
pub(super) use name::{FileName, file_name, is_plain_name};
pub(super) use part::{Part, parts};
pub(super) use recognise::{none_of_them, recognise};
pub(super) use ruby::class_name;
pub(super) use script::sha384;
pub(super) use unreadable::unreadable;

/// One version with its scripts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    pub version: Version,
    pub name: String,
    /// The version as its file spells it: dbmate keeps leading zeros in its ledger.
    pub spelled: String,
    pub up: Script,
    /// `None` makes the version irreversible.
    pub down: Option<Script>,
    pub verify: Option<Script>,
    /// Present where the version is a file of Ruby: only rake can run it.
    pub ruby: Option<RubyFile>,
    /// Why the version cannot be applied, whatever its scripts hold.
    pub problem: Option<FileProblem>,
    /// What a person should know of its files.
    pub notes: Vec<String>,
}

/// Which of the files of a version one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ScriptRole {
    Up,
    Down,
    Verify,
}

impl Migration {
    /// Refuses a direction whose files cannot be run as they are.
    ///
    /// # Errors
    /// `InvalidArguments`, naming the file and what is wrong with it.
    pub fn check_runnable(&self, direction: Direction) -> Result<()> {
        self.problem_of(direction).map_or(Ok(()), |problem| Err(problem.to_error()))
    }

    /// What keeps a direction from being run.
    pub fn problem_of(&self, direction: Direction) -> Option<&FileProblem> {
        match direction {
            Direction::Up => {
                let verify = self.verify.as_ref().and_then(|script| script.problem.as_ref());
                self.problem.as_ref().or(self.up.problem.as_ref()).or(verify)
            }
            Direction::Down => self.down.as_ref()?.problem.as_ref(),
        }
    }

    /// What a person should know of the files, what keeps them from being run first. A sentence each.
    pub fn file_notes(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for direction in [Direction::Up, Direction::Down] {
            let problem = self.problem_of(direction).map(|problem| problem.message.clone());
            // Ruby has one file both ways.
            found.extend(problem.filter(|problem| !found.contains(problem)));
        }
        found.extend(self.notes.iter().cloned());
        found
    }

    /// The statements of its up, for whoever sends them to another database than its own.
    ///
    /// # Errors
    /// `InvalidArguments` where they cannot be run, `Precondition` for Ruby, which only rake knows.
    pub(in crate::migrate) fn up_in_sql(&self) -> Result<&[Statement]> {
        self.up.check().or_else(|error| if self.ruby.is_some() { Ok(()) } else { Err(error) })?;
        if self.ruby.is_none() {
            return Ok(&self.up.statements);
        }
        let what = format!("{} is Ruby: what it does to a schema shows only when rake runs it", self.up.file);
        Err(Error::new(ErrorKind::Precondition, what)
            .hint("Compare with a database that the application has migrated."))
    }

    /// The script of a role.
    pub fn script(&self, role: ScriptRole) -> Option<&Script> {
        match role {
            ScriptRole::Up => Some(&self.up),
            ScriptRole::Down => self.down.as_ref(),
            ScriptRole::Verify => self.verify.as_ref(),
        }
    }
}

/// Names of files for a message: three, and how many more.
pub(super) fn in_words(files: &[String]) -> String {
    let first: Vec<&str> = files.iter().take(3).map(String::as_str).collect();
    let more = files.len() - first.len();
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", first.join(", "))
}
