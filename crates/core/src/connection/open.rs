//! Opening one session, with the true cause when it fails.
//!
//! A pool would hide "connection refused" behind "timed out", so the first session of a profile is always a plain one.

use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnection, PgSslMode};

use super::options::{connect_options, prepare_session, tls_mode};
use super::{ConnectionProfile, Secret, TlsMode};
use crate::{Error, ErrorKind, Result};

/// Opens one session and sets the profile's limits on it.
///
/// # Errors
/// The true cause: unknown host, refused, timed out, TLS, wrong password, missing database.
pub async fn connect(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<PgConnection> {
    let mut session = open_plain(profile, secret).await?;
    prepare_session(&mut session, profile).await.map_err(|error| explain(error, profile))?;
    Ok(session)
}

/// Opens one session within the profile's connect timeout, leaving its settings alone.
pub(super) async fn open_plain(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<PgConnection> {
    profile.validate()?;
    let limit = Duration::from_millis(profile.timeouts.connect_ms.max(1).into());
    match tokio::time::timeout(limit, try_modes(profile, secret)).await {
        Ok(opened) => opened,
        Err(_) => Err(timed_out(profile)),
    }
}

/// `allow` means plain first, and encrypted when the server refuses that.
async fn try_modes(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<PgConnection> {
    let first = attempt(profile, secret, tls_mode(profile.tls)).await;
    match first {
        Err(error) if profile.tls == TlsMode::Allow && error.kind() == ErrorKind::AuthenticationFailed => {
            attempt(profile, secret, PgSslMode::Require).await
        }
        other => other,
    }
}

async fn attempt(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    mode: PgSslMode,
) -> Result<PgConnection> {
    resolve(profile).await?;
    connect_options(profile, secret, mode).connect().await.map_err(|error| explain(error, profile))
}

/// Looks the name up first: the driver reports an unknown host as any other I/O error.
pub(super) async fn resolve(profile: &ConnectionProfile) -> Result<()> {
    if profile.host.starts_with('/') {
        return Ok(());
    }
    match tokio::net::lookup_host((profile.host.as_str(), profile.port)).await {
        Ok(mut found) => found.next().map(|_| ()).ok_or_else(|| unknown_host(profile)),
        Err(error) => Err(unknown_host(profile).caused_by(error)),
    }
}

/// Knocks at the address without speaking PostgreSQL, so that a test can tell the network from the server.
pub(super) async fn reach(profile: &ConnectionProfile) -> Result<()> {
    if profile.host.starts_with('/') {
        return Ok(());
    }
    let knocked = tokio::net::TcpStream::connect((profile.host.as_str(), profile.port));
    let limit = Duration::from_millis(profile.timeouts.connect_ms.max(1).into());
    match tokio::time::timeout(limit, knocked).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(explain(sqlx::Error::Io(error), profile)),
        Err(_) => Err(timed_out(profile)),
    }
}

/// Puts names into the driver's error: who, where, which database.
pub(super) fn explain(error: sqlx::Error, profile: &ConnectionProfile) -> Error {
    let made = Error::from(error);
    let address = profile.address();
    match made.kind() {
        ErrorKind::ConnectionRefused if made.server().is_none() => refused(made, profile),
        ErrorKind::AuthenticationFailed => with_message(
            made,
            format!("{address} did not accept user {}", profile.user),
            "Check user and password; the server's pg_hba.conf decides who may come from where.",
        ),
        ErrorKind::DatabaseMissing => with_message(
            made,
            format!("{address} has no database {}", profile.database),
            "Check the database's name, or create it.",
        ),
        ErrorKind::Tls => made.while_doing(&format!("cannot connect to {address}")),
        _ => made.while_doing(&format!("cannot connect to {address}")),
    }
}

fn refused(made: Error, profile: &ConnectionProfile) -> Error {
    let missing_socket = profile.host.starts_with('/');
    let why = if missing_socket { "no server has its socket there" } else { "nothing listens there" };
    let message = format!("cannot connect to {}: {why}", profile.address());
    with_message(made, message, "Check host and port, and that the server runs and may be reached from here.")
}

fn with_message(cause: Error, message: String, hint: &str) -> Error {
    let kind = cause.kind();
    Error::new(kind, message).hint(hint).caused_by(cause)
}

fn timed_out(profile: &ConnectionProfile) -> Error {
    Error::new(
        ErrorKind::Timeout,
        format!(
            "cannot connect to {}: no answer within {} ms",
            profile.address(),
            profile.timeouts.connect_ms
        ),
    )
    .hint("A firewall may swallow the packets; check host and port, or raise the connect timeout.")
}

fn unknown_host(profile: &ConnectionProfile) -> Error {
    Error::new(ErrorKind::UnknownHost, format!("no such host: {}", profile.host))
        .hint("Check the spelling, and that this machine's network and VPN know the name.")
}
