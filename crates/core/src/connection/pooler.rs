//! A pooler between us and the server: whether there is one, which, and how it hands its sessions on.
//!
//! It is recognised by what it cannot do: a setting that a session begins with reaches a server alone. A server takes any
//! setting whose name has a dot; PgBouncer refuses it, or drops it where `ignore_startup_parameters` says so.

mod mode;

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use super::line::{Line, Way};
use super::open::{open_marked, open_plain};
use super::{ConnectionProfile, cause};
use crate::{Error, ErrorKind, Result};

pub use mode::PoolMode;

/// The setting that marks a session; the value is new each time, so that no pooled session has it by chance.
const LOOK: &str = "evaldesk.look";

/// As `LOOK`, for the session that migrates.
const MARK: &str = "evaldesk.mark";

/// PgBouncer's administration, which it always has, under this name.
const ADMINISTRATION: &str = "pgbouncer";

/// `protocol_violation`: how poolers word whatever they refuse.
const REFUSED_BY_A_POOLER: &str = "08P01";

/// How long it is asked about itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a pooler gives away of itself and of the server behind it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Pooler {
    /// "PgBouncer 1.18.0"
    pub name: Option<String>,
    pub mode: PoolMode,
    /// "10.0.0.7:5432", or "port 5432 of its machine".
    pub server: Option<String>,
}

/// A first session, and what stands behind it.
pub(super) struct First {
    pub(super) session: PgConnection,
    pub(super) way: Way,
    pub(super) pooler: Option<Pooler>,
    /// How long that look took.
    pub(super) looked: Duration,
}

/// Opens the first session of a line, and looks whether it is the server's own.
pub(super) async fn first(line: &Line) -> Result<First> {
    match marked(line, LOOK).await? {
        Ok(Own { session, way, looked }) => Ok(First { session, way, pooler: None, looked }),
        Err(_) => {
            let begun = Instant::now();
            let (pooler, looked) = (Pooler::ask(line).await, begun.elapsed());
            let (session, way) = super::open::open_told(line).await?;
            Ok(First { session, way, pooler: Some(pooler), looked })
        }
    }
}

/// A session that is the server's own.
///
/// # Errors
/// `Refused` where a pooler is in between, with the address behind it as far as it can be known.
pub(super) async fn direct(line: &Line) -> Result<PgConnection> {
    match marked(line, MARK).await? {
        Ok(own) => Ok(own.session),
        Err(InBetween) => Err(Pooler::ask(line).await.refusal(line.profile(), "migrating")),
    }
}

/// A session of the server's own.
struct Own {
    session: PgConnection,
    way: Way,
    looked: Duration,
}

/// A pooler took the mark away.
struct InBetween;

async fn marked(line: &Line, name: &str) -> Result<Result<Own, InBetween>> {
    let mark = uuid::Uuid::now_v7().simple().to_string();
    match open_marked(line, (name, &mark)).await {
        Err(error) if refused_by_a_pooler(&error) => Ok(Err(InBetween)),
        Ok((mut session, way)) => {
            let begun = Instant::now();
            let is_marked = is_marked(&mut session, name, &mark).await;
            let is_marked = is_marked.map_err(|error| cause::explain(error, line.profile()))?;
            Ok(if is_marked { Ok(Own { session, way, looked: begun.elapsed() }) } else { Err(InBetween) })
        }
        Err(error) => Err(error),
    }
}

async fn is_marked(session: &mut PgConnection, name: &str, mark: &str) -> Result<bool, sqlx::Error> {
    // Without a prepared statement: a pooler may send the next message to another session.
    let asked = match name {
        LOOK => "select current_setting('evaldesk.look', true)",
        _ => "select current_setting('evaldesk.mark', true)",
    };
    let row = sqlx::raw_sql(asked).fetch_one(session).await?;
    Ok(row.try_get::<Option<&str>, _>(0)? == Some(mark))
}

fn refused_by_a_pooler(error: &Error) -> bool {
    error.server().is_some_and(|server| server.sqlstate == REFUSED_BY_A_POOLER)
}

impl Pooler {
    /// What cannot be learned is left out: the refusal stands without it.
    async fn ask(line: &Line) -> Self {
        let asked = async {
            let (name, told) = ask_administration(line).await;
            let mode = match told {
                PoolMode::Unknown => mode::watch(line).await,
                told => told,
            };
            Self { name, mode, server: server(line).await.ok() }
        };
        // A pooler whose pool is used up lets a client wait for minutes.
        tokio::time::timeout(PATIENCE, asked).await.unwrap_or_default()
    }

    /// How messages call it.
    pub fn called(&self) -> &str {
        self.name.as_deref().unwrap_or("a connection pooler")
    }

    /// What a tab through it has to know; nothing where a session is the client's own.
    pub fn words(&self) -> Option<String> {
        let mode = match self.mode {
            PoolMode::Session => return None,
            PoolMode::Transaction => "in transaction mode",
            PoolMode::Statement => "in statement mode",
            PoolMode::Unknown => "in a mode that it does not tell, taken for transaction mode",
        };
        Some(format!(
            "Through {} {mode}: each statement is a transaction of its own, and between begin and commit one session of the \
             server is yours. What belongs to a session does not last: settings, temporary tables, LISTEN, session locks, \
             prepared statements.",
            self.called()
        ))
    }

    /// Refuses a pooler that no transaction works through.
    ///
    /// # Errors
    /// `Refused` in statement mode, with the address behind it as far as it can be known.
    pub(super) fn check_transactions(&self, profile: &ConnectionProfile) -> Result<()> {
        if self.mode != PoolMode::Statement {
            return Ok(());
        }
        let message = format!(
            "{} leads to {} in statement mode: no transaction works through it, and nothing of Evaldesk works without one",
            profile.address(),
            self.called()
        );
        Err(Error::new(ErrorKind::Refused, message).hint(self.itself()))
    }

    /// Where the server behind it is, as an advice.
    pub(crate) fn itself(&self) -> String {
        let server = self.server.as_deref().unwrap_or("its host and port, 5432 as a rule");
        format!("Connect to the server itself: {server}.")
    }

    /// What needs a session of its own is not done through it.
    pub(super) fn refusal(&self, profile: &ConnectionProfile, what: &str) -> Error {
        let server = self.server.as_deref().unwrap_or("its host and port, 5432 as a rule");
        Error::new(
            ErrorKind::Refused,
            format!(
                "{} leads to {}, and {what} needs a session of the server's own",
                profile.address(),
                self.called()
            ),
        )
        .hint(format!(
            "Connect to the server itself: {server}. Behind a pooler its locks and settings would be left to whoever gets the session next."
        ))
    }
}

/// A user of its administration may ask; another is refused in words that no server has.
async fn ask_administration(line: &Line) -> (Option<String>, PoolMode) {
    let administration = ConnectionProfile { database: ADMINISTRATION.to_owned(), ..line.profile().clone() };
    let Ok(there) = Line::new(&administration, line.access()) else { return Default::default() };
    match open_plain(&there).await {
        Ok(mut session) => {
            let mode = mode::told(&mut session, &line.profile().database).await;
            (version(&mut session).await, mode)
        }
        Err(error) => (refused_by_a_pooler(&error).then(|| "PgBouncer".to_owned()), PoolMode::Unknown),
    }
}

async fn version(session: &mut PgConnection) -> Option<String> {
    sqlx::raw_sql("show version").fetch_one(session).await.ok()?.try_get(0).ok()
}

/// Where the server behind it listens, as the server says it.
async fn server(line: &Line) -> Result<String> {
    let mut session = open_plain(line).await?;
    let asked = "select host(inet_server_addr()), current_setting('port')";
    let row = sqlx::raw_sql(asked).fetch_one(&mut session).await?;
    let (host, port): (Option<String>, String) = (row.try_get(0)?, row.try_get(1)?);
    Ok(host.map_or_else(|| format!("port {port} of its machine"), |host| format!("{host}:{port}")))
}
