//! Carrying one statement: into a transaction of its own and out of it, or along in the user's.

use tokio::sync::MutexGuard;

use sqlx::Row as _;

use crate::connection::{AS_AT_LOGIN, ConnectionProfile};
use crate::query::live::Live;
use crate::query::run::Work;
use crate::query::session::QuerySession;
use crate::query::state::TransactionState;
use crate::query::transaction;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// The driver's own time zone for every session.
const TIME_ZONE: &str = "UTC";

/// What a tab knows of a session that is only lent to it.
#[derive(Debug)]
pub(in crate::query) struct Lent {
    settings: SafeSql,
    /// Whether a transaction of the user's is open: until it ends the server's session is theirs.
    pub(in crate::query) held: bool,
}

/// How a statement is carried.
pub(in crate::query) enum Entered<'a> {
    /// As it stands.
    Bare,
    /// In a transaction that was begun for it.
    Begun,
    /// It ends the user's transaction. While it does nothing else is asked to stop: the session would be another's.
    Ends(#[expect(dead_code, reason = "held until the statement is over")] MutexGuard<'a, ()>),
}

impl Lent {
    /// The settings of a session of ours, for each transaction anew.
    pub(in crate::query) fn new(
        profile: &ConnectionProfile,
        mark: &str,
        idle_ms: i64,
        as_bytes: bool,
    ) -> Self {
        let settings = SafeSql::new(AS_AT_LOGIN)
            .push("set local application_name = ")
            .literal(mark)
            .push("; set local datestyle = 'ISO, MDY'; set local intervalstyle = 'postgres'; set local timezone = ")
            .literal(TIME_ZONE)
            .push("; set local statement_timeout = ")
            .number(profile.timeouts.statement_ms.into())
            .push("; set local lock_timeout = ")
            .number(profile.timeouts.lock_ms.into())
            .push("; set local idle_in_transaction_session_timeout = ")
            .number(idle_ms);
        let settings = match as_bytes {
            true => settings.push("; set local client_encoding = 'SQL_ASCII'"),
            false => settings,
        };
        Self { settings, held: false }
    }
}

impl Live {
    /// Sees to it that a statement leaves nothing behind: on a session of the server's own there is nothing to do.
    ///
    /// # Errors
    /// What the server says to a `begin`.
    pub(in crate::query) async fn enter<'a>(
        &mut self,
        session: &'a QuerySession,
        verb: &str,
        read_only: bool,
    ) -> Result<Entered<'a>> {
        let Some(lent) = &self.lent else { return Ok(Entered::Bare) };
        if lent.held && matches!(verb, "COMMIT" | "ROLLBACK") {
            return Ok(Entered::Ends(session.stopping.lock().await));
        }
        if lent.held || is_for_transactions(verb) {
            return Ok(Entered::Bare);
        }
        let begin = SafeSql::new(if read_only { "begin read only; " } else { "begin; " }).sql(&lent.settings);
        let asked = begin.push("; select pg_backend_pid()");
        match sqlx::raw_sql(asked.to_query()).fetch_one(&mut self.connection).await {
            Ok(row) => self.lent_is(session, Some(row.try_get(0)?)),
            Err(error) => {
                let _ = sqlx::raw_sql("rollback").execute(&mut self.connection).await;
                return Err(error.into());
            }
        }
        Ok(Entered::Begun)
    }

    /// The other end of `enter`: what was done is kept, or taken back.
    ///
    /// # Errors
    /// How the statement ended; and where that was well, what the server says to the `commit`.
    pub(in crate::query) async fn leave(
        &mut self,
        session: &QuerySession,
        work: &Work,
        entered: Entered<'_>,
        verb: &str,
        ended: Result<()>,
    ) -> Result<()> {
        match entered {
            Entered::Begun => {
                // A cancel on its way now would meet whoever gets the session next.
                let _stopping = session.stopping.lock().await;
                let left = tokio::select! {
                    biased;
                    left = self.end_begun(ended.is_ok()) => left,
                    () = work.abandoned.cancelled() => Err(given_up()),
                };
                self.lent_is(session, None);
                ended.and(left)
            }
            Entered::Bare | Entered::Ends(_) => {
                let followed = self.follow(verb, ended.is_ok(), work.read_only).await;
                ended.and(followed)
            }
        }
    }

    async fn end_begun(&mut self, keep: bool) -> Result<()> {
        use sqlx::Connection as _;
        // What describing an empty result has prepared.
        self.connection.clear_cached_statements().await?;
        // A transaction that failed beside the statement would answer a commit with a rollback, and not as an error.
        let sql = if keep { "select; commit" } else { "rollback" };
        match sqlx::raw_sql(sql).execute(&mut self.connection).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let _ = sqlx::raw_sql("rollback").execute(&mut self.connection).await;
                Err(error.into())
            }
        }
    }

    /// Keeps up with the user's own transaction, and gives it what a session of ours begins with.
    async fn follow(&mut self, verb: &str, ok: bool, read_only: bool) -> Result<()> {
        let Some(lent) = &mut self.lent else { return Ok(()) };
        let begins = matches!(verb, "BEGIN" | "START TRANSACTION");
        if begins && (!ok || lent.held) || !begins && !matches!(verb, "COMMIT" | "ROLLBACK" | "PREPARE") {
            return Ok(());
        }
        // A question would take the new transaction's snapshot, and with it the choice of its isolation level.
        let (held, settings) = match begins {
            true => (true, lent.settings.clone()),
            false => {
                let state = transaction::ask(&mut self.connection).await?.0;
                (state != TransactionState::None, lent.settings.clone())
            }
        };
        self.hold(held);
        if begins || held && !self.is_marked().await? {
            let begin = SafeSql::new(if read_only { "set transaction read only; " } else { "" });
            sqlx::raw_sql(begin.sql(&settings).to_query()).execute(&mut self.connection).await?;
        }
        Ok(())
    }

    /// Whether the open transaction has our settings: one that a `commit and chain` began has none. One that failed takes
    /// nothing but its end.
    async fn is_marked(&mut self) -> Result<bool> {
        let asked = sqlx::raw_sql("show application_name").fetch_one(&mut self.connection).await;
        match asked.map_err(Error::from) {
            Ok(row) => Ok(row.try_get::<&str, _>(0)? == self.backend.mark),
            Err(error) if error.server().is_some_and(|server| server.sqlstate == "25P02") => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Before something is asked beside the statement: when that fails, the statement's transaction must not.
    pub(in crate::query) async fn begin_look(&mut self) -> bool {
        let savepoint = sqlx::raw_sql("savepoint evaldesk_look");
        self.lent.is_some() && savepoint.execute(&mut self.connection).await.is_ok()
    }

    /// After it.
    pub(in crate::query) async fn end_look(&mut self, begun: bool) {
        if begun {
            let back = "rollback to evaldesk_look; release evaldesk_look";
            let _ = sqlx::raw_sql(back).execute(&mut self.connection).await;
        }
    }

    /// Whether a transaction of the user's has the server's session.
    pub(in crate::query) fn hold(&mut self, held: bool) {
        if let Some(lent) = &mut self.lent {
            lent.held = held;
        }
    }

    /// Which process of the server has it now.
    fn lent_is(&mut self, session: &QuerySession, pid: Option<i32>) {
        self.backend.pid = pid.unwrap_or_default();
        session.board.send_modify(|board| board.pid = pid);
    }
}

/// What is sent as it stands also where no transaction is open: the server then says what it says to everybody.
fn is_for_transactions(verb: &str) -> bool {
    matches!(
        verb,
        "BEGIN"
            | "START TRANSACTION"
            | "COMMIT"
            | "ROLLBACK"
            | "SAVEPOINT"
            | "RELEASE"
            | "PREPARE"
            | "SET"
            | "LOCK TABLE"
            | "DECLARE CURSOR"
    )
}

fn given_up() -> Error {
    Error::new(ErrorKind::ConnectionRefused, "the server does not answer any more")
}
