//! Testing a connection: step by step, on one plain session, with the true cause where it stops.

mod steps;

use chrono::NaiveDate;
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
}

impl ServerFacts {
    /// Reads them in one statement; the day decides what is said about the version.
    pub async fn read(session: &mut PgConnection, today: NaiveDate) -> Result<Self> {
        let version = ServerVersion::read(session).await?;
        let row: FactsRow = sqlx::query_as(include_str!("server_facts.sql")).fetch_one(session).await?;
        Ok(Self {
            support: version.support(today),
            notice: version.notice(today),
            version,
            database: row.database,
            encoding: row.encoding,
            role: row.role,
            superuser: row.superuser,
            may_create: row.may_create,
            extensions: row.extensions,
            tls: row.tls,
            in_recovery: row.in_recovery,
        })
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
}

/// Tests a connection with one plain session; it never fails itself, the report carries the error.
pub async fn test_connection(profile: &ConnectionProfile, access: &Access, today: NaiveDate) -> TestReport {
    let mut steps = Steps::of(profile);
    let (server, error) = match Box::pin(run(&mut steps, profile, access, today)).await {
        Ok(facts) => (Some(facts), None),
        Err(error) => {
            steps.fail(&error);
            (None, Some(error))
        }
    };
    TestReport { steps: steps.into_list(), server, error }
}

async fn run(
    steps: &mut Steps,
    profile: &ConnectionProfile,
    access: &Access,
    today: NaiveDate,
) -> Result<ServerFacts> {
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
    let facts = read(&mut first, profile, today).await?;
    let read = steps.lap();
    steps.add("TLS", facts.tls.clone().unwrap_or_else(|| "plain, not encrypted".to_owned()), None);
    steps.add("Password", format!("signed in as {}", facts.role), Some(opened));
    steps.add("Database", format!("{}, {}", facts.database, facts.encoding), Some(read));
    steps.version(&facts);
    facts.version.require_supported()?;
    steps.direct(first.pooler.as_ref());
    Ok(facts)
}

/// On a session that a pooler hands on, inside of a transaction: the driver prepares what it asks.
async fn read(first: &mut First, profile: &ConnectionProfile, today: NaiveDate) -> Result<ServerFacts> {
    if !first.pooler.as_ref().is_some_and(|pooler| pooler.mode.is_shared()) {
        return ServerFacts::read(&mut first.session, today).await;
    }
    pooled::enter(&mut first.session, profile).await?;
    let facts = ServerFacts::read(&mut first.session, today).await?;
    pooled::leave(&mut first.session).await;
    Ok(facts)
}
