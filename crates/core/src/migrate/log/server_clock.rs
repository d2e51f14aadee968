//! The server's clock as one session read it, carried on by this machine's: a line of the log costs no round trip.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::Result;

/// When a session asked for the time, and who it is.
#[derive(Debug, Clone)]
pub(super) struct ServerClock {
    base: DateTime<Utc>,
    asked: Instant,
    /// Who logged in.
    pub(super) user: String,
    /// The session's process.
    pub(super) pid: i32,
}

#[derive(sqlx::FromRow)]
struct Now {
    at: DateTime<Utc>,
    user_name: String,
    pid: i32,
}

impl ServerClock {
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        let now: Now = sqlx::query_as(include_str!("now.sql")).fetch_one(session).await?;
        Ok(Self { base: now.at, asked: Instant::now(), user: now.user_name, pid: now.pid })
    }

    /// Now, in UTC, ISO 8601.
    pub(super) fn at(&self) -> String {
        let passed = TimeDelta::from_std(self.asked.elapsed()).unwrap_or_default();
        (self.base + passed).format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
    }
}
