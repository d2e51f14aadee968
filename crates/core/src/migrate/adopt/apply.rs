//! Writing the bound versions down: under both migration locks, all rows or none, each with its entry in the log.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::plan::{AdoptPlan, plan_on};
use crate::catalog::fingerprint::quick_fingerprint;
use crate::connection::Database;
use crate::job::JobContext;
use crate::migrate::file::Migration;
use crate::migrate::ledger::{Ledger, Record};
use crate::migrate::lock::{self, Locks};
use crate::migrate::log::{EntryId, Finish, Log, LogOutcome, LogPlace, NewEntry};
use crate::migrate::plan::Direction;
use crate::migrate::session::MigratingSession;
use crate::migrate::{MigrationContext, Version};
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// What adopting came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AdoptOutcome {
    /// Written down as baselined.
    pub bound: Vec<Version>,
    /// Whether our ledger had to be made.
    pub made_ledger: bool,
    /// Where the log of it lies.
    pub log: LogPlace,
}

/// Writes down what a plan of the same context binds.
///
/// # Errors
/// `Refused` where the connection cannot migrate, another session migrates, or our ledger may not be made; `StalePlan`
/// where the plan is not what would be planned now.
pub async fn apply_adopt(
    database: &Database,
    context: &MigrationContext,
    plan: &AdoptPlan,
    job: &JobContext,
) -> Result<AdoptOutcome> {
    let mut session = MigratingSession::open(database).await?;
    job.watch_backend(session.pid);
    let outcome = run_locked(&mut session, database, context, plan, job).await;
    job.forget_backend(session.pid);
    session.close().await;
    outcome
}

async fn run_locked(
    session: &mut MigratingSession,
    database: &Database,
    context: &MigrationContext,
    shown: &AdoptPlan,
    job: &JobContext,
) -> Result<AdoptOutcome> {
    let locks = Locks::both(&session.database);
    lock::acquire(session, &locks, context.patience.migration, job).await?;
    let plan = plan_on(database, session, context).await?;
    check(&plan, shown)?;
    make_ledger(session, &plan.makes_ledger).await?;
    let log = Log::open(session, context).await?;
    let entries = begin_entries(session, context, &plan, &log).await?;
    let written = write(session, context, &log, &entries).await;
    let finish = match &written {
        Ok(()) => Finish::of(LogOutcome::Baselined),
        Err(error) => Finish::failed(error.message()),
    };
    for (id, _) in &entries {
        log.finish(session, *id, &finish).await?;
    }
    written?;
    Ok(AdoptOutcome {
        bound: plan.bound().cloned().collect(),
        made_ledger: !plan.makes_ledger.is_empty(),
        log: log.place(),
    })
}

fn check(plan: &AdoptPlan, shown: &AdoptPlan) -> Result<()> {
    if plan.hash != shown.hash {
        let what = format!(
            "the plan for adopting {} is stale: a version, a file or an object changed since",
            plan.database
        );
        return Err(Error::new(ErrorKind::StalePlan, what)
            .hint("Look at the new plan and apply that one. Nothing was changed."));
    }
    match &plan.blocked {
        Some(why) => Err(Error::new(ErrorKind::Refused, why)),
        None => Ok(()),
    }
}

async fn make_ledger(session: &mut MigratingSession, statements: &[String]) -> Result<()> {
    if statements.is_empty() {
        return Ok(());
    }
    session.begin(0).await?;
    for statement in statements {
        if let Err(error) = session.send(&SafeSql::trusted_file(statement)).await {
            session.rollback().await;
            return Err(error.while_doing("cannot make our ledger"));
        }
    }
    session.commit().await
}

/// An entry for each version, begun before anything is written.
async fn begin_entries<'a>(
    session: &mut MigratingSession,
    context: &'a MigrationContext,
    plan: &AdoptPlan,
    log: &Log,
) -> Result<Vec<(EntryId, &'a Migration)>> {
    let fingerprint = quick_fingerprint(session).await?;
    let mut entries = Vec::new();
    for version in plan.bound() {
        let migration = context.set.require(version)?;
        let mut entry = NewEntry::of(migration, Direction::Up);
        entry.fingerprint_before = Some(fingerprint.clone());
        entries.push((log.begin(session, &entry).await?, migration));
    }
    Ok(entries)
}

async fn write(
    session: &mut MigratingSession,
    context: &MigrationContext,
    log: &Log,
    entries: &[(EntryId, &Migration)],
) -> Result<()> {
    let ledger = Ledger::read(session, context).await?;
    session.begin(0).await?;
    let written = write_in_transaction(session, &ledger, log, entries).await;
    match written {
        Ok(()) => session.commit().await,
        Err(error) => {
            session.rollback().await;
            Err(error)
        }
    }
}

async fn write_in_transaction(
    session: &mut MigratingSession,
    ledger: &Ledger,
    log: &Log,
    entries: &[(EntryId, &Migration)],
) -> Result<()> {
    for (id, migration) in entries {
        ledger.record(session, &Record::baseline(migration)).await?;
        let transaction = session.transaction;
        log.finish_committing(session, transaction, *id, &Finish::of(LogOutcome::Baselined)).await?;
    }
    Ok(())
}
