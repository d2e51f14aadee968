//! Testing a connection: step by step, on one plain session, with the true cause where it stops.

use std::time::Instant;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgConnection;
use ts_rs::TS;

use super::open::{open_plain, reach, resolve};
use super::{ConnectionProfile, Secret};
use crate::server::{ServerVersion, Support};
use crate::{Error, ErrorKind, Result};

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
pub async fn test_connection(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    today: NaiveDate,
) -> TestReport {
    let mut steps = Steps::default();
    let outcome = run(&mut steps, profile, secret, today).await;
    let (server, error) = match outcome {
        Ok(facts) => (Some(facts), None),
        Err(error) => {
            steps.fail(&error);
            (None, Some(error))
        }
    };
    TestReport { steps: steps.0, server, error }
}

async fn run(
    steps: &mut Steps,
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    today: NaiveDate,
) -> Result<ServerFacts> {
    profile.validate()?;
    resolve(profile).await?;
    steps.ok("Host", profile.host.clone());
    let begun = Instant::now();
    reach(profile).await?;
    steps.ok("Reached", format!("{} in {} ms", profile.address(), begun.elapsed().as_millis()));
    let mut session = open_plain(profile, secret).await?;
    let facts = ServerFacts::read(&mut session, today).await?;
    steps.ok("TLS", facts.tls.clone().unwrap_or_else(|| "plain, not encrypted".to_owned()));
    steps.ok("Password", format!("signed in as {}", facts.role));
    steps.ok("Database", format!("{}, {}", facts.database, facts.encoding));
    steps.version(&facts);
    facts.version.require_supported()?;
    Ok(facts)
}

#[derive(Default)]
struct Steps(Vec<TestStep>);

const ORDER: [&str; 6] = ["Host", "Reached", "TLS", "Password", "Database", "Version"];

impl Steps {
    fn push(&mut self, name: &str, outcome: StepOutcome, detail: String) {
        self.0.push(TestStep { name: name.to_owned(), outcome, detail, took_ms: None });
    }

    fn ok(&mut self, name: &str, detail: String) {
        self.push(name, StepOutcome::Ok, detail);
    }

    fn version(&mut self, facts: &ServerFacts) {
        match &facts.notice {
            None => self.ok("Version", format!("PostgreSQL {}", facts.version.text)),
            Some(notice) => self.push("Version", StepOutcome::Attention, notice.clone()),
        }
    }

    /// Marks the step that the error belongs to: those before it worked, those after it were not reached.
    fn fail(&mut self, error: &Error) {
        let failed = ORDER.iter().position(|name| *name == step_of(error)).unwrap_or(self.0.len());
        for (at, name) in ORDER.iter().enumerate().skip(self.0.len()) {
            match at.cmp(&failed) {
                std::cmp::Ordering::Less => self.ok(name, "passed".to_owned()),
                std::cmp::Ordering::Equal => self.push(name, StepOutcome::Failed, error.message().to_owned()),
                std::cmp::Ordering::Greater => {
                    self.push(name, StepOutcome::Skipped, "not reached".to_owned());
                }
            }
        }
    }
}

fn step_of(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::UnknownHost | ErrorKind::InvalidArguments => "Host",
        ErrorKind::Tls => "TLS",
        ErrorKind::AuthenticationFailed => "Password",
        ErrorKind::DatabaseMissing | ErrorKind::PermissionDenied => "Database",
        ErrorKind::ServerTooOld => "Version",
        _ => "Reached",
    }
}
