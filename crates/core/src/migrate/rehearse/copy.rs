//! Rehearsing on a copy: every version runs and is kept there as it would be in the database, what cannot run in a
//! transaction for real.
//!
//! A copy of everything is the server's own (`create database ... template`), which nobody may be connected to
//! meanwhile. A copy of the schema comes out of `pg_dump`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sqlx::PgConnection;

use super::super::{Direction, MigrationPlan, PlannedMigration, Rehearsable};
use super::measure;
use super::rehearsed::{cannot, measured_statement, not_run};
use super::report::{RehearsedOutcome, RehearsedStatement};
use super::run::{Run, Runner, millis};
use crate::connection::Database;
use crate::sql::{LockMode, SafeSql};
use crate::{Error, Result};

/// Between two looks at a statement that runs.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);
/// How long a gate stays shut at most.
const GATE: Duration = Duration::from_secs(2);

impl Runner<'_> {
    /// Runs everything on a copy, and keeps it there.
    pub(super) async fn kept(&mut self, plan: &MigrationPlan, copy: &Database) -> Result<Run> {
        self.look().await?;
        self.begin_from_here().await?;
        let begun = Instant::now();
        for step in &plan.steps {
            let ran = match step.transactional {
                true => self.step_in_transaction(step).await,
                false => self.step_alone(step, copy).await,
            };
            if let Err(error) = ran {
                self.session.rollback().await;
                return Err(error);
            }
        }
        self.run.locks_held_ms = millis(begun);
        Ok(std::mem::take(&mut self.run))
    }

    async fn step_in_transaction(&mut self, step: &PlannedMigration) -> Result<()> {
        self.begin().await?;
        for at in 0..step.statements.len() {
            let done = match self.stopped() {
                true => not_run(step, at, RehearsedOutcome::NotReached, None),
                false => self.statement(step, at).await?,
            };
            self.run.statements.push(done);
        }
        self.end(step).await
    }

    async fn step_alone(&mut self, step: &PlannedMigration, copy: &Database) -> Result<()> {
        for at in 0..step.statements.len() {
            self.job.check()?;
            let planned = &step.statements[at];
            let done = match planned.rehearsable {
                _ if self.stopped() => not_run(step, at, RehearsedOutcome::NotReached, None),
                Rehearsable::Nowhere => {
                    not_run(step, at, RehearsedOutcome::Skipped, cannot(planned).map(str::to_owned))
                }
                Rehearsable::OnCopy => self.for_real(step, at, copy).await?,
                Rehearsable::InTransaction => {
                    self.begin().await?;
                    let done = self.statement(step, at).await?;
                    self.session.commit().await?;
                    done
                }
            };
            self.run.statements.push(done);
        }
        self.begin().await?;
        self.end(step).await
    }

    /// Counts begin anew with every transaction.
    async fn begin(&mut self) -> Result<()> {
        self.session.begin(self.request.lock_timeout_ms).await?;
        self.settle().await?;
        self.look().await
    }

    /// A step that failed goes no further; the copy is thrown away.
    async fn end(&mut self, step: &PlannedMigration) -> Result<()> {
        if self.stopped() {
            self.session.rollback().await;
            return Ok(());
        }
        if step.direction == Direction::Up {
            self.verify(step).await?;
        }
        match self.session.commit().await {
            Ok(()) => Ok(()),
            Err(error) if error.server().is_some() => {
                self.run.problems.push(format!("at the commit: {}", error.message()));
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// What runs outside of any transaction is watched from a session beside it.
    async fn for_real(
        &mut self,
        step: &PlannedMigration,
        at: usize,
        copy: &Database,
    ) -> Result<RehearsedStatement> {
        self.settle().await?;
        self.look().await?;
        let before = std::mem::take(&mut self.now);
        let mut onlooker =
            Onlooker::open(copy, self.session.pid, before.tables(&step.statements[at])).await?;
        let begun = Instant::now();
        let over = AtomicBool::new(false);
        let sql = SafeSql::trusted_file(&step.statements[at].sql);
        let statement = async {
            let sent = self.session.send(&sql).await;
            over.store(true, Ordering::Relaxed);
            sent
        };
        let (sent, locks) = tokio::join!(statement, onlooker.look_on(&over));
        let elapsed = millis(begun);
        self.look().await?;
        match sent {
            Ok(()) => {
                let measured = before.until(&self.now.with_locks(locks?), &self.first);
                Ok(measured_statement(step, at, &measured, elapsed, false))
            }
            Err(error) => self.failed(step, at, error),
        }
    }

    fn failed(&self, step: &PlannedMigration, at: usize, error: Error) -> Result<RehearsedStatement> {
        self.job.check()?;
        match error.server() {
            Some(_) => Ok(not_run(step, at, RehearsedOutcome::Failed, Some(error.message().to_owned()))),
            None => Err(error.while_doing("the rehearsal broke off")),
        }
    }
}

/// A session that sees which locks another takes, also those that it holds for a moment only.
///
/// It shuts a gate first: while it holds the tables itself, the statement has to wait, and what it waits for shows. Then
/// it lets go step by step: last of all of the weak lock of a writer, for which what is built concurrently waits in the
/// middle of its work.
struct Onlooker {
    gate: PgConnection,
    looks: PgConnection,
    pid: i32,
    tables: Vec<String>,
    seen: BTreeMap<i64, BTreeSet<LockMode>>,
}

impl Onlooker {
    async fn open(copy: &Database, pid: i32, tables: Vec<String>) -> Result<Self> {
        let mut opened = Self {
            gate: copy.dedicated().await?,
            looks: copy.dedicated().await?,
            pid,
            tables,
            seen: BTreeMap::new(),
        };
        opened.shut().await?;
        Ok(opened)
    }

    async fn shut(&mut self) -> Result<()> {
        if self.tables.is_empty() {
            return Ok(());
        }
        // As the server itself spelt them.
        let tables = SafeSql::trusted_file(self.tables.join(", "));
        let sql = SafeSql::new("set idle_in_transaction_session_timeout = 0; begin; lock table ")
            .sql(&tables)
            .push(" in row exclusive mode; savepoint writer; lock table ")
            .sql(&tables)
            .push(" in share update exclusive mode; savepoint builder; lock table ")
            .sql(&tables)
            .push(" in access exclusive mode");
        sqlx::raw_sql(sql.to_query()).execute(&mut self.gate).await?;
        Ok(())
    }

    async fn look_on(&mut self, over: &AtomicBool) -> Result<BTreeMap<i64, BTreeSet<LockMode>>> {
        for wider in ["rollback to savepoint builder", "rollback to savepoint writer", "rollback"] {
            self.until_it_waits(over).await?;
            self.open_gate(wider).await?;
        }
        while !over.load(Ordering::Relaxed) {
            self.look().await?;
        }
        Ok(std::mem::take(&mut self.seen))
    }

    async fn open_gate(&mut self, how: &'static str) -> Result<()> {
        if self.tables.is_empty() {
            return Ok(());
        }
        sqlx::raw_sql(how).execute(&mut self.gate).await?;
        Ok(())
    }

    async fn until_it_waits(&mut self, over: &AtomicBool) -> Result<()> {
        let begun = Instant::now();
        while !self.tables.is_empty() && !over.load(Ordering::Relaxed) && begun.elapsed() < GATE {
            let waits = self.look().await?;
            if waits {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Takes in what the other holds and awaits; whether the gate keeps it waiting.
    async fn look(&mut self) -> Result<bool> {
        tokio::time::sleep(BETWEEN_LOOKS).await;
        for (oid, modes) in measure::locks(&mut self.looks, self.pid).await? {
            self.seen.entry(oid).or_default().extend(modes);
        }
        Ok(sqlx::query_scalar("select cardinality(pg_blocking_pids($1)) > 0")
            .bind(self.pid)
            .fetch_one(&mut self.looks)
            .await?)
    }
}
