//! Running a repair, under the migration locks: what was planned is planned again, and that runs or nothing does.

use super::choose::Chosen;
use super::plan::{FileWrite, RepairPlan, plan_on};
use crate::connection::Database;
use crate::job::JobContext;
use crate::migrate::lock::{self, Locks};
use crate::migrate::log::{EntryId, Finish, Log, LogOutcome, NewEntry};
use crate::migrate::session::MigratingSession;
use crate::migrate::{MigrationContext, new};
use crate::{Error, ErrorKind, Result};

/// Applies a repair that was planned with the same context. `reason` is kept in the log, in the words of who decides.
/// Answers with the entry of the log.
///
/// # Errors
/// `StalePlan` where it is not what would be planned now, `InvalidArguments` for a half that is resumed or undone (which
/// is a migration), `Refused` where another session holds a migration lock.
pub async fn apply_repair(
    database: &Database,
    context: &MigrationContext,
    plan: &RepairPlan,
    reason: Option<&str>,
) -> Result<EntryId> {
    if plan.request.is_some() {
        return Err(Error::new(
            ErrorKind::InvalidArguments,
            format!("{} runs statements: it is planned and applied as a migration", plan.verb),
        )
        .hint("Plan the request that the repair's plan names."));
    }
    let mut session = MigratingSession::open(database).await?;
    let done = run_locked(&mut session, context, plan, reason).await;
    session.close().await;
    done
}

async fn run_locked(
    session: &mut MigratingSession,
    context: &MigrationContext,
    shown: &RepairPlan,
    reason: Option<&str>,
) -> Result<EntryId> {
    let locks = Locks::both(&session.database);
    lock::acquire(session, &locks, context.patience.migration, &JobContext::detached()).await?;
    let (now, chosen) = plan_on(session, context, &shown.version, shown.verb).await?;
    if now.hash != shown.hash {
        return Err(Error::new(
            ErrorKind::StalePlan,
            format!("the repair of {} is stale: a version, a file or the log changed since", now.version),
        )
        .hint("Look at the new plan and apply that one. Nothing was changed."));
    }
    prepare(session, &chosen).await?;
    write_down(session, context, chosen, reason).await
}

async fn prepare(session: &mut MigratingSession, chosen: &Chosen) -> Result<()> {
    if chosen.prepare.is_empty() {
        return Ok(());
    }
    session.begin(0).await?;
    for statement in &chosen.prepare {
        if let Err(error) = session.send(statement).await {
            session.rollback().await;
            return Err(error.while_doing("cannot make the ledger"));
        }
    }
    session.commit().await
}

/// The ledger and the log's entry, together. Files come before: they can be taken away again.
async fn write_down(
    session: &mut MigratingSession,
    context: &MigrationContext,
    chosen: Chosen,
    reason: Option<&str>,
) -> Result<EntryId> {
    let Chosen { entry, writes, files, .. } = chosen;
    let (entry, outcome) = entry.ok_or_else(|| Error::internal("a repair without an entry of the log"))?;
    let entry = NewEntry { note: note(&entry, reason), ..entry };
    let log = Log::open(session, context).await?;
    let id = log.begin(session, &entry).await?;
    let mut done = create(&files);
    if done.is_ok() {
        done = in_one_transaction(session, &log, id, outcome, &writes).await;
    }
    let finish = match &done {
        Ok(()) => Finish::of(outcome),
        Err(error) => {
            session.rollback().await;
            Finish::failed(error.message())
        }
    };
    let logged = log.finish(session, id, &finish).await;
    done?;
    logged?;
    Ok(id)
}

async fn in_one_transaction(
    session: &mut MigratingSession,
    log: &Log,
    id: EntryId,
    outcome: LogOutcome,
    writes: &[crate::migrate::ledger::Write],
) -> Result<()> {
    session.begin(0).await?;
    for write in writes {
        write.run(session).await?;
    }
    let transaction = session.transaction;
    log.finish_committing(session, transaction, id, &Finish::of(outcome)).await?;
    session.commit().await
}

/// All of them or none.
fn create(files: &[FileWrite]) -> Result<()> {
    for (number, file) in files.iter().enumerate() {
        if let Err(error) = new::create(&file.path, &file.text) {
            for made in &files[..number] {
                let _ = std::fs::remove_file(&made.path);
            }
            return Err(error);
        }
    }
    Ok(())
}

fn note(entry: &NewEntry, reason: Option<&str>) -> Option<String> {
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let told: Vec<_> = [reason, entry.note.as_deref()].into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join("; "))
}
