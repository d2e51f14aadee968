//! The two advisory locks of a migrating session: Rails' own, so that rake waits for us and we for it, and ours.
//!
//! They are tried, never waited for: a session that waits inside `pg_advisory_lock` holds a transaction open, and
//! that blocks `create index concurrently` elsewhere for ever. Nobody gives them back but the end of the session.

mod holder;
mod keys;

use std::time::Duration;

use sqlx::PgConnection;
use tokio::time::{Instant, sleep};

use crate::Result;
use crate::job::{JobContext, Progress};

pub use holder::MigrationLockHolder;
pub(super) use keys::Locks;

const BETWEEN_TRIES: Duration = Duration::from_millis(150);

/// Takes the locks of a database on this session, or says who has one.
///
/// They are tried for `patience`, and the holder is shown meanwhile. All or none: what was had while another was not is
/// given back before the next try, so that two who migrate cannot keep each other out.
///
/// # Errors
/// `Refused`, naming the holder.
pub(super) async fn acquire(
    session: &mut PgConnection,
    locks: &Locks,
    patience: Duration,
    job: &JobContext,
) -> Result<()> {
    let until = Instant::now() + patience;
    while let Some(held) = try_all(session, locks).await? {
        job.check()?;
        let holder = holder::read(session, held).await?;
        if Instant::now() >= until {
            return Err(holder::refusal(holder.as_ref(), locks, patience));
        }
        let progress = Progress::phase("waiting for the migration lock");
        job.progress(progress.detail(holder::in_words(holder.as_ref())));
        sleep(BETWEEN_TRIES.min(until - Instant::now())).await;
    }
    Ok(())
}

/// Who holds a migration lock of a session's database now. Nothing is taken, and nobody waited for.
///
/// # Errors
/// What made reading impossible.
pub(super) async fn held_by(session: &mut PgConnection) -> Result<Option<MigrationLockHolder>> {
    let database: String =
        sqlx::query_scalar("select current_database()::text").fetch_one(&mut *session).await?;
    for key in Locks::both(&database).keys() {
        if let Some(holder) = holder::read(session, *key).await? {
            return Ok(Some(holder));
        }
    }
    Ok(None)
}

/// The first key that somebody else holds; nothing is held then.
async fn try_all(session: &mut PgConnection, locks: &Locks) -> Result<Option<i64>> {
    let mut had: Vec<i64> = Vec::new();
    for key in locks.keys() {
        let got: bool =
            sqlx::query_scalar("select pg_try_advisory_lock($1)").bind(key).fetch_one(&mut *session).await?;
        if !got {
            for key in had {
                sqlx::query("select pg_advisory_unlock($1)").bind(key).execute(&mut *session).await?;
            }
            return Ok(Some(*key));
        }
        had.push(*key);
    }
    Ok(None)
}
