//! The set held against the database: what each version is here and now. Status and plan both begin with it.

use sqlx::PgConnection;

use super::file::Migration;
use super::history::History;
use super::ledger::{Ledger, LedgerPlace, LedgerRow};
use super::log::{Log, LogEntry, LogFilter, LogPlace};
use super::state::PartialRun;
use super::verify::{self, Problem, Weight};
use super::{MigrationContext, MigrationState, Version};
use crate::Result;

/// One version of the set, as the database has it.
#[derive(Debug)]
pub(super) struct Assessed<'a> {
    pub(super) migration: &'a Migration,
    /// Its row in a ledger.
    pub(super) row: Option<LedgerRow>,
    /// What its verify file found; `None` where there is none.
    pub(super) problems: Option<Vec<Problem>>,
    pub(super) history: History,
    /// It broke off, and nobody has dealt with that since.
    pub(super) partial: Option<PartialRun>,
    /// Not recorded, and this newer version is.
    pub(super) older_than: Option<Version>,
    /// The row of this number in `schema_migrations` is another migration's.
    pub(super) released: bool,
}

/// The whole set, oldest first, and the ledger and log it was held against.
#[derive(Debug)]
pub(super) struct Assessment<'a> {
    pub(super) ledger: Ledger,
    pub(super) log_place: LogPlace,
    /// Newest first, without the text of files.
    pub(super) log: Vec<LogEntry>,
    pub(super) versions: Vec<Assessed<'a>>,
}

impl<'a> Assessment<'a> {
    /// Reads the ledger and the log, and runs every verify file.
    pub(super) async fn read(session: &mut PgConnection, context: &'a MigrationContext) -> Result<Self> {
        let ledger = Ledger::read(session, context).await?;
        let log = Log::open(session, context).await?;
        let log_place = log.place();
        let log = log.entries(session, &LogFilter::default()).await?;
        let mut assessment = Self { ledger, log_place, log, versions: Vec::new() };
        for migration in context.set.iter() {
            let problems = verify::look(session, migration).await?;
            let assessed = assessment.assess(migration, problems, context.any_order);
            assessment.versions.push(assessed);
        }
        assessment.order();
        Ok(assessment)
    }

    fn assess(
        &self,
        migration: &'a Migration,
        problems: Option<Vec<Problem>>,
        any_order: bool,
    ) -> Assessed<'a> {
        let row = self.ledger.row(&migration.version).cloned();
        let mut history = History::of(&self.log, &migration.version);
        history.order_accepted |= any_order;
        Assessed {
            partial: history.partial(row.is_some()),
            released: self.ledger.released.contains(&migration.version),
            migration,
            row,
            problems,
            history,
            older_than: None,
        }
    }

    /// Order is a matter of this set in its own ledger: beside another tool's versions ours have none.
    fn order(&mut self) {
        let place = self.ledger.place;
        let counts = |one: &&Assessed<'_>| one.row.as_ref().is_some_and(|row| row.place == place);
        let newest = self.versions.iter().rev().find(counts);
        let Some(newest) = newest.map(|assessed| assessed.migration.version.clone()) else { return };
        for assessed in self.versions.iter_mut().filter(|one| one.migration.version < newest) {
            assessed.older_than = (!assessed.is_recorded()).then(|| newest.clone());
        }
    }

    /// The version, which must be one of the set.
    pub(super) fn get(&self, version: &Version) -> Option<&Assessed<'a>> {
        self.versions.iter().find(|assessed| assessed.migration.version == *version)
    }

    /// What a plain `up` would run.
    pub(super) fn pending(&self) -> impl Iterator<Item = &Assessed<'a>> {
        self.versions.iter().filter(|assessed| assessed.is_pending())
    }

    /// Recorded versions without a file here.
    pub(super) fn without_file(&self) -> impl Iterator<Item = &LedgerRow> {
        self.ledger.rows.iter().filter(|row| self.get(&row.version).is_none())
    }

    /// Versions that are ours to take back, oldest first: where another tool keeps `schema_migrations`, its own
    /// versions are none of them.
    pub(super) fn applied(&self) -> impl DoubleEndedIterator<Item = &Version> {
        let ours = |row: &&LedgerRow| {
            self.ledger.place == LedgerPlace::Shared
                || row.place == LedgerPlace::Own
                || self.get(&row.version).is_some()
        };
        self.ledger.rows.iter().filter(ours).map(|row| &row.version)
    }
}

impl Assessed<'_> {
    /// Whether a ledger holds it.
    pub(super) fn is_recorded(&self) -> bool {
        self.row.is_some()
    }

    /// Recorded, and its objects are not there.
    pub(super) fn conflicts(&self) -> bool {
        self.is_recorded() && self.missing()
    }

    /// Not recorded, and its objects are there: somebody else made them.
    pub(super) fn in_place(&self) -> bool {
        !self.is_recorded() && self.problems.is_some() && !self.missing()
    }

    /// Whether others may stand on it.
    pub(super) fn in_effect(&self) -> bool {
        self.in_place() || (self.is_recorded() && !self.missing())
    }

    fn is_pending(&self) -> bool {
        self.state() == MigrationState::Down && !self.in_place()
    }

    /// Whether its up file is not the one that was applied. Without a log, and a sum of sqlx's, nobody can tell.
    pub(super) fn has_changed(&self) -> bool {
        self.applied_sha384().is_some_and(|then| then != self.migration.up.sha384)
    }

    /// The sum of the up file that was applied: by our log, else by sqlx's table.
    pub(super) fn applied_sha384(&self) -> Option<&str> {
        let row = self.row.as_ref()?;
        let logged = self.history.file().map(|file| file.sha384.as_str());
        logged.or(row.sha384.as_deref())
    }

    /// Recorded without having been run here.
    pub(super) fn is_baselined(&self) -> bool {
        self.row.as_ref().is_some_and(|row| row.baselined || self.history.is_baseline())
    }

    /// The newer version that is applied already, where nobody has said that this is right.
    pub(super) fn out_of_order(&self) -> Option<&Version> {
        self.older_than.as_ref().filter(|_| !self.history.order_accepted)
    }

    /// What it is, in one word.
    pub(super) fn state(&self) -> MigrationState {
        if self.partial.is_some() {
            return MigrationState::Partial;
        }
        if self.is_recorded() { self.recorded_state() } else { self.unrecorded_state() }
    }

    fn recorded_state(&self) -> MigrationState {
        match () {
            () if self.missing() => MigrationState::Conflict,
            () if self.has_changed() => MigrationState::Changed,
            () if self.is_baselined() => MigrationState::Baselined,
            () if self.migration.down.is_none() => MigrationState::Irreversible,
            () => MigrationState::Up,
        }
    }

    fn unrecorded_state(&self) -> MigrationState {
        let opt_in = self.migration.up.directives.opt_in;
        match () {
            () if opt_in => MigrationState::OptIn,
            () if self.in_place() => MigrationState::Down,
            () if self.out_of_order().is_some() => MigrationState::OutOfOrder,
            () => MigrationState::Down,
        }
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
