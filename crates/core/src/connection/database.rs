//! An open database: the profile, its password, and a small pool of prepared sessions.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions, PgSslMode};

use super::open::settle;
use super::options::{connect_options, prepare_session};
use super::{ConnectionProfile, Secret, ServerFacts, parse_url};
use crate::server::ServerVersion;
use crate::{Error, ErrorKind, Result};

/// How long a caller waits for a free session where the profile sets no limit.
const FOR_LONG: Duration = Duration::from_secs(300);

/// An open database. Cloning shares the pool.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    profile: ConnectionProfile,
    secret: Option<Secret>,
    pool: PgPool,
    version: ServerVersion,
}

impl Database {
    /// Opens a database: one plain session first (for the true cause), then the pool.
    ///
    /// # Errors
    /// What `connect` says, and `ServerTooOld` below PostgreSQL 12.
    pub async fn open(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<Self> {
        let (mut session, mode) = settle(profile, secret).await?;
        let version = ServerVersion::read(&mut session).await?;
        version.require_supported()?;
        let pool = pool(profile, secret, mode);
        Ok(Self(Arc::new(Inner { secret: secret.cloned(), pool, version, profile: profile.clone() })))
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
    pub async fn dedicated(&self) -> Result<PgConnection> {
        super::connect(&self.0.profile, self.0.secret.as_ref()).await
    }

    /// The profile it was opened by.
    pub fn profile(&self) -> &ConnectionProfile {
        &self.0.profile
    }

    /// The password it was opened with, for client tools' passfiles.
    pub fn secret(&self) -> Option<&Secret> {
        self.0.secret.as_ref()
    }

    /// The server's version, as it was when the database was opened.
    pub fn version(&self) -> &ServerVersion {
        &self.0.version
    }

    /// What the server says of itself today.
    pub async fn facts(&self, today: chrono::NaiveDate) -> Result<ServerFacts> {
        ServerFacts::read(&mut *self.pool().acquire().await?, today).await
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
        if !self.0.profile.read_only {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Refused, format!("{} is read-only", self.0.profile.name))
            .hint("Edit the connection and lift read-only if you really want to change this database."))
    }

    /// Asks the server to cancel what a session of it is doing. False when that session is gone.
    pub async fn cancel_backend(&self, pid: i32) -> Result<bool> {
        let mut session = self.dedicated().await?;
        Ok(sqlx::query_scalar("select pg_cancel_backend($1)").bind(pid).fetch_one(&mut session).await?)
    }

    /// Closes every pooled session.
    pub async fn close(&self) {
        self.0.pool.close().await;
    }
}

/// Pooled sessions take the way that the first one found open.
fn pool(profile: &ConnectionProfile, secret: Option<&Secret>, mode: PgSslMode) -> PgPool {
    let prepared = profile.clone();
    PgPoolOptions::new()
        .max_connections(profile.pool_size)
        .min_connections(0)
        .idle_timeout(Duration::from_secs(300))
        .acquire_timeout(profile.timeouts.connect_limit().unwrap_or(FOR_LONG))
        .after_connect(move |session, _| {
            let profile = prepared.clone();
            Box::pin(async move { prepare_session(session, &profile).await })
        })
        .connect_lazy_with(connect_options(profile, secret, mode))
}
