//! Rehearsing a plan: running it for real where it is taken back, and measuring what it locks, rewrites and reads.
//!
//! Nothing of what the plan predicts is taken on trust here: locks come from `pg_locks`, rewrites from the files of the
//! tables, scans from the server's own count, the schema from its catalogs.

mod compare;
mod copy;
mod kept;
mod measure;
mod place;
mod rehearsed;
mod report;
mod run;
mod schema;
mod statement;
mod words;

use std::time::Instant;

use super::cancel::until_cancelled;
use super::plan::plan_on;
use super::scratch::ScratchDatabase;
use super::{MigrationContext, MigrationPlan};
use crate::connection::Database;
use crate::job::JobContext;
use crate::{Error, ErrorKind, Result};
use run::{Run, Runner};

pub use kept::rehearsals;
pub use place::RehearsalMeans;
pub(super) use place::why_no_copy;
pub use report::{
    Agreement, LongestStatement, Rehearsal, RehearsalPlace, RehearsalRequest, RehearsalSummary,
    RehearsedLock, RehearsedOutcome, RehearsedStatement,
};

/// Rehearses a plan that was made with the same context, and keeps what came of it.
///
/// # Errors
/// `StalePlan` where the plan is not what would be planned now; `Refused` where the connection may not write;
/// `Precondition`, `PermissionDenied` and `Missing` where a copy cannot be made, and why; what made measuring impossible.
/// A statement that fails is no error of the rehearsal: it is what the rehearsal is for.
pub async fn rehearse(
    database: &Database,
    context: &MigrationContext,
    plan: &MigrationPlan,
    request: &RehearsalRequest,
    means: &RehearsalMeans,
    job: &JobContext,
) -> Result<Rehearsal> {
    let (plan, at) = plan_again(database, context, plan).await?;
    let begun = Instant::now();
    let run = match request.place {
        RehearsalPlace::Here => Box::pin(here(database, context, &plan, request, job)).await?,
        place => {
            let copy = place::make(database, place, means, job).await?;
            let run = Box::pin(on_copy(&copy, context, &plan, request, job)).await;
            let removed = copy.remove().await;
            let run = run?;
            removed?;
            run
        }
    };
    let elapsed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let summary = words::summary(&plan, &run, request.place, at, elapsed);
    let notes = words::notes(&plan, &run, request.place);
    kept::keep(&mut *database.pool().acquire().await?, context, &summary).await?;
    Ok(Rehearsal { summary, statements: run.statements, problems: run.problems, notes })
}

async fn here(
    database: &Database,
    context: &MigrationContext,
    plan: &MigrationPlan,
    request: &RehearsalRequest,
    job: &JobContext,
) -> Result<Run> {
    let mut runner = Runner::open(database, context, request, job).await?;
    let pid = runner.session.pid;
    job.watch_backend(pid);
    let run = until_cancelled(database, pid, job, Box::pin(runner.rolled_back(plan))).await;
    job.forget_backend(pid);
    runner.session.close().await;
    run
}

async fn on_copy(
    scratch: &ScratchDatabase,
    context: &MigrationContext,
    plan: &MigrationPlan,
    request: &RehearsalRequest,
    job: &JobContext,
) -> Result<Run> {
    let copy = scratch.open().await?;
    let mut runner = Runner::open(&copy, context, request, job).await?;
    let pid = runner.session.pid;
    let run = until_cancelled(&copy, pid, job, Box::pin(runner.kept(plan, &copy))).await;
    runner.session.close().await;
    copy.close().await;
    run
}

const NOW: &str = "select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";

/// What runs is what would be planned now: SQL never comes back from whoever was shown it. With the time, by the
/// server's clock.
async fn plan_again(
    database: &Database,
    context: &MigrationContext,
    shown: &MigrationPlan,
) -> Result<(MigrationPlan, String)> {
    let mut session = database.pool().acquire().await?;
    let now = plan_on(&mut session, context, shown.request.clone()).await?;
    let at = sqlx::query_scalar(NOW).fetch_one(&mut *session).await?;
    if now.hash == shown.hash {
        return Ok((now, at));
    }
    Err(Error::new(
        ErrorKind::StalePlan,
        format!("the plan for {} is stale: a version, a file or an index changed since", now.database),
    )
    .hint("Look at the new plan and rehearse that one. Nothing was done."))
}
