//! How far the server is, in its own words: a phase is shown as it is said, also one that we have never heard of.

use sqlx::PgConnection;

use crate::Result;
use crate::job::Progress;

/// The first major whose server tells how far an analyze is.
const ANALYZE_PROGRESS: i32 = 13;

#[derive(sqlx::FromRow)]
struct Told {
    phase: String,
    done: i64,
    total: i64,
    unit: String,
    relation: String,
}

/// Asks how far a session's vacuum or analyze is; `None` between the two, and before and after.
pub(super) async fn progress(session: &mut PgConnection, major: i32, pid: i32) -> Result<Option<Progress>> {
    let mut told = ask(session, include_str!("progress_vacuum.sql"), pid).await?;
    if told.is_none() && major >= ANALYZE_PROGRESS {
        told = ask(session, include_str!("progress_analyze.sql"), pid).await?;
    }
    Ok(told.map(Told::into_progress))
}

async fn ask(session: &mut PgConnection, sql: &'static str, pid: i32) -> Result<Option<Told>> {
    Ok(sqlx::query_as(sql).bind(pid).fetch_optional(session).await?)
}

impl Told {
    fn into_progress(self) -> Progress {
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        let progress = Progress::phase(self.phase).detail(self.relation);
        // An empty table, and the first moment of any, has no blocks to speak of.
        if self.total > 0 { progress.of(count(self.done), count(self.total), self.unit) } else { progress }
    }
}
