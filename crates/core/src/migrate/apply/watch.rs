//! A second session that looks on while a statement takes its time: who is in its way, how far an index build is.
//!
//! It is opened when the first statement is slow, so that many small migrations cost no second connection. What it
//! cannot see is no failure of the migration's.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use sqlx::PgConnection;

use super::in_the_way::InTheWay;
use super::told::{Build, Telling};
use crate::Result;
use crate::connection::Database;
use crate::job::JobContext;

/// Shorter than any sensible `lock_timeout`, so that whoever was in the way is known when it strikes.
const FIRST_LOOK: Duration = Duration::from_millis(150);
const BETWEEN_LOOKS: Duration = Duration::from_millis(400);

/// The onlooker of one migrating session.
pub(in crate::migrate) struct Watch<'a> {
    database: &'a Database,
    job: &'a JobContext,
    pid: i32,
    session: Option<PgConnection>,
    /// Who was last seen in the way of the statement that runs, or ran last.
    pub(super) seen: Vec<InTheWay>,
}

impl<'a> Watch<'a> {
    pub(in crate::migrate) fn over(database: &'a Database, pid: i32, job: &'a JobContext) -> Self {
        Self { database, job, pid, session: None, seen: Vec::new() }
    }

    /// Who was last seen in the way, if anybody.
    pub(in crate::migrate) fn first_seen(&self) -> Option<String> {
        InTheWay::first(&self.seen)
    }

    /// Runs a statement to its end, and tells meanwhile how it goes.
    pub(in crate::migrate) async fn during<T>(
        &mut self,
        telling: &Telling<'_>,
        work: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        self.seen.clear();
        self.job.progress(telling.begun());
        tokio::pin!(work);
        tokio::select! {
            biased;
            done = &mut work => done,
            never = self.look_on(telling) => match never {},
        }
    }

    async fn look_on(&mut self, telling: &Telling<'_>) -> Infallible {
        let begun = Instant::now();
        tokio::time::sleep(FIRST_LOOK).await;
        loop {
            // A look that fails says nothing; the next one may.
            if let Ok((seen, build)) = self.look().await {
                self.job.progress(telling.running(begun.elapsed(), &seen, build.as_ref()));
                if !seen.is_empty() {
                    self.seen = seen;
                }
            } else {
                self.session = None;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn look(&mut self) -> Result<(Vec<InTheWay>, Option<Build>)> {
        let session = match &mut self.session {
            Some(session) => session,
            none => none.insert(self.database.dedicated().await?),
        };
        let seen = InTheWay::read(session, self.pid).await?;
        Ok((seen, Build::read(session, self.pid).await?))
    }
}
