//! The set held against the database: what each version is here and now. Status and plan both begin with it.

use sqlx::PgConnection;

use super::file::Migration;
use super::ledger::Ledger;
use super::verify::{self, Problem, Weight};
use super::{MigrationContext, Version};
use crate::Result;

/// One version of the set, as the database has it.
#[derive(Debug)]
pub(super) struct Assessed<'a> {
    pub(super) migration: &'a Migration,
    pub(super) recorded: bool,
    /// What its verify file found; `None` where there is none.
    pub(super) problems: Option<Vec<Problem>>,
}

/// The whole set, oldest first, and the ledger it was held against.
#[derive(Debug)]
pub(super) struct Assessment<'a> {
    pub(super) ledger: Ledger,
    pub(super) versions: Vec<Assessed<'a>>,
}

impl<'a> Assessment<'a> {
    /// Reads the ledger and runs every verify file.
    pub(super) async fn read(session: &mut PgConnection, context: &'a MigrationContext) -> Result<Self> {
        let ledger = Ledger::read(session, context).await?;
        let mut versions = Vec::new();
        for migration in context.set.iter() {
            let recorded = ledger.holds(&migration.version);
            versions.push(Assessed {
                migration,
                recorded,
                problems: verify::look(session, migration).await?,
            });
        }
        Ok(Self { ledger, versions })
    }

    /// The version, which must be one of the set.
    pub(super) fn get(&self, version: &Version) -> Option<&Assessed<'a>> {
        self.versions.iter().find(|assessed| assessed.migration.version == *version)
    }

    /// What a plain `up` would run.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Assessed<'a>> {
        self.versions.iter().filter(|assessed| assessed.is_pending())
    }

    /// Recorded versions of which the set has no file.
    pub(super) fn without_file(&self) -> impl Iterator<Item = &Version> {
        self.ledger.versions.iter().filter(|version| self.get(version).is_none())
    }
}

impl Assessed<'_> {
    /// Recorded, and its objects are not there.
    pub(super) fn conflicts(&self) -> bool {
        self.recorded && self.missing()
    }

    /// Not recorded, and its objects are there: somebody else made them.
    pub(super) fn in_place(&self) -> bool {
        !self.recorded && self.problems.is_some() && !self.missing()
    }

    /// Whether others may stand on it.
    pub(super) fn in_effect(&self) -> bool {
        self.in_place() || (self.recorded && !self.missing())
    }

    fn is_pending(&self) -> bool {
        !self.recorded && !self.migration.up.directives.opt_in && !self.in_place()
    }

    fn missing(&self) -> bool {
        self.problems.iter().flatten().any(|problem| problem.weight == Weight::Conflict)
    }

    /// The problems as one sentence.
    pub(super) fn in_words(&self) -> Option<String> {
        let problems = self.problems.as_deref().filter(|problems| !problems.is_empty())?;
        let first: Vec<_> = problems.iter().take(3).map(|problem| problem.problem.as_str()).collect();
        let more = problems.len() - first.len();
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        Some(format!("{}{rest}", first.join("; ")))
    }
}
