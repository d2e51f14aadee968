//! What each verb does to a version, and when it does not fit.

use sqlx::PgConnection;

use super::plan::FileWrite;
use super::restore;
use super::{RepairVerb, words};
use crate::migrate::assess::{Assessed, Assessment};
use crate::migrate::ledger::{LedgerRow, Record, Write};
use crate::migrate::log::{LogOutcome, LogPlace, NewEntry};
use crate::migrate::{
    Direction, LedgerPlace, MigrationContext, MigrationRequest, MigrationState, Version, rails,
};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// A repair, ready to be shown or run.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) name: Option<String>,
    pub(super) outcome: String,
    pub(super) request: Option<MigrationRequest>,
    pub(super) prepare: Vec<SafeSql>,
    pub(super) writes: Vec<Write>,
    pub(super) files: Vec<FileWrite>,
    pub(super) notices: Vec<String>,
    /// What is written into the log.
    pub(super) entry: Option<(NewEntry, LogOutcome)>,
}

/// What a verb is applied to.
struct Case<'b, 'a> {
    context: &'b MigrationContext,
    assessment: &'b Assessment<'a>,
    version: &'b Version,
    verb: RepairVerb,
}

/// Chooses.
pub(super) async fn choose(
    session: &mut PgConnection,
    context: &MigrationContext,
    assessment: &Assessment<'_>,
    version: &Version,
    verb: RepairVerb,
) -> Result<Chosen> {
    let case = Case { context, assessment, version, verb };
    let mut chosen = match verb {
        RepairVerb::Resume | RepairVerb::Undo => case.half()?,
        RepairVerb::AcceptChange => case.accept_change()?,
        RepairVerb::AcceptOrder => case.accept_order()?,
        RepairVerb::Forget => case.forget()?,
        RepairVerb::RestoreFile => restore::restore(session, context, case.without_file()?).await?,
        RepairVerb::Strike => case.strike()?,
        RepairVerb::Release => case.release()?,
        RepairVerb::Record => case.record()?,
    };
    if chosen.entry.is_some() {
        chosen.prepare.extend(assessment.ledger.own_schema_statements()?);
    }
    Ok(chosen)
}

impl<'a> Case<'_, 'a> {
    /// The version, where it is in the state that the verb mends.
    fn of_set(&self, fits: impl Fn(&Assessed<'a>) -> bool) -> Result<&Assessed<'a>> {
        let assessed = self.assessment.get(self.version);
        assessed.filter(|assessed| fits(assessed)).ok_or_else(|| self.does_not_fit())
    }

    fn in_state(&self, state: MigrationState) -> Result<&Assessed<'a>> {
        self.of_set(|assessed| assessed.state() == state)
    }

    fn without_file(&self) -> Result<&LedgerRow> {
        let found = self.assessment.without_file().find(|row| row.version == *self.version);
        found.ok_or_else(|| self.does_not_fit())
    }

    fn does_not_fit(&self) -> Error {
        words::does_not_fit(self.version, self.verb, self.assessment.get(self.version))
    }

    fn half(&self) -> Result<Chosen> {
        let assessed = self.in_state(MigrationState::Partial)?;
        if assessed.migration.ruby.is_some() {
            return Err(rails::has_no_statements(assessed.migration, self.verb));
        }
        let version = self.version.clone();
        let (request, outcome) = match self.verb {
            RepairVerb::Resume => (MigrationRequest::Resume { version }, "The statements that are left run."),
            _ => (MigrationRequest::Undo { version }, "What it has left is taken back."),
        };
        Ok(Chosen { request: Some(request), ..of(assessed, outcome) })
    }

    fn accept_change(&self) -> Result<Chosen> {
        self.needs_a_log()?;
        let assessed = self.in_state(MigrationState::Changed)?;
        let outcome = "The file as it is now counts as the one that was applied. Nothing of it is run.";
        let sqlx = self.assessment.ledger.resumming(&Record::baseline(assessed.migration));
        Ok(Chosen {
            writes: sqlx.into_iter().collect(),
            ..decided(assessed, outcome, LogOutcome::AcceptedChange)
        })
    }

    fn accept_order(&self) -> Result<Chosen> {
        self.needs_a_log()?;
        let assessed = self.in_state(MigrationState::OutOfOrder)?;
        let outcome = "The next up applies it with the others, although newer versions are applied already.";
        Ok(decided(assessed, outcome, LogOutcome::AcceptedOrder))
    }

    fn forget(&self) -> Result<Chosen> {
        let row = self.without_file()?;
        let ledger = &self.assessment.ledger;
        if row.place != ledger.place {
            return Err(words::anothers_row(row, ledger.kind));
        }
        ledger.check_usable(self.version)?;
        let name = self.assessment.log.iter().find(|entry| entry.version == *self.version);
        let name = name.map_or_else(String::new, |entry| entry.name.clone());
        let entry = NewEntry::without_file(self.version, &name);
        Ok(Chosen {
            name: Some(name).filter(|name| !name.is_empty()),
            outcome: "Its row is taken out. What it made stays in the database, and no version owns it."
                .to_owned(),
            writes: ledger.striking(self.version)?,
            entry: Some((entry, LogOutcome::Forgotten)),
            ..Chosen::default()
        })
    }

    fn strike(&self) -> Result<Chosen> {
        let assessed = self.in_state(MigrationState::Conflict)?;
        let ledger = &self.assessment.ledger;
        ledger.check_usable(self.version)?;
        let outcome = "Its row is taken out: the version is not applied, and up would run it.";
        let mut chosen = Chosen {
            writes: ledger.striking(self.version)?,
            ..decided(assessed, outcome, LogOutcome::Struck)
        };
        let shared = assessed.row.as_ref().is_some_and(|row| row.place == LedgerPlace::Shared);
        if shared && ledger.place == LedgerPlace::Own {
            chosen.notices.push(words::owner_would_run_it(ledger.kind));
        }
        Ok(chosen)
    }

    fn release(&self) -> Result<Chosen> {
        let shared = |assessed: &Assessed<'_>| {
            assessed.partial.is_none()
                && assessed.row.as_ref().is_some_and(|row| row.place == LedgerPlace::Shared)
        };
        let assessed = self.of_set(shared)?;
        if !self.context.own_schema {
            return Err(words::release_needs_consent(self.version));
        }
        let in_place = !assessed.conflicts();
        let outcome = if in_place {
            "The row in schema_migrations is another migration's and stays. Ours is written down in our own ledger, as a baseline: its objects are there."
        } else {
            "The row in schema_migrations is another migration's and stays. Ours is not applied, and up would run it."
        };
        let write = self.assessment.ledger.releasing(self.version, &assessed.migration.name, in_place);
        Ok(Chosen { writes: vec![write], ..decided(assessed, outcome, LogOutcome::Released) })
    }

    fn record(&self) -> Result<Chosen> {
        let assessed = self.of_set(Assessed::in_place)?;
        let ledger = &self.assessment.ledger;
        ledger.check_usable(self.version)?;
        let outcome = "It is written down as a baseline: its objects are there, and nothing is run.";
        Ok(Chosen {
            prepare: ledger.create()?.into_iter().collect(),
            writes: ledger.recording(&Record::baseline(assessed.migration))?,
            ..decided(assessed, outcome, LogOutcome::Recorded)
        })
    }

    /// A decision that changes no ledger has to be kept somewhere.
    fn needs_a_log(&self) -> Result<()> {
        if self.context.own_schema || self.assessment.log_place != LogPlace::Nowhere {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Refused, "there is no log where this decision could be written down")
            .hint("Consent to the schema evaldesk (--log-schema), or name a folder for the log."))
    }
}

fn of(assessed: &Assessed<'_>, outcome: &str) -> Chosen {
    Chosen { name: Some(assessed.migration.name.clone()), outcome: outcome.to_owned(), ..Chosen::default() }
}

fn decided(assessed: &Assessed<'_>, outcome: &str, logged: LogOutcome) -> Chosen {
    Chosen { entry: Some((NewEntry::of(assessed.migration, Direction::Up), logged)), ..of(assessed, outcome) }
}
