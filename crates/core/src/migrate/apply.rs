//! Running a plan: one dedicated session, both locks, each version in one transaction with its ledger row.
//!
//! After every up the version's verify file has the last word: in a transaction, a problem takes everything back.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sqlx::{Connection, PgConnection};
use ts_rs::TS;

use super::ledger::{Ledger, Record};
use super::plan::{Direction, MigrationPlan, PlannedMigration, PlannedStatement, plan_on};
use super::{MigrationContext, MigrationSet, Version, lock, verify};
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// A version that went up or down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AppliedMigration {
    pub version: Version,
    pub name: String,
    pub direction: Direction,
    pub statements: u32,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// What a plan came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct MigrationOutcome {
    pub applied: Vec<AppliedMigration>,
    pub created_ledger: bool,
    #[ts(type = "number")]
    pub elapsed_ms: u64,
}

/// Applies a plan that was made with the same context.
pub async fn apply_migrate(
    database: &Database,
    context: &MigrationContext,
    plan: &MigrationPlan,
    job: &JobContext,
) -> Result<MigrationOutcome> {
    database.check_writable()?;
    let mut session = database.dedicated().await?;
    let pid = prepare(&mut session).await?;
    job.watch_backend(pid);
    let outcome = until_cancelled(database, pid, job, run_locked(&mut session, context, plan, job)).await;
    job.forget_backend(pid);
    // The answer is the outcome's: a session that cannot say goodbye has lost its locks all the same.
    let _ = lock::release(&mut session).await;
    let _ = session.close().await;
    outcome
}

/// Cancel must reach a statement that runs, also where no registry watches the job.
async fn until_cancelled<T>(
    database: &Database,
    pid: i32,
    job: &JobContext,
    running: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::pin!(running);
    tokio::select! {
        biased;
        done = &mut running => return done,
        () = job.cancelled() => {}
    }
    // If the server cannot be asked, the job still ends at the next statement.
    let _ = database.cancel_backend(pid).await;
    running.await
}

/// The profile's timeouts are for queries: building an index may take hours. Waiting for a lock may not.
async fn prepare(session: &mut PgConnection) -> Result<i32> {
    let standby: bool = sqlx::query_scalar("select pg_is_in_recovery()").fetch_one(&mut *session).await?;
    if standby {
        return Err(Error::new(
            ErrorKind::Refused,
            "this server is a standby: it only repeats what its primary does",
        )
        .hint("Connect to the primary and migrate there."));
    }
    let settings =
        "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = 0";
    sqlx::raw_sql(settings).execute(&mut *session).await?;
    Ok(sqlx::query_scalar("select pg_backend_pid()").fetch_one(session).await?)
}

async fn run_locked(
    session: &mut PgConnection,
    context: &MigrationContext,
    plan: &MigrationPlan,
    job: &JobContext,
) -> Result<MigrationOutcome> {
    let started = Instant::now();
    job.progress(Progress::phase("waiting for the migration lock"));
    lock::acquire(session, job).await?;
    let plan = plan_again(session, context, plan).await?;
    make_ledger(session, &plan).await?;
    let ledger = Ledger::read(session, context).await?;
    let mut applied = Vec::new();
    for step in &plan.steps {
        let outcome = apply_step(session, &context.set, &ledger, step, job).await;
        applied.push(outcome.map_err(|error| after(error, &applied))?);
    }
    Ok(MigrationOutcome {
        applied,
        created_ledger: plan.create_ledger.is_some(),
        elapsed_ms: millis(started),
    })
}

/// What keeps the ledger, all of it or nothing.
async fn make_ledger(session: &mut PgConnection, plan: &MigrationPlan) -> Result<()> {
    let mut transaction = session.begin().await?;
    if let Some(create) = &plan.create_ledger {
        let made = send(&mut transaction, &create.sql).await;
        made.map_err(|error| error.while_doing("cannot make schema_migrations"))?;
    }
    for statement in &plan.own_schema {
        let made = send(&mut transaction, &statement.sql).await;
        made.map_err(|error| error.while_doing("cannot make the schema evaldesk"))?;
    }
    transaction.commit().await?;
    Ok(())
}

/// The plan as it is now. What runs is this one: the shown one may have been through many hands since.
async fn plan_again(
    session: &mut PgConnection,
    context: &MigrationContext,
    shown: &MigrationPlan,
) -> Result<MigrationPlan> {
    let now = plan_on(session, context, shown.request.clone()).await?;
    if now.hash == shown.hash {
        return Ok(now);
    }
    Err(Error::new(
        ErrorKind::StalePlan,
        format!("the plan for {} is stale: a version, a file or an index changed since", now.database),
    )
    .hint("Look at the new plan and apply that one. Nothing was changed."))
}

async fn apply_step(
    session: &mut PgConnection,
    set: &MigrationSet,
    ledger: &Ledger,
    step: &PlannedMigration,
    job: &JobContext,
) -> Result<AppliedMigration> {
    let started = Instant::now();
    if step.transactional {
        let mut transaction = session.begin().await?;
        sqlx::raw_sql("set local lock_timeout = '3s'").execute(&mut *transaction).await?;
        run_statements(&mut transaction, step, job).await?;
        finish(&mut transaction, set, ledger, step, started.elapsed()).await?;
        job.check()?;
        transaction.commit().await?;
    } else {
        run_statements(session, step, job).await?;
        finish(session, set, ledger, step, started.elapsed()).await?;
    }
    Ok(AppliedMigration {
        version: step.version.clone(),
        name: step.name.clone(),
        direction: step.direction,
        statements: count(step.statements.len()),
        elapsed_ms: millis(started),
    })
}

async fn run_statements(session: &mut PgConnection, step: &PlannedMigration, job: &JobContext) -> Result<()> {
    let total = step.statements.len();
    for (done, statement) in step.statements.iter().enumerate() {
        job.check()?;
        job.progress(progress(step, statement, done, total));
        send(session, &statement.sql).await.map_err(|error| broke(error, step, done))?;
    }
    Ok(())
}

/// The verify file, then the ledger: a version whose objects are not there is not written down.
async fn finish(
    session: &mut PgConnection,
    set: &MigrationSet,
    ledger: &Ledger,
    step: &PlannedMigration,
    elapsed: Duration,
) -> Result<()> {
    match step.direction {
        Direction::Down => ledger.strike(session, &step.version).await.map(drop),
        Direction::Up => {
            let migration = set.require(&step.version)?;
            let problems = verify::run(session, migration).await?;
            match problems.first() {
                None => ledger.record(session, &Record::ran(migration, elapsed)).await,
                Some(first) => Err(not_verified(step, &first.problem, problems.len() - 1)),
            }
        }
    }
}

async fn send(session: &mut PgConnection, sql: &str) -> Result<()> {
    sqlx::raw_sql(SafeSql::trusted_file(sql).to_query()).execute(session).await?;
    Ok(())
}

fn progress(step: &PlannedMigration, statement: &PlannedStatement, done: usize, total: usize) -> Progress {
    let way = if step.direction == Direction::Up { "up" } else { "down" };
    let mut progress = Progress::phase(format!("{} {} {way}", step.version, step.name)).of(
        done as u64,
        total as u64,
        "statements",
    );
    progress.detail = statement.sql.lines().next().map(str::to_owned);
    progress
}

fn not_verified(step: &PlannedMigration, problem: &str, more: usize) -> Error {
    let rest = if more > 0 { format!(" (and {more} more)") } else { String::new() };
    let what = format!("{} {} ran, but is not there: {problem}{rest}", step.version, step.name);
    Error::new(ErrorKind::Precondition, what).hint(kept(step, step.statements.len()))
}

fn broke(error: Error, step: &PlannedMigration, done: usize) -> Error {
    let at = format!("{} {}: statement {} of {}", step.version, step.name, done + 1, step.statements.len());
    let hint = match error.kind() {
        ErrorKind::LockTimeout => format!("Another session holds the lock. {} Try again.", kept(step, done)),
        _ => kept(step, done),
    };
    error.while_doing(&at).hint(hint)
}

/// What stays of a version that broke off after so many statements.
fn kept(step: &PlannedMigration, done: usize) -> String {
    match (step.transactional, done) {
        (true, _) | (false, 0) => "Nothing of it was kept.".to_owned(),
        (false, done) => {
            format!("The {done} statements before it stay, and the version is not recorded: apply it again.")
        }
    }
}

fn after(error: Error, applied: &[AppliedMigration]) -> Error {
    if applied.is_empty() {
        return error;
    }
    let done: Vec<_> = applied.iter().map(|one| format!("{} {}", one.version, one.name)).collect();
    let detail = format!("These versions were finished before it and stay: {}.", done.join(", "));
    let detail = error.detail_text().map_or(detail.clone(), |server| format!("{server} {detail}"));
    error.detail(detail)
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().min(Duration::from_secs(u32::MAX.into())).as_millis()).unwrap_or(u64::MAX)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
