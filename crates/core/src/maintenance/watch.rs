//! The second session, which watches the one that works: how far it is, who is in its way, and cancel.

use std::future::Future;
use std::time::Duration;

use sqlx::PgConnection;

use super::{blocker, progress};
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::{Error, Result};

const BETWEEN_LOOKS: Duration = Duration::from_millis(300);

/// Watches one server process for one job.
pub(super) struct Watch<'a> {
    session: PgConnection,
    major: i32,
    job: &'a JobContext,
}

impl<'a> Watch<'a> {
    /// Opens the second session. It must never wait long itself.
    pub(super) async fn open(database: &Database, job: &'a JobContext) -> Result<Self> {
        let mut session = database.dedicated().await?;
        sqlx::raw_sql("set statement_timeout = '2s'").execute(&mut session).await?;
        Ok(Self { session, major: database.version().major, job })
    }

    /// Runs the work to its end, and tells how far it is meanwhile. `label` says which table of how many.
    pub(super) async fn over<T>(
        &mut self,
        pid: i32,
        label: &str,
        work: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T> {
        tokio::pin!(work);
        let mut looks = tokio::time::interval(BETWEEN_LOOKS);
        let mut cancelled = false;
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done.map_err(Error::from),
                () = self.job.cancelled(), if !cancelled => cancelled = self.cancel(pid).await,
                _ = looks.tick() => self.look(pid, label).await,
            }
        }
    }

    /// A look that fails is not the work's failure: the next one may succeed.
    async fn look(&mut self, pid: i32, label: &str) {
        let blockers = blocker::blockers(&mut self.session, pid).await.unwrap_or_default();
        if let Some(waits) = blocker::in_words(&blockers) {
            self.job.progress(Progress::phase(format!("{label}: waiting for a lock")).detail(waits));
            return;
        }
        if let Ok(Some(mut told)) = progress::progress(&mut self.session, self.major, pid).await {
            told.phase = format!("{label}: {}", told.phase);
            self.job.progress(told);
        }
    }

    async fn cancel(&mut self, pid: i32) -> bool {
        let asked = sqlx::query("select pg_cancel_backend($1)").bind(pid).execute(&mut self.session).await;
        asked.is_ok()
    }
}
