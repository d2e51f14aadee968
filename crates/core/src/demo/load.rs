//! Sends the history by COPY: one transaction, all or nothing, the generator one batch ahead of the server.
//!
//! Ids are written, not drawn from the sequences, so that a seed gives the same rows again; the lock on the four
//! tables keeps other writers from taking them meanwhile, and the sequences are moved on before the commit.

use std::time::Instant;

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Executor as _};
use tokio::sync::mpsc;

use super::dirt::DirtCount;
use super::history::{Batch, FirstIds, History, NextIds};
use super::options::DemoOptions;
use super::plan::{DemoOutcome, DemoPlan, trends};
use super::target::Target;
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Ident, Result};

/// Locks and settings of the transaction. GIN indexes take a large pending list far faster than single keys, and
/// the VACUUM at the end empties it.
const BEGIN: [&str; 6] = [
    "set local lock_timeout = '15s'",
    "set local statement_timeout = 0",
    "set local idle_in_transaction_session_timeout = 0",
    "set local gin_pending_list_limit = '128MB'",
    "set local work_mem = '128MB'",
    "lock table evaluation_runs, evaluation_spans, evaluation_configurations, evaluation_results in share row exclusive mode",
];
const TABLES: [&str; 4] =
    ["evaluation_runs", "evaluation_spans", "evaluation_configurations", "evaluation_results"];
const VACUUM: [&str; 4] = [
    "vacuum (analyze) evaluation_runs",
    "vacuum (analyze) evaluation_spans",
    "vacuum (analyze) evaluation_configurations",
    "vacuum (analyze) evaluation_results",
];
const TIMES: &str = "created_at, updated_at";

/// Plans and applies in one step.
///
/// # Errors
/// As `plan_demo` and `apply_demo`.
pub async fn load_demo(database: &Database, options: &DemoOptions, job: &JobContext) -> Result<DemoOutcome> {
    let plan = super::plan::plan_demo(database, options).await?;
    apply_demo(database, &plan, job).await
}

/// Loads what was planned. Cancelled or failed, it leaves the tables as they were.
///
/// # Errors
/// `StalePlan` when the tables have another shape by now, `Precondition` when runs have come meanwhile,
/// `LockTimeout` when somebody else writes, `Cancelled`.
pub async fn apply_demo(database: &Database, plan: &DemoPlan, job: &JobContext) -> Result<DemoOutcome> {
    database.check_writable()?;
    let options = &plan.options()?;
    options.check()?;
    let began = Instant::now();
    let mut session = database.dedicated().await?;
    let pid: i32 = sqlx::query_scalar("select pg_backend_pid()").fetch_one(&mut session).await?;
    job.watch_backend(pid);
    let outcome = load(&mut session, options, plan, job).await;
    job.forget_backend(pid);
    let mut outcome =
        if job.is_cancelled() && outcome.is_err() { Err(JobContext::cancelled_error()) } else { outcome }?;
    // Closing is a courtesy: everything is committed.
    let _ = session.close().await;
    outcome.elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(outcome)
}

async fn load(
    session: &mut PgConnection,
    options: &DemoOptions,
    plan: &DemoPlan,
    job: &JobContext,
) -> Result<DemoOutcome> {
    job.progress(Progress::phase("locking the tables"));
    let mut transaction = session.begin().await?;
    for statement in BEGIN {
        transaction.execute(statement).await.map_err(explain_lock)?;
    }
    let target = Target::read(&mut transaction).await?;
    target.check_empty(options.append)?;
    if DemoPlan::new(options, &target).hash != plan.hash {
        return Err(stale());
    }
    let told = tell(&mut transaction, options, &target, job).await?;
    move_sequences(&mut transaction, &target, &told.next).await?;
    job.check()?;
    transaction.commit().await?;
    vacuum(session, job).await?;
    Ok(told.outcome(&target.first, options))
}

/// Copies batch after batch while the next one is being made.
async fn tell(
    session: &mut PgConnection,
    options: &DemoOptions,
    target: &Target,
    job: &JobContext,
) -> Result<Told> {
    let (sender, mut batches) = mpsc::channel::<Batch>(1);
    let mut history = History::new(options.clone(), target.first);
    let generator = tokio::task::spawn_blocking(move || -> Result<History> {
        while let Some(batch) = history.next_batch()? {
            // The other side is gone when the load failed or was cancelled.
            if sender.blocking_send(batch).is_err() {
                break;
            }
        }
        Ok(history)
    });
    let copies = copies(target.renamed);
    let (mut rows, mut bytes) = (0, 0);
    while let Some(batch) = batches.recv().await {
        job.check()?;
        rows += batch.runs.rows() + batch.results.rows();
        bytes += send(session, &copies, batch).await?;
        let total = u64::from(options.runs) + u64::from(options.results);
        job.progress(Progress::phase("copying rows").of(rows, total, "rows"));
    }
    let history =
        generator.await.map_err(|error| Error::internal(format!("the generator stopped: {error}")))??;
    Ok(Told { next: history.next_ids(), dirt: history.tally().counts(), bytes })
}

async fn send(session: &mut PgConnection, copies: &[SafeSql; 4], batch: Batch) -> Result<u64> {
    let mut bytes = 0;
    for (copy, rows) in copies.iter().zip([batch.runs, batch.spans, batch.configurations, batch.results]) {
        if rows.rows() == 0 {
            continue;
        }
        let text = rows.into_bytes();
        bytes += text.len() as u64;
        let mut sink = session.copy_in_raw(copy.as_str()).await?;
        sink.send(text).await?;
        sink.finish().await?;
    }
    Ok(bytes)
}

async fn move_sequences(session: &mut PgConnection, target: &Target, next: &NextIds) -> Result<()> {
    let last = [next.runs, next.spans, next.configurations, next.results].map(|next| next - 1);
    let first = [target.first.runs, target.first.spans, target.first.configurations, target.first.results];
    for ((sequence, last), first) in target.sequences.iter().zip(last).zip(first) {
        let Some(sequence) = sequence.as_ref().filter(|_| last >= first) else { continue };
        sqlx::query("select setval($1::text::regclass, $2)")
            .bind(sequence)
            .bind(last)
            .execute(&mut *session)
            .await?;
    }
    Ok(())
}

async fn vacuum(session: &mut PgConnection, job: &JobContext) -> Result<()> {
    // The profile's limit is for reads; a million rows take longer, and cut short they would stay without statistics.
    session.execute("set statement_timeout = 0").await?;
    for (done, statement) in (0..).zip(VACUUM) {
        job.progress(Progress::phase("updating statistics").of(done, 4, "tables"));
        // The rows are committed: a cancel from here on must not say that nothing was loaded.
        if job.is_cancelled() {
            return Ok(());
        }
        match session.execute(statement).await.map_err(Error::from) {
            Err(error) if error.kind() != ErrorKind::Cancelled => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

struct Told {
    next: NextIds,
    dirt: Vec<DirtCount>,
    bytes: u64,
}

impl Told {
    fn outcome(self, first: &FirstIds, options: &DemoOptions) -> DemoOutcome {
        let count = |next: i64, first: i64| (next - first).unsigned_abs();
        DemoOutcome {
            runs: count(self.next.runs, first.runs),
            configurations: count(self.next.configurations, first.configurations),
            results: count(self.next.results, first.results),
            spans: count(self.next.spans, first.spans),
            bytes: self.bytes,
            elapsed_ms: 0,
            dirt: self.dirt,
            trends: trends(options),
        }
    }
}

/// The COPY of each table, in the order in which they refer to each other.
fn copies(renamed: bool) -> [SafeSql; 4] {
    let changes = Ident::new(if renamed { "configuration_changes" } else { "changes" });
    [
        copy(
            0,
            SafeSql::new(
                "id, name, description, status, baseline_span_id, initiated_by, metadata, started_at, completed_at, ",
            ),
        ),
        copy(
            1,
            SafeSql::new(
                "id, span_id, trace_id, parent_span_id, span_type, span_data, source, evaluation_run_id, ",
            ),
        ),
        copy(
            2,
            SafeSql::new("id, evaluation_run_id, name, configuration_type, ")
                .ident(&changes)
                .push(", execution_order, metadata, "),
        ),
        copy(
            3,
            SafeSql::new("id, evaluation_run_id, evaluation_configuration_id, result_span_id, status, ")
                .push("token_metrics, latency_metrics, accuracy_metrics, structural_metrics, ai_comparison, ")
                .push("ai_comparison_status, statistical_analysis, custom_metrics, baseline_comparison, ")
                .push("error_message, error_backtrace, completed_at, "),
        ),
    ]
}

fn copy(table: usize, columns: SafeSql) -> SafeSql {
    SafeSql::new("copy ")
        .ident(&Ident::new(TABLES[table]))
        .push(" (")
        .sql(&columns)
        .push(TIMES)
        .push(") from stdin")
}

/// Everything that a load sends, for the plan.
pub(super) fn statements(target: &Target) -> Vec<String> {
    let mut all: Vec<String> = BEGIN.iter().map(|&text| text.to_owned()).collect();
    all.extend(copies(target.renamed).iter().map(SafeSql::to_string));
    all.push("select setval(..., ...)".to_owned());
    all.push("commit".to_owned());
    all.extend(VACUUM.iter().map(|&text| text.to_owned()));
    all
}

fn explain_lock(error: sqlx::Error) -> Error {
    let error = Error::from(error);
    if error.kind() != ErrorKind::LockTimeout {
        return error;
    }
    error.while_doing("cannot lock the evaluation tables").hint(
        "Somebody writes to them, or an earlier load is still being rolled back: try again in a minute.",
    )
}

fn stale() -> Error {
    Error::new(
        ErrorKind::StalePlan,
        "the plan is stale: the evaluation tables have changed since it was made",
    )
    .hint("Plan the load again.")
}
