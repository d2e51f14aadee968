//! Running the plan, table after table. What is done stays done: a vacuum that is cancelled harms nothing.

use std::time::Instant;

use sqlx::{Connection, PgConnection};

use super::outcome::{Figures, VacuumOutcome, VacuumedTable};
use super::plan::{VacuumPlan, VacuumStep, plan_vacuum};
use super::watch::Watch;
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// Applies a plan of `plan_vacuum_analyze`.
pub async fn apply_vacuum_analyze(
    database: &Database,
    plan: &VacuumPlan,
    job: &JobContext,
) -> Result<VacuumOutcome> {
    apply_vacuum(database, plan, job).await
}

/// Applies a plan.
pub async fn apply_vacuum(database: &Database, plan: &VacuumPlan, job: &JobContext) -> Result<VacuumOutcome> {
    database.check_writable()?;
    let started = Instant::now();
    // What runs is the plan as it is now: the shown one may have been through many hands since.
    let now = plan_vacuum(database, plan.request.clone()).await?;
    plan.check_same(&now)?;
    let mut worker = database.dedicated().await?;
    let pid = prepare(&mut worker).await?;
    job.watch_backend(pid);
    let tables = run_steps(database, &mut worker, pid, &now, job).await;
    job.forget_backend(pid);
    // The answer is in already; a session that is gone cannot say goodbye.
    let _ = worker.close().await;
    Ok(VacuumOutcome { tables: tables?, elapsed_ms: millis(started) })
}

/// The profile's timeouts are for queries; a vacuum of a large table takes as long as it takes.
async fn prepare(worker: &mut PgConnection) -> Result<i32> {
    let standby: bool = sqlx::query_scalar("select pg_is_in_recovery()").fetch_one(&mut *worker).await?;
    if standby {
        return Err(Error::new(ErrorKind::Refused, "this server is a standby: it cannot vacuum")
            .hint("Connect to the primary: what it cleans, the standby repeats."));
    }
    sqlx::raw_sql("set statement_timeout = 0; set lock_timeout = 0").execute(&mut *worker).await?;
    Ok(sqlx::query_scalar("select pg_backend_pid()").fetch_one(worker).await?)
}

async fn run_steps(
    database: &Database,
    worker: &mut PgConnection,
    pid: i32,
    plan: &VacuumPlan,
    job: &JobContext,
) -> Result<Vec<VacuumedTable>> {
    let mut watch = Watch::open(database, job).await?;
    let total = plan.work().count();
    let (mut done, mut tables) = (0, Vec::new());
    for step in &plan.steps {
        let Some(sql) = &step.sql else {
            tables.push(skipped(step));
            continue;
        };
        done += 1;
        let label = format!("{} ({done} of {total})", step.table.name);
        let outcome = run_step(&mut watch, worker, pid, step, sql, &label, job).await;
        tables.push(outcome.map_err(|error| after(error, &tables))?);
    }
    Ok(tables)
}

async fn run_step(
    watch: &mut Watch<'_>,
    worker: &mut PgConnection,
    pid: i32,
    step: &VacuumStep,
    sql: &str,
    label: &str,
    job: &JobContext,
) -> Result<VacuumedTable> {
    job.check()?;
    let started = Instant::now();
    let before = Figures::read(worker, &step.table).await?;
    job.progress(Progress::phase(format!("{label}: starting")));
    let statement = SafeSql::trusted_file(sql);
    let work = sqlx::raw_sql(statement.to_query()).execute(&mut *worker);
    watch.over(pid, label, work).await.map_err(|error| explain(error, step, job))?;
    let elapsed_ms = millis(started);
    let after = before.read_after(worker, &step.table).await?;
    Ok(VacuumedTable {
        table: step.table.clone(),
        skipped: None,
        dead_before: Some(before.dead),
        dead_after: Some(after.dead),
        bytes_before: Some(before.bytes),
        bytes_after: Some(after.bytes),
        elapsed_ms,
    })
}

fn skipped(step: &VacuumStep) -> VacuumedTable {
    VacuumedTable {
        table: step.table.clone(),
        skipped: step.skip_text.clone(),
        dead_before: None,
        dead_after: None,
        bytes_before: None,
        bytes_after: None,
        elapsed_ms: 0,
    }
}

fn explain(error: Error, step: &VacuumStep, job: &JobContext) -> Error {
    if job.is_cancelled() {
        return JobContext::cancelled_error()
            .hint("What was cleaned so far stays clean; the rest waits for the next time.");
    }
    error.while_doing(&format!("cannot vacuum {}", step.table))
}

fn after(error: Error, tables: &[VacuumedTable]) -> Error {
    let done: Vec<_> =
        tables.iter().filter(|table| table.skipped.is_none()).map(|table| table.table.to_string()).collect();
    if done.is_empty() { error } else { error.detail(format!("Done before it: {}.", done.join(", "))) }
}

fn millis(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}
