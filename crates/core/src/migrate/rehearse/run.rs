//! Running a plan's statements in a transaction that is rolled back, and measuring after each.
//!
//! All versions share the one transaction, since each stands on those before it. Every statement has a savepoint, so
//! that one that fails for want of a commit does not end the measuring.

use std::time::Instant;

use super::super::apply::{Telling, Watch};
use super::super::session::MigratingSession;
use super::super::{
    Direction, MigrationContext, MigrationPlan, PlannedMigration, PlannedStatement, Rehearsable,
    StatementPurpose, verify,
};
use super::compare::{self, Comparison};
use super::measure::{Measured, Moment};
use super::report::{Agreement, RehearsalRequest, RehearsedOutcome, RehearsedStatement};
use crate::connection::Database;
use crate::job::JobContext;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// A new value of an enum cannot be used before its transaction has ended.
const UNSAFE_NEW_ENUM_VALUE: &str = "55P04";
/// A table with deferred checks outstanding cannot be altered; at a commit they would have been made.
const OBJECT_IN_USE: &str = "55006";

/// What a run came to.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) statements: Vec<RehearsedStatement>,
    pub(super) problems: Vec<String>,
    pub(super) locks_held_ms: u64,
}

/// One that runs a plan.
pub(super) struct Runner<'a> {
    pub(super) session: MigratingSession,
    pub(super) context: &'a MigrationContext,
    pub(super) request: &'a RehearsalRequest,
    pub(super) job: &'a JobContext,
    pub(super) watch: Watch<'a>,
    counts: bool,
    /// How it was before the first statement.
    pub(super) first: Moment,
    /// How it is now.
    pub(super) now: Moment,
    pub(super) run: Run,
}

impl<'a> Runner<'a> {
    /// A session of its own in a database, or why there can be none.
    pub(super) async fn open(
        database: &'a Database,
        context: &'a MigrationContext,
        request: &'a RehearsalRequest,
        job: &'a JobContext,
    ) -> Result<Self> {
        let session = MigratingSession::open(database).await?;
        let watch = Watch::over(database, session.pid, job);
        let (first, now, run) = (Moment::default(), Moment::default(), Run::default());
        Ok(Self { session, context, request, job, watch, counts: true, first, now, run })
    }

    /// Runs everything and takes it back.
    pub(super) async fn rolled_back(&mut self, plan: &MigrationPlan) -> Result<Run> {
        self.session.begin(self.request.lock_timeout_ms).await?;
        let ran = self.in_transaction(plan).await;
        self.session.rollback().await;
        ran.map(|()| std::mem::take(&mut self.run))
    }

    async fn in_transaction(&mut self, plan: &MigrationPlan) -> Result<()> {
        self.look().await?;
        self.begin_from_here().await?;
        let begun = Instant::now();
        for step in &plan.steps {
            self.step(step).await?;
        }
        self.commit_would().await?;
        self.run.locks_held_ms = millis(begun);
        Ok(())
    }

    /// What is there now was there before.
    pub(super) async fn begin_from_here(&mut self) -> Result<()> {
        self.first = self.now.clone();
        let counts = "select current_setting('track_counts')::boolean";
        self.counts = sqlx::query_scalar(counts).fetch_one(&mut *self.session).await?;
        Ok(())
    }

    pub(super) async fn look(&mut self) -> Result<()> {
        let pid = self.session.pid;
        self.now = Moment::read(&mut self.session, pid).await?;
        Ok(())
    }

    async fn step(&mut self, step: &PlannedMigration) -> Result<()> {
        self.settle().await?;
        for at in 0..step.statements.len() {
            self.job.check()?;
            let done = match self.stopped() {
                true => not_run(step, at, RehearsedOutcome::NotReached, None),
                false => self.statement(step, at).await?,
            };
            self.run.statements.push(done);
        }
        if step.direction == Direction::Up && !self.stopped() {
            self.verify(step).await?;
        }
        Ok(())
    }

    /// Every version begins with the settings of the session's beginning, and with the limits of a rehearsal.
    pub(super) async fn settle(&mut self) -> Result<()> {
        self.session.settle(self.request.lock_timeout_ms).await?;
        let limit = SafeSql::new("set statement_timeout = ").number(self.request.statement_timeout_ms.into());
        self.session.send(&limit).await
    }

    /// A failed one ends the run, as it would end the migration.
    pub(super) fn stopped(&self) -> bool {
        self.run.statements.iter().any(|one| one.outcome == RehearsedOutcome::Failed)
    }

    pub(super) async fn statement(
        &mut self,
        step: &PlannedMigration,
        at: usize,
    ) -> Result<RehearsedStatement> {
        let planned = &step.statements[at];
        if let Some(why) = cannot(planned) {
            return Ok(not_run(step, at, RehearsedOutcome::Skipped, Some(why.to_owned())));
        }
        self.session.send(&SafeSql::new("savepoint evaldesk_rehearsal")).await?;
        let begun = Instant::now();
        let mut sent = self.send(step, at).await;
        if let Err(error) = &sent
            && is(error, OBJECT_IN_USE)
        {
            self.back().await?;
            self.session.send(&SafeSql::new("set constraints all immediate")).await?;
            sent = self.send(step, at).await;
        }
        let elapsed = millis(begun);
        match sent {
            Ok(()) => self.ran(step, at, elapsed).await,
            Err(error) => self.broke(step, at, error).await,
        }
    }

    /// By the protocol that takes one statement only: what would smuggle a second one in is refused by the server.
    async fn send(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        let query = sqlx::query(sql.to_query()).persistent(false);
        let sent = async { query.execute(&mut *self.session).await.map(|_| ()).map_err(Error::from) };
        self.watch.during(&Telling { step, at }, sent).await
    }

    async fn back(&mut self) -> Result<()> {
        self.session.send(&SafeSql::new("rollback to savepoint evaldesk_rehearsal")).await
    }

    async fn ran(
        &mut self,
        step: &PlannedMigration,
        at: usize,
        elapsed_ms: u64,
    ) -> Result<RehearsedStatement> {
        self.session.send(&SafeSql::new("release savepoint evaldesk_rehearsal")).await?;
        let before = std::mem::take(&mut self.now);
        self.look().await?;
        let measured = before.until(&self.now, &self.first);
        Ok(measured_statement(step, at, &measured, elapsed_ms, self.counts))
    }

    async fn broke(
        &mut self,
        step: &PlannedMigration,
        at: usize,
        error: Error,
    ) -> Result<RehearsedStatement> {
        self.job.check()?;
        if error.server().is_none() {
            return Err(error.while_doing("the rehearsal broke off"));
        }
        self.back().await?;
        let skipped = self.run.statements.iter().position(|one| one.outcome == RehearsedOutcome::Skipped);
        let note = match self.seen(&error) {
            Some(who) => format!("{}: {who} was in the way", error.message()),
            None => error.message().to_owned(),
        };
        if is(&error, UNSAFE_NEW_ENUM_VALUE) {
            let note =
                format!("{note}. It needs a commit before it, which a rehearsal in a transaction has not");
            return Ok(not_run(step, at, RehearsedOutcome::Depends, Some(note)));
        }
        match skipped {
            Some(skipped) if is_about_names(&error) => {
                let note = format!("{note}. Statement {} was left out, and may have made it", skipped + 1);
                Ok(not_run(step, at, RehearsedOutcome::Depends, Some(note)))
            }
            _ => Ok(not_run(step, at, RehearsedOutcome::Failed, Some(note))),
        }
    }

    fn seen(&self, error: &Error) -> Option<String> {
        if error.kind() == ErrorKind::LockTimeout { self.watch.first_seen() } else { None }
    }

    /// The verify file has the last word here too.
    pub(super) async fn verify(&mut self, step: &PlannedMigration) -> Result<()> {
        let migration = self.context.set.require(&step.version)?;
        self.session.send(&SafeSql::new("savepoint evaldesk_rehearsal")).await?;
        let found = verify::run(&mut self.session, migration).await;
        self.back().await?;
        match found {
            Ok(problems) => {
                let words = problems
                    .into_iter()
                    .map(|one| format!("{} {}: {}", step.version, step.name, one.problem));
                self.run.problems.extend(words);
            }
            Err(error) if error.server().is_some() => self.run.problems.push(error.message().to_owned()),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// What is checked at a commit only is checked now.
    async fn commit_would(&mut self) -> Result<()> {
        if self.stopped() {
            return Ok(());
        }
        match self.session.send(&SafeSql::new("set constraints all immediate")).await {
            Ok(()) => Ok(()),
            Err(error) if error.server().is_some() => {
                self.run.problems.push(format!("at the commit: {}", error.message()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}

/// Why a statement cannot be rehearsed in a transaction.
pub(super) fn cannot(planned: &PlannedStatement) -> Option<&'static str> {
    match planned.rehearsable {
        _ if planned.purpose == StatementPurpose::Rake => Some("it is Ruby, which only rake runs"),
        Rehearsable::InTransaction => None,
        Rehearsable::OnCopy => Some("it cannot run in a transaction; rehearse on a copy to see it run"),
        Rehearsable::Nowhere => {
            Some("it reaches beyond its database, or ends the transaction: nothing would take it back")
        }
    }
}

/// A statement that did not run.
pub(super) fn not_run(
    step: &PlannedMigration,
    at: usize,
    outcome: RehearsedOutcome,
    note: Option<String>,
) -> RehearsedStatement {
    let planned = &step.statements[at];
    RehearsedStatement {
        version: step.version.clone(),
        statement: u32::try_from(at + 1).unwrap_or(u32::MAX),
        sql: planned.sql.clone(),
        line: planned.line,
        outcome,
        note,
        locks: Vec::new(),
        rewrites: Vec::new(),
        scans: None,
        elapsed_ms: 0,
        planned_ms: planned.estimate_ms,
        changes: Vec::new(),
        agreement: Agreement::NotMeasured,
        differences: Vec::new(),
    }
}

/// A statement that ran.
pub(super) fn measured_statement(
    step: &PlannedMigration,
    at: usize,
    measured: &Measured,
    elapsed_ms: u64,
    counts: bool,
) -> RehearsedStatement {
    let planned = &step.statements[at];
    let comparison = Comparison::of(planned, measured, counts);
    let names = |places: &[super::measure::Place]| places.iter().map(|place| place.shown.clone()).collect();
    RehearsedStatement {
        locks: compare::shown(planned, measured),
        rewrites: names(&measured.rewrites),
        scans: counts.then(|| names(&measured.scans)),
        elapsed_ms,
        changes: measured.changes.clone(),
        agreement: comparison.agreement(planned),
        differences: comparison.in_words(),
        ..not_run(step, at, RehearsedOutcome::Ran, None)
    }
}

fn is(error: &Error, sqlstate: &str) -> bool {
    error.server().is_some_and(|server| server.sqlstate == sqlstate)
}

/// A name that is not there, or an index that is not what it should be.
fn is_about_names(error: &Error) -> bool {
    error.server().is_some_and(|server| server.sqlstate.starts_with("42"))
}

pub(super) fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
