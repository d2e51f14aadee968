//! What runs a plan: the session, the onlooker, and what they share from version to version.

use std::time::{Duration, Instant};

use super::broke::Broke;
use super::journal::Journal;
use super::outcome::Ran;
use super::retry::Tries;
use super::settings;
use super::told::Telling;
use super::watch::Watch;
use super::words::{self, Stays};
use crate::connection::Database;
use crate::job::JobContext;
use crate::migrate::ledger::{Ledger, Record, Write};
use crate::migrate::session::MigratingSession;
use crate::migrate::{Direction, MigrationContext, PlannedMigration, verify};
use crate::sql::SafeSql;
use crate::{Error, Result};

/// Runs one version after another, under the locks.
pub(super) struct Runner<'a> {
    pub(super) session: &'a mut MigratingSession,
    pub(super) database: &'a Database,
    pub(super) context: &'a MigrationContext,
    pub(super) job: &'a JobContext,
    pub(super) watch: Watch<'a>,
    pub(super) journal: Journal,
    /// What the version that runs passed over.
    pub(super) passed_over: Vec<String>,
    ledger: Ledger,
    /// Whether the version after the one that runs is in one transaction.
    begins_next: bool,
    /// Whether rake was seen to work on this database.
    pub(super) rake_is_here: bool,
    /// When the version was begun that runs.
    begun: Instant,
}

impl<'a> Runner<'a> {
    pub(super) async fn open(
        session: &'a mut MigratingSession,
        database: &'a Database,
        context: &'a MigrationContext,
        job: &'a JobContext,
        versions: usize,
    ) -> Result<Self> {
        let watch = Watch::over(database, session.pid, job);
        let ledger = Ledger::read(session, context).await?;
        let journal = Journal::open(session, context, versions).await?;
        Ok(Self {
            session,
            database,
            context,
            job,
            watch,
            journal,
            passed_over: Vec::new(),
            ledger,
            begins_next: false,
            rake_is_here: false,
            begun: Instant::now(),
        })
    }

    /// Runs one version, the way its file asks for, and writes down what came of it; `next` is the one after it.
    pub(super) async fn run(
        &mut self,
        step: &PlannedMigration,
        next: Option<&PlannedMigration>,
    ) -> Result<Ran> {
        self.job.check()?;
        self.begins_next = next.is_some_and(|next| next.transactional && !next.is_by_rake());
        self.begun = Instant::now();
        self.journal.begin(self.session, self.context, step).await?;
        let ran = match step.transactional {
            _ if step.is_by_rake() => self.by_rake(step).await,
            true => self.in_one_transaction(step).await,
            false => self.alone(step).await,
        };
        if let Err(error) = &ran {
            self.journal.failed(self.session, error).await;
        }
        let passed_over = std::mem::take(&mut self.passed_over);
        ran.map(|ran| Ran { passed_over, ..ran })
    }

    /// Sends one statement bare, and has it watched.
    pub(super) async fn bare(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        self.job.check()?;
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        self.watch.during(&Telling { step, at }, self.session.send(&sql)).await?;
        self.keep_up(step, at).await
    }

    /// Sends one statement in a transaction, has it watched, and notes its locks.
    pub(super) async fn traced(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        self.job.check()?;
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        let number = words::number(step, at);
        let work = self.journal.trace.send(self.session, &sql, number);
        self.watch.during(&Telling { step, at }, work).await?;
        self.keep_up(step, at).await
    }

    /// The driver would go on to use what a statement has taken away.
    async fn keep_up(&mut self, step: &PlannedMigration, at: usize) -> Result<()> {
        if settings::discards(&step.statements[at].sql) {
            self.session.forget_prepared().await?;
        }
        Ok(())
    }

    /// The verify file, the log, then the ledger with the commit: a version whose objects are not there is not written
    /// down.
    pub(super) async fn conclude(&mut self, step: &PlannedMigration, stays: Stays) -> Result<(), Broke> {
        self.verify(step, stays).await?;
        let outside = |error| Broke::Outside("cannot record it", error);
        let finish = self.journal.committing(self.session).await.map_err(outside)?;
        let writes = self.writes(step).map_err(outside)?;
        self.job.check().map_err(Broke::Told)?;
        // A log in the database begins its entry outside of any transaction.
        let next = self.begins_next && !self.journal.is_in_the_database();
        let next = next.then(|| self.lock_timeout());
        self.session.commit_with(&writes, next).await?;
        self.journal.done(self.session, &finish).await.map_err(Broke::Told)
    }

    async fn verify(&mut self, step: &PlannedMigration, stays: Stays) -> Result<(), Broke> {
        if step.direction == Direction::Down {
            return Ok(());
        }
        let looked = match self.context.set.require(&step.version) {
            Ok(migration) => verify::run(self.session, migration).await,
            Err(error) => Err(error),
        };
        match looked {
            Ok(problems) if problems.is_empty() => Ok(()),
            Ok(problems) => Err(Broke::Told(words::not_verified(step, &problems, stays))),
            Err(error) => Err(Broke::Outside("cannot record it", error)),
        }
    }

    fn writes(&self, step: &PlannedMigration) -> Result<Vec<Write>> {
        match step.direction {
            Direction::Down => self.ledger.striking(&step.version),
            Direction::Up => {
                let migration = self.context.set.require(&step.version)?;
                self.ledger.recording(&Record::ran(migration, self.begun.elapsed()))
            }
        }
    }

    /// Waits for the next try of a statement, or says why there is none.
    pub(super) async fn again(
        &mut self,
        step: &PlannedMigration,
        (at, stays): (usize, Stays),
        error: Error,
        tries: &mut Tries,
    ) -> Result<()> {
        if self.journal.trace.forgets(&error) {
            return self.session.forget_prepared().await;
        }
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
