//! Saved connections: list, open, remove.

use std::time::Duration;

use evaldesk_core::catalog::{EvaluationSchema, evaluation_schema};
use evaldesk_core::connection::{ConnectionProfile, Database, Secret, SecretPolicy, ServerFacts};
use evaldesk_core::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{ConnectionArguments, Done, NoArguments};
use crate::{ErrorReport, LOCAL_ID, Result, Session, SessionEvent};

/// All saved connections, and which are open.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionList {
    pub connections: Vec<ConnectionProfile>,
    /// Ids of those that hold sessions now.
    pub open: Vec<String>,
    /// A sentence, when the file could not be read and was put aside.
    pub notice: Option<String>,
}

/// A connection to save. An empty id makes a new one.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionSaveArguments {
    pub profile: ConnectionProfile,
    /// Absent leaves the kept password as it is.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub password: Option<Secret>,
    /// The URL that was typed; a password in it is taken when none is given.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub url: Option<Secret>,
    /// The tunnel's passphrase or password. Absent leaves the kept one as it is.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub ssh_secret: Option<Secret>,
}

/// Which connection to open, and the password if it is asked each time.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionOpenArguments {
    pub connection: String,
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub password: Option<Secret>,
    /// The tunnel's passphrase or password, if that is asked each time.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub ssh_secret: Option<Secret>,
}

/// An open connection.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OpenConnection {
    pub profile: ConnectionProfile,
    pub server: ServerFacts,
    /// Which of the four tables are there, and where.
    pub schema: EvaluationSchema,
    /// A round trip, in milliseconds.
    pub ping_ms: f64,
}

/// A round trip.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Ping {
    pub ms: f64,
}

/// A URL to take apart.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UrlArguments {
    #[ts(type = "string")]
    pub url: Secret,
}

/// A URL's parts. The password stays out: save and test take the URL itself.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct UrlParts {
    pub profile: ConnectionProfile,
    pub has_password: bool,
}

/// Lists saved connections in the user's order.
pub async fn connection_list(session: &Session, _: NoArguments) -> Result<ConnectionList> {
    let saved = session.profiles().load()?;
    Ok(ConnectionList { connections: saved.profiles, open: session.open_connections(), notice: saved.notice })
}

/// Takes a URL apart for the form.
pub async fn connection_parse_url(session: &Session, arguments: UrlArguments) -> Result<UrlParts> {
    let parsed = session.parse_url(arguments.url.expose())?;
    Ok(UrlParts { has_password: parsed.password.is_some(), profile: parsed.profile })
}

/// Opens a connection and tells what is behind it.
pub async fn connection_open(
    session: &Session,
    arguments: ConnectionOpenArguments,
) -> Result<OpenConnection> {
    if let Some(secret) = arguments.ssh_secret {
        session.remember_tunnel(&arguments.connection, secret)?;
    }
    let database = match arguments.password {
        Some(password) => open_with(session, &arguments.connection, password).await?,
        None => alive(session, &arguments.connection).await?,
    };
    let server = database.facts(session.clock().now().date_naive()).await?;
    let ping_ms = database.ping().await?.as_secs_f64() * 1000.0;
    session.tell(SessionEvent::Connections);
    Ok(OpenConnection {
        profile: database.profile().clone(),
        server,
        schema: evaluation_schema(&database).await?,
        ping_ms,
    })
}

/// How soon an open session has to answer, or it is opened anew.
const PROMPT: Duration = Duration::from_secs(2);

/// A typed password counts from here on, unless the server does not take it.
async fn open_with(session: &Session, connection: &str, password: Secret) -> Result<Database> {
    let profile = session.profile(connection)?;
    session.remember(profile.secret_key(), password);
    let opened = alive(session, &profile.id).await;
    if opened.as_ref().is_err_and(|report| report.code == ErrorKind::AuthenticationFailed) {
        session.unremember(profile.secret_key()).await;
    }
    opened
}

/// The open database, opened anew when its server went away in between (a crash, a restart, another port).
async fn alive(session: &Session, connection: &str) -> Result<Database> {
    let database = session.database(connection).await?;
    // The pool would wait for a server that refuses, in the hope that it is starting.
    if matches!(tokio::time::timeout(PROMPT, database.ping()).await, Ok(Ok(_))) {
        return Ok(database);
    }
    session.close(&database.profile().id).await;
    session.database(connection).await
}

/// Closes a connection's sessions, those of its query tabs among them: what runs is cancelled, an open transaction rolled
/// back.
pub async fn connection_close(session: &Session, arguments: ConnectionArguments) -> Result<Done> {
    let profile = session.profile(&arguments.connection)?;
    session.queries().disconnect(&profile.id).await;
    session.close(&profile.id).await;
    session.tell(SessionEvent::Connections);
    Ok(Done {})
}

/// Measures a round trip.
pub async fn connection_ping(session: &Session, arguments: ConnectionArguments) -> Result<Ping> {
    let round_trip = arguments.open(session).await?.ping().await?;
    Ok(Ping { ms: round_trip.as_secs_f64() * 1000.0 })
}

/// Forgets a connection and its password. The database is not touched.
pub async fn connection_remove(session: &Session, arguments: ConnectionArguments) -> Result<Done> {
    let profile = session.profile(&arguments.connection)?;
    if profile.id == LOCAL_ID {
        return Err(local_is_ours());
    }
    super::connection_save::hand_on(session, &profile).await?;
    let id = profile.id.clone();
    session.profiles().update(Box::new(move |all| {
        all.retain(|other| other.id != id);
        Ok(())
    }))?;
    session.forget(&profile.id).await;
    super::migrate::matrix::seen::forget(session, &profile);
    if profile.secret_policy == SecretPolicy::Keyring && profile.secret_of.is_none() {
        session.secrets().remove(&profile.id).await.map_err(|error| left_behind(error, &profile))?;
    }
    session.forget_tunnel(&profile).await.map_err(|error| left_behind(error, &profile))?;
    session.record("connection_remove", Some(profile.name.clone()), &profile.address(), "ok");
    session.tell(SessionEvent::Connections);
    Ok(Done {})
}

fn left_behind(error: Error, profile: &ConnectionProfile) -> Error {
    error.while_doing(&format!("{} is removed, but its password may still be in the keyring", profile.name))
}

pub(super) fn local_is_ours() -> ErrorReport {
    ErrorReport::new(ErrorKind::Refused, "the local database's connection is kept by Evaldesk itself")
        .hint("Use `evaldesk local stop` or `evaldesk local reset`, or add a connection of your own to it.")
}
