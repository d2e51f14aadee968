//! Testing a connection: step by step, on one plain session, with the true cause where it stops.

mod steps;

use std::time::{Duration, Instant};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use super::line::Line;
use super::open::{reach, resolve, within};
use super::pooler::First;
use super::{Access, ConnectionProfile, pooled, pooler};
use crate::server::{ServerVersion, Support};
use crate::{Error, Result};
use steps::Steps;

/// What a test found: steps in order, then the server, or the error that stopped it.
#[derive(Debug)]
pub struct TestReport {
    pub steps: Vec<TestStep>,
    pub server: Option<ServerFacts>,
    pub error: Option<Error>,
    /// What the server's clock said, and when it was read: whoever has a clock holds them beside each other.
    pub clock: Option<(DateTime<Utc>, Instant)>,
}

/// How one step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StepOutcome {
    Ok,
    Attention,
    Failed,
    /// Not reached, since an earlier step failed.
    Skipped,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TestStep {
    /// "Tunnel" (where there is one), "Host", "Reached", "TLS", "Password", "Database", "Version", "Direct".
    pub name: String,
    pub outcome: StepOutcome,
    pub detail: String,
    /// How long it took, in milliseconds; nothing where it was not measured by itself.
    #[serde(default)]
    pub took_ms: Option<f64>,
}

/// What a session learns about its server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ServerFacts {
    pub version: ServerVersion,
    pub support: Support,
    /// A sentence when the major is not, or not for long, mended upstream.
    pub notice: Option<String>,
    pub database: String,
    pub encoding: String,
    pub role: String,
    pub superuser: bool,
    /// Whether the role may make schemas in this database.
    pub may_create: bool,
    /// Installed extensions as "name version".
    pub extensions: Vec<String>,
    /// "TLSv1.3", or nothing for a plain session.
    pub tls: Option<String>,
    /// Whether it is a standby, where nothing can be written.
    pub in_recovery: bool,
    /// The predefined roles that it is a member of and that open what is closed to others; a superuser needs none.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub roles: Vec<String>,
    /// Bytes of the database, where a test asked for them.
    #[serde(default)]
    #[ts(optional, type = "number | null")]
    pub database_bytes: Option<i64>,
    /// How far the server's clock is before ours, in milliseconds, where a test held them beside each other.
    #[serde(default)]
    #[ts(optional, type = "number | null")]
    pub clock_ahead_ms: Option<i64>,
    /// The newest minor that this program knows of, where the server's is older: "17.12".
    #[serde(default)]
    #[ts(optional = nullable)]
    pub newer_minor: Option<String>,
}

impl ServerFacts {
    /// Reads them in one statement; the day decides what is said about the version.
    pub async fn read(session: &mut PgConnection, today: NaiveDate) -> Result<Self> {
        let version = ServerVersion::read(session).await?;
        Ok(Self::of(version, session, today).await?.0)
    }

    /// The rest of them, and the server's clock.
    async fn of(
        version: ServerVersion,
        session: &mut PgConnection,
        today: NaiveDate,
    ) -> Result<(Self, DateTime<Utc>)> {
        let row: FactsRow = sqlx::query_as(include_str!("server_facts.sql")).fetch_one(session).await?;
        let facts = Self {
            support: version.support(today),
            notice: version.notice(today),
            newer_minor: version.newer_minor(),
            version,
            database: row.database,
            encoding: row.encoding,
            role: row.role,
            superuser: row.superuser,
            may_create: row.may_create,
            extensions: row.extensions,
            tls: row.tls,
            in_recovery: row.in_recovery,
            roles: row.roles,
            database_bytes: None,
            clock_ahead_ms: None,
        };
        Ok((facts, row.clock))
    }
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    database: String,
    encoding: String,
    role: String,
    superuser: bool,
    may_create: bool,
    extensions: Vec<String>,
    tls: Option<String>,
    in_recovery: bool,
    clock: DateTime<Utc>,
    roles: Vec<String>,
}

/// How long counting the bytes of a database may take: it looks at every file.
const COUNTING: Duration = Duration::from_secs(2);

/// Tests a connection with one plain session; it never fails itself, the report carries the error.
pub async fn test_connection(profile: &ConnectionProfile, access: &Access, today: NaiveDate) -> TestReport {
    let mut steps = Steps::of(profile);
    match Box::pin(run(&mut steps, profile, access, today)).await {
        Ok((facts, clock)) => {
            TestReport { steps: steps.into_list(), server: Some(facts), error: None, clock: Some(clock) }
        }
        Err(error) => {
            steps.fail(&error);
            TestReport { steps: steps.into_list(), server: None, error: Some(error), clock: None }
        }
    }
}

type Read = (ServerFacts, (DateTime<Utc>, Instant));

async fn run(
    steps: &mut Steps,
    profile: &ConnectionProfile,
    access: &Access,
    today: NaiveDate,
) -> Result<Read> {
    let line = Line::new(profile, access)?;
    if let Some(tunnel) = line.tunnel() {
        steps.begin("Tunnel");
        let way = within(profile, tunnel.open()).await?;
        steps.ok(way.join(", then "));
    }
    steps.begin("Host");
    resolve(&line).await?;
    steps.ok(match line.tunnel() {
        Some(_) => format!("{}, as the SSH server knows it", profile.host),
        None => profile.host.clone(),
    });
    steps.begin("Reached");
    reach(&line).await?;
    steps.ok(profile.address());
    steps.begin_some();
    let mut first = pooler::first(&line).await?;
    let opened = steps.lap();
    steps.pooled(first.pooler.as_ref(), profile)?;
    let (read, took) = Box::pin(read(&mut first, profile, today)).await?;
    let facts = &read.0;
    let (looked, shook) = (milliseconds(first.looked), line.handshake().map(milliseconds));
    let tls = facts.tls.clone().unwrap_or_else(|| "plain, not encrypted".to_owned());
    let encrypted = facts.tls.is_some();
    steps.add("TLS", tls, shook.filter(|_| encrypted));
    let rest = (opened - looked - shook.unwrap_or_default()).max(0.0);
    steps.add("Password", format!("signed in as {}", facts.role), Some(rest));
    steps.add("Database", format!("{}, {}", facts.database, facts.encoding), Some(took.facts));
    steps.version(facts, took.version);
    facts.version.require_supported()?;
    steps.direct(first.pooler.as_ref(), looked);
    Ok(read)
}

/// Milliseconds that parts of a look at the server took.
struct Took {
    version: f64,
    facts: f64,
}

/// On a session that a pooler hands on, inside of a transaction: the driver prepares what it asks.
async fn read(first: &mut First, profile: &ConnectionProfile, today: NaiveDate) -> Result<(Read, Took)> {
    let shared = first.pooler.as_ref().is_some_and(|pooler| pooler.mode.is_shared());
    if shared {
        pooled::enter(&mut first.session, profile).await?;
    }
    let begun = Instant::now();
    let version = ServerVersion::read(&mut first.session).await?;
    let took_version = milliseconds(begun.elapsed());
    let begun = Instant::now();
    let (mut facts, clock) = ServerFacts::of(version, &mut first.session, today).await?;
    let took = Took { version: took_version, facts: milliseconds(begun.elapsed()) };
    // The answer was half of the way back when it was read.
    let read = begun + begun.elapsed() / 2;
    if shared {
        pooled::leave(&mut first.session).await;
    } else {
        facts.database_bytes = bytes(&mut first.session).await;
    }
    Ok(((facts, (clock, read)), took))
}

/// Last, since giving up on it leaves the session in the middle of an answer.
async fn bytes(session: &mut PgConnection) -> Option<i64> {
    let asked = sqlx::query_scalar("select pg_database_size(current_database())").fetch_one(session);
    tokio::time::timeout(COUNTING, asked).await.ok()?.ok()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
