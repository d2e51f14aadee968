//! Running a plan: one dedicated session, both locks, each version in one transaction with its ledger row, or statement
//! by statement where its file says so.
//!
//! After every up the version's verify file has the last word: in a transaction, a problem takes everything back.

mod alone;
mod broke;
mod by_rake;
mod in_the_way;
mod journal;
mod outcome;
mod passed_over;
mod retry;
mod runner;
mod settings;
mod told;
mod trace;
mod transaction;
mod watch;
mod words;

use std::time::{Duration, Instant};

pub(super) use told::Telling;
pub(super) use watch::Watch;

pub use outcome::{AppliedMigration, MigrationOutcome};

use super::MigrationContext;
use super::cancel::until_cancelled;
use super::lock::{self, Locks};
use super::plan::{MigrationPlan, plan_on};
use super::session::MigratingSession;
use crate::connection::Database;
use crate::job::JobContext;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};
use runner::Runner;

/// Applies a plan that was made with the same context.
///
/// # Errors
/// `Refused` where the connection cannot migrate or another session holds a migration lock, `StalePlan` where the plan is
/// not what would be planned now, and what a statement came to.
pub async fn apply_migrate(
    database: &Database,
    context: &MigrationContext,
    plan: &MigrationPlan,
    job: &JobContext,
) -> Result<MigrationOutcome> {
    let mut session = MigratingSession::open(database).await?;
    let pid = session.pid;
    job.watch_backend(pid);
    let running = run_locked(&mut session, database, context, plan, job);
    let outcome = Box::pin(until_cancelled(database, pid, job, running)).await;
    job.forget_backend(pid);
    // The locks go with the session, whatever the outcome.
    session.close().await;
    outcome
}

async fn run_locked(
    session: &mut MigratingSession,
    database: &Database,
    context: &MigrationContext,
    plan: &MigrationPlan,
    job: &JobContext,
) -> Result<MigrationOutcome> {
    let started = Instant::now();
    let locks = locks(session, context);
    lock::acquire(session, &locks, context.patience.migration, job).await?;
    let plan = plan_again(session, context, plan).await?;
    make_ledger(session, &plan).await?;
    let mut runner = Runner::open(session, database, context, job, plan.steps.len()).await?;
    let mut applied = Vec::new();
    for (at, step) in plan.steps.iter().enumerate() {
        let begun = Instant::now();
        let ran =
            runner.run(step, plan.steps.get(at + 1)).await.map_err(|error| words::after(error, &applied))?;
        applied.push(AppliedMigration::of(step, ran, millis(begun.elapsed())));
    }
    Ok(MigrationOutcome {
        applied,
        created_ledger: plan.create_ledger.is_some(),
        elapsed_ms: millis(started.elapsed()),
    })
}

/// rake stops while another holds Rails' lock: for a folder of Ruby only ours is taken.
fn locks(session: &MigratingSession, context: &MigrationContext) -> Locks {
    match context.set.rake() {
        Some(_) => Locks::ours(&session.database),
        None => Locks::both(&session.database),
    }
}

/// What keeps the ledger, all of it or nothing.
async fn make_ledger(session: &mut MigratingSession, plan: &MigrationPlan) -> Result<()> {
    let shared = plan.create_ledger.iter().map(|statement| (statement, "cannot make schema_migrations"));
    let own = plan.own_schema.iter().map(|statement| (statement, "cannot make the schema evaldesk"));
    let all: Vec<_> = shared.chain(own).collect();
    if all.is_empty() {
        return Ok(());
    }
    session.begin(0).await?;
    for (statement, doing) in all {
        let made = session.send(&SafeSql::trusted_file(&statement.sql)).await;
        if let Err(error) = made {
            session.rollback().await;
            return Err(error.while_doing(doing));
        }
    }
    session.commit().await
}

/// The plan as it is now. What runs is this one: the shown one may have been through many hands since.
async fn plan_again(
    session: &mut MigratingSession,
    context: &MigrationContext,
    shown: &MigrationPlan,
) -> Result<MigrationPlan> {
    let now = plan_on(session, context, shown.request.clone()).await?;
    let changed = match now.hash == shown.hash {
        // Nobody was asked about rows that were not there yet.
        true if now.is_destructive() && !shown.is_destructive() => "rows that would die with it are there",
        true => return Ok(now),
        false => "a version, a file, an index, the environment or what dies with it changed",
    };
    Err(Error::new(ErrorKind::StalePlan, format!("the plan for {} is stale: {changed} since", now.database))
        .hint("Look at the new plan and apply that one. Nothing was changed."))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
