//! The session that explains: one of its own, where nothing is kept.
//!
//! Every transaction here ends with a rollback. Reads run in a transaction that may only read, so that a function which
//! writes is stopped by the server too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{Connection as _, Row as _};

use super::asked::{Asked, Message};
use super::stop::ExplainRun;
use crate::connection::Database;
use crate::query::cancel::Backend;
use crate::query::live;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// What a transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    Read,
    Write,
}

/// How a transaction begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begin {
    pub(super) may: May,
    /// 0 is without end.
    pub(super) limit_ms: u32,
    pub(super) without_seq_scan: bool,
}

/// A session that explains.
pub(super) struct Explainer {
    session: PgConnection,
    run: Arc<ExplainRun>,
}

impl Explainer {
    /// Opens it under a mark that a cancel finds it by.
    pub(super) async fn open(database: &Database, run: &Arc<ExplainRun>) -> Result<Self> {
        let mut session = database.dedicated().await?;
        let mark = live::mark(&database.profile().application_name, "plan");
        let sql = SafeSql::new("set application_name = ").literal(&mark).push(include_str!("../live.sql"));
        let row = sqlx::raw_sql(sql.to_query()).fetch_one(&mut session).await?;
        run.reaches(database, Backend { mark, pid: row.try_get(0)?, begun: row.try_get(1)? });
        Ok(Self { session, run: Arc::clone(run) })
    }

    /// The session, for what is read beside the plan.
    pub(super) fn session(&mut self) -> &mut PgConnection {
        &mut self.session
    }

    /// Whether a person has stopped it: then what follows does not begin.
    pub(super) fn was_cancelled(&self) -> bool {
        self.run.was_cancelled()
    }

    /// EXPLAIN's JSON, had in a transaction of its own.
    pub(super) async fn explained(&mut self, begin: Begin, message: &Message) -> Result<String> {
        self.begin(begin, message.force_generic).await?;
        let read = self.last_row(message).await;
        self.end().await?;
        if message.prepares {
            self.forget().await;
        }
        Ok(read?.try_get_unchecked(0)?)
    }

    /// The last row of a message. What it prepared is prepared anew by the next.
    pub(super) async fn last_row(&mut self, message: &Message) -> Result<PgRow> {
        self.run.sends(message.bound.message.as_str())?;
        let mut rows = sqlx::raw_sql(message.bound.message.to_query()).fetch_all(&mut self.session).await?;
        rows.pop().ok_or_else(|| Error::internal("the server sent no plan"))
    }

    /// Forgets what was prepared; where nothing is, there is nothing to forget.
    pub(super) async fn forget(&mut self) {
        let forget = SafeSql::new("deallocate ").ident(&Asked::prepared());
        let _ = sqlx::raw_sql(forget.to_query()).execute(&mut self.session).await;
    }

    /// Begins a transaction on one snapshot.
    pub(super) async fn begin(&mut self, begin: Begin, force_generic: bool) -> Result<()> {
        let may = match begin.may {
            May::Read => "begin isolation level repeatable read, read only",
            // As the user's own would run.
            May::Write => "begin read write",
        };
        let mut sql =
            SafeSql::new(may).push("; set local statement_timeout = ").number(begin.limit_ms.into());
        if begin.without_seq_scan {
            sql = sql.push("; set local enable_seqscan = off");
        }
        if force_generic {
            sql = sql.push("; set local plan_cache_mode = force_generic_plan");
        }
        sqlx::raw_sql(sql.to_query()).execute(&mut self.session).await?;
        Ok(())
    }

    /// Rolls back.
    pub(super) async fn end(&mut self) -> Result<()> {
        sqlx::raw_sql("rollback").execute(&mut self.session).await?;
        Ok(())
    }

    pub(super) async fn close(self) {
        // A session that is gone already is closed too.
        let _ = self.session.close().await;
    }
}

/// A run with an end in sight.
pub(super) struct Limited {
    since: Instant,
    limit: Duration,
}

impl Limited {
    pub(super) fn begin(limit_ms: u32) -> Self {
        Self { since: Instant::now(), limit: Duration::from_millis(limit_ms.into()) }
    }

    /// Whether an error is that the time was up. The server says the same of a cancel by a person, who comes earlier.
    pub(super) fn was_up(&self, error: &Error) -> bool {
        let cancelled = error.server().is_some_and(|server| server.sqlstate == "57014");
        let timed_out = error.kind() == ErrorKind::Cancelled && cancelled;
        timed_out && !self.limit.is_zero() && self.since.elapsed() >= self.limit
    }
}
