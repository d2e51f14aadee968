//! Running a plan's statements in a transaction that is rolled back, and measuring after each.
//!
//! All versions share the one transaction, since each stands on those before it.

use std::time::Instant;

use super::super::apply::Watch;
use super::super::session::MigratingSession;
use super::super::{Direction, MigrationContext, MigrationPlan, PlannedMigration, verify};
use super::measure::Moment;
use super::rehearsed::not_run;
use super::report::{RehearsalRequest, RehearsedOutcome, RehearsedStatement};
use crate::Result;
use crate::connection::Database;
use crate::job::JobContext;
use crate::sql::SafeSql;

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
    pub(super) counts: bool,
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
        let ran = self.run.statements.iter().rev().take(step.statements.len());
        let whole = ran.into_iter().all(|one| one.outcome == RehearsedOutcome::Ran);
        // What was left out is missing: a verify file would only say that.
        if step.direction == Direction::Up && whole {
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

pub(super) fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
