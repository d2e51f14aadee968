//! An open database: the profile, its password, and a small pool of prepared sessions.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, PgPool};

use super::line::Line;
use super::open::{open_plain, prepared, within};
use super::options::prepare_session;
use super::pool::pool;
use super::relay::{self, Relay};
use super::{
    Access, ConnectionProfile, Pooler, Secret, ServerFacts, TlsMode, cause, parse_url, pooled, pooler,
};
use crate::server::ServerVersion;
use crate::sql::SafeSql;
use crate::{Error, ErrorKind, Result};

/// An open database. Cloning shares the pool.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    line: Line,
    pool: PgPool,
    version: ServerVersion,
    pooler: Option<Pooler>,
    /// Where the pool's sessions get their streams, if the driver does not go to the server itself.
    relay: Option<Relay>,
}

impl Database {
    /// Opens a database that needs no tunnel.
    ///
    /// # Errors
    /// As `open_with`.
    pub async fn open(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<Self> {
        Self::open_with(profile, &Access::by_password(secret)).await
    }

    /// Opens a database: one plain session first (for the true cause), then the pool.
    ///
    /// # Errors
    /// What `connect` says, and `ServerTooOld` below PostgreSQL 12.
    pub async fn open_with(profile: &ConnectionProfile, access: &Access) -> Result<Self> {
        let line = Line::new(profile, access)?;
        let mut first = pooler::first(&line).await?;
        first.pooler.as_ref().map_or(Ok(()), |pooler| pooler.check_transactions(profile))?;
        let shared = first.pooler.as_ref().is_some_and(|pooler| pooler.mode.is_shared());
        let version = read_version(&mut first.session, &line, shared).await?;
        version.require_supported()?;
        let relay = match line.is_drivers_own(first.way) {
            true => None,
            false => Some(Relay::open(line.clone(), first.way)?),
        };
        let pool = pool(&line, relay.as_ref().map(Relay::folder), shared);
        Ok(Self(Arc::new(Inner { line, pool, version, pooler: first.pooler, relay })))
    }

    /// Opens a database by URL, for programs and tests.
    pub async fn from_url(url: &str) -> Result<Self> {
        let parsed = parse_url(url)?;
        Self::open(&parsed.profile, parsed.password.as_ref()).await
    }

    /// The pool, for reads that may share sessions.
    pub fn pool(&self) -> &PgPool {
        &self.0.pool
    }

    /// A session of its own with the same settings: for locks, maintenance and progress.
    ///
    /// # Errors
    /// `Refused` where a pooler in between hands sessions on: what is set or locked would be left to a stranger.
    pub async fn dedicated(&self) -> Result<PgConnection> {
        match self.pooler().filter(|pooler| pooler.mode.is_shared()) {
            Some(pooler) => Err(pooler.refusal(self.profile(), "this")),
            None => prepared(&self.0.line).await,
        }
    }

    /// A session of a pooler's that hands the server's on: whatever is sent belongs into a transaction.
    ///
    /// # Errors
    /// What `connect` says.
    pub(crate) async fn lent(&self) -> Result<PgConnection> {
        open_plain(&self.0.line).await
    }

    /// A session for one transaction, and what that has to begin with where the session is a pooler's: the settings of the
    /// profile, which otherwise it has already.
    ///
    /// # Errors
    /// What `connect` says.
    pub(crate) async fn for_transaction(&self) -> Result<(PgConnection, SafeSql)> {
        match self.is_shared() {
            true => Ok((self.lent().await?, pooled::settings(self.profile()))),
            false => Ok((self.dedicated().await?, SafeSql::default())),
        }
    }

    /// A session of its own, straight to the server: for what must not be handed on to somebody else.
    ///
    /// # Errors
    /// `Refused` where a pooler is in between, with the address behind it as far as it can be known.
    pub async fn direct(&self) -> Result<PgConnection> {
        let mut session = pooler::direct(&self.0.line).await?;
        let profile = self.profile();
        within(profile, async {
            prepare_session(&mut session, profile).await.map_err(|error| cause::explain(error, profile))
        })
        .await?;
        Ok(session)
    }

    /// The pooler in between, if there is one.
    pub fn pooler(&self) -> Option<&Pooler> {
        self.0.pooler.as_ref()
    }

    /// Whether a pooler in between may hand a session on after each transaction: then whatever is set on a session,
    /// locked by it or prepared in it is left to a stranger.
    pub fn is_shared(&self) -> bool {
        self.pooler().is_some_and(|pooler| pooler.mode.is_shared())
    }

    /// The profile it was opened by.
    pub fn profile(&self) -> &ConnectionProfile {
        self.0.line.profile()
    }

    /// The profile as client tools are told it: into a tunnel they come by a socket of ours, which lasts as long as this
    /// value and lets in this user alone.
    pub fn profile_of_tools(&self) -> ConnectionProfile {
        let profile = self.profile().clone();
        let Some(relay) = self.0.relay.as_ref().filter(|_| profile.ssh.is_some()) else { return profile };
        ConnectionProfile {
            host: relay.folder().display().to_string(),
            port: relay::PORT,
            tls: TlsMode::Disable,
            tls_root_cert: None,
            ssh: None,
            ..profile
        }
    }

    /// The password it was opened with, for client tools' passfiles.
    pub fn secret(&self) -> Option<&Secret> {
        self.access().password.as_ref()
    }

    /// What it was opened with: another database of the same server takes the same tunnel.
    pub fn access(&self) -> &Access {
        self.0.line.access()
    }

    /// The server's version, as it was when the database was opened.
    pub fn version(&self) -> &ServerVersion {
        &self.0.version
    }

    /// What the server says of itself today.
    pub async fn facts(&self, today: chrono::NaiveDate) -> Result<ServerFacts> {
        self.read(move |session| Box::pin(ServerFacts::read(session, today))).await
    }

    /// Measures one round trip.
    pub async fn ping(&self) -> Result<Duration> {
        let mut session = self.pool().acquire().await?;
        let begun = std::time::Instant::now();
        session.ping().await?;
        Ok(begun.elapsed())
    }

    /// Refuses on a connection that its owner marked read-only.
    pub fn check_writable(&self) -> Result<()> {
        if !self.profile().read_only {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Refused, format!("{} is read-only", self.profile().name))
            .hint("Edit the connection and lift read-only if you really want to change this database."))
    }

    /// Asks the server to cancel what a session of it is doing. False when that session is gone.
    pub async fn cancel_backend(&self, pid: i32) -> Result<bool> {
        let mut session = open_plain(&self.0.line).await?;
        let asked = crate::sql::SafeSql::new("select pg_cancel_backend(").number(pid.into()).push(")");
        // Without a prepared statement, which a pooler may send to another session than its execution.
        let row = sqlx::raw_sql(asked.to_query()).fetch_one(&mut session).await?;
        Ok(sqlx::Row::try_get(&row, 0)?)
    }

    /// Closes every pooled session.
    pub async fn close(&self) {
        self.0.pool.close().await;
    }
}

/// On a session that a pooler hands on, inside of a transaction: the driver prepares what it asks.
async fn read_version(session: &mut PgConnection, line: &Line, shared: bool) -> Result<ServerVersion> {
    within(line.profile(), async {
        if shared {
            let entered = pooled::enter(session, line.profile()).await;
            entered.map_err(|error| cause::explain(error, line.profile()))?;
        }
        let version = ServerVersion::read(session).await?;
        if shared {
            pooled::leave(session).await;
        }
        Ok(version)
    })
    .await
}
