//! What runs a plan: the session, the onlooker, and what they share from version to version.

use std::time::{Duration, Instant};

use super::outcome::Ran;
use super::retry::Tries;
use super::told::Telling;
use super::watch::Watch;
use super::words::{self, Stays};
use crate::connection::Database;
use crate::job::JobContext;
use crate::migrate::ledger::{Ledger, Record};
use crate::migrate::session::MigratingSession;
use crate::migrate::{Direction, MigrationContext, PlannedMigration, verify};
use crate::sql::SafeSql;
use crate::{Error, Result};

/// Runs one version after another.
pub(super) struct Runner<'a> {
    pub(super) session: MigratingSession,
    pub(super) context: &'a MigrationContext,
    pub(super) job: &'a JobContext,
    pub(super) watch: Watch<'a>,
    /// When the version was begun that runs.
    begun: Instant,
}

impl<'a> Runner<'a> {
    pub(super) fn new(
        session: MigratingSession,
        database: &'a Database,
        context: &'a MigrationContext,
        job: &'a JobContext,
    ) -> Self {
        let watch = Watch::over(database, session.pid, job);
        Self { session, context, job, watch, begun: Instant::now() }
    }

    /// Runs one version, the way its file asks for.
    pub(super) async fn run(&mut self, step: &PlannedMigration, ledger: &Ledger) -> Result<Ran> {
        self.job.check()?;
        self.begun = Instant::now();
        if step.transactional {
            self.in_one_transaction(step, ledger).await
        } else {
            self.alone(step, ledger).await
        }
    }

    /// Sends one statement, and has it watched.
    pub(super) async fn statement(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        self.job.check()?;
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        self.watch.during(&Telling { step, at }, self.session.send(&sql)).await
    }

    /// The verify file, then the ledger: a version whose objects are not there is not written down.
    pub(super) async fn record(
        &mut self,
        step: &PlannedMigration,
        ledger: &Ledger,
        stays: Stays,
    ) -> Result<()> {
        if step.direction == Direction::Down {
            return ledger.strike(&mut self.session, &step.version).await.map(drop);
        }
        let migration = self.context.set.require(&step.version)?;
        let problems = verify::run(&mut self.session, migration).await?;
        if !problems.is_empty() {
            return Err(words::not_verified(step, &problems, stays));
        }
        ledger.record(&mut self.session, &Record::ran(migration, self.begun.elapsed())).await
    }

    /// Waits for the next try of a statement, or says why there is none.
    pub(super) async fn again(
        &mut self,
        step: &PlannedMigration,
        (at, stays): (usize, Stays),
        error: Error,
        tries: &mut Tries,
    ) -> Result<()> {
        let next = tries.next();
        let pause = match tries.after(error) {
            Ok(pause) => pause,
            Err(error) => {
                return Err(words::broke(error, step, at, stays, Some((tries.made(), &self.watch.seen))));
            }
        };
        self.job.progress(Telling { step, at }.retry(&self.watch.seen, &next, pause));
        self.pause(pause).await
    }

    async fn pause(&self, pause: Duration) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = self.job.cancelled() => self.job.check(),
        }
    }

    /// How long a statement waits for a lock, in the server's milliseconds.
    pub(super) fn lock_timeout(&self) -> u32 {
        u32::try_from(self.context.patience.statement.as_millis()).unwrap_or(u32::MAX)
    }
}
