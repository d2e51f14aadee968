//! What became of runs without an end: is somebody still at it, and if not, what stayed.

use std::collections::HashSet;

use sqlx::PgConnection;

use super::{Finish, LogEntry, LogOutcome};
use crate::Result;
use crate::migrate::lock::Locks;

/// Marks the open entries whose runner is gone. A runner holds our advisory lock for as long as it lives.
pub(super) async fn mark_interrupted(session: &mut PgConnection, entries: &mut [LogEntry]) -> Result<()> {
    if entries.iter().all(|entry| entry.outcome != LogOutcome::Running) {
        return Ok(());
    }
    let database: String =
        sqlx::query_scalar("select current_database()::text").fetch_one(&mut *session).await?;
    let ours = Locks::ours(&database);
    let alive: Vec<i32> =
        sqlx::query_scalar(include_str!("runners.sql")).bind(ours.keys()).fetch_all(session).await?;
    let alive: HashSet<i32> = alive.into_iter().collect();
    for entry in entries.iter_mut().filter(|entry| entry.outcome == LogOutcome::Running) {
        entry.interrupted = entry.backend_pid.is_none_or(|pid| !alive.contains(&pid));
    }
    Ok(())
}

/// The end of an entry that broke off without one.
pub(super) fn end_of(entry: &LogEntry) -> Finish {
    let (done, total) = (entry.statements_done, entry.statements_total);
    Finish::failed(match (entry.transactional, entry.statement_open) {
        (true, _) => "the run broke off before its commit: nothing of it was kept".to_owned(),
        (false, None) => format!("the run broke off after statement {done} of {total}"),
        (false, Some(open)) => {
            format!("the run broke off in statement {} of {total}: only the catalog knows its end", open + 1)
        }
    })
}
