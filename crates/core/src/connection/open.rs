//! Opening one session, with the true cause when it fails.
//!
//! A pool would hide "connection refused" behind "timed out", so the first session of a profile is always a plain one.

use sqlx::ConnectOptions as _;
use sqlx::postgres::{PgConnection, PgSslMode};

use super::cause::{check_root_cert, explain, timed_out, unknown_host, without_password};
use super::direct::MARK;
use super::options::{connect_options, prepare_session, tls_modes};
use super::{ConnectionProfile, Secret};
use crate::{Error, ErrorKind, Result};

/// Opens one session and sets the profile's limits on it.
///
/// # Errors
/// The true cause: unknown host, refused, timed out, TLS, wrong password, missing database.
pub async fn connect(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<PgConnection> {
    settle(profile, secret).await.map(|(session, _)| session)
}

/// As `connect`, and tells which way the session is encrypted, so that those after it need not find out again.
pub(super) async fn settle(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
) -> Result<(PgConnection, PgSslMode)> {
    within(profile, async {
        let (mut session, mode) = try_modes(profile, secret, None).await?;
        prepare_session(&mut session, profile).await.map_err(|error| explain(error, profile))?;
        Ok((session, mode))
    })
    .await
}

/// Opens one session within the profile's connect timeout, leaving its settings alone.
pub(super) async fn open_plain(profile: &ConnectionProfile, secret: Option<&Secret>) -> Result<PgConnection> {
    within(profile, try_modes(profile, secret, None)).await.map(|(session, _)| session)
}

/// As `open_plain`, with a mark that only the server itself takes.
pub(super) async fn open_marked(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    mark: &str,
) -> Result<PgConnection> {
    within(profile, try_modes(profile, secret, Some(mark))).await.map(|(session, _)| session)
}

async fn within<T>(profile: &ConnectionProfile, opening: impl Future<Output = Result<T>>) -> Result<T> {
    profile.validate()?;
    match profile.timeouts.connect_limit() {
        None => opening.await,
        Some(limit) => tokio::time::timeout(limit, opening).await.unwrap_or_else(|_| Err(timed_out(profile))),
    }
}

/// `allow` is plain first and encrypted when that is turned away, `prefer` the other way round.
async fn try_modes(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    mark: Option<&str>,
) -> Result<(PgConnection, PgSslMode)> {
    resolve(profile).await?;
    let (first, second) = tls_modes(profile);
    let refusal = match attempt(profile, secret, first, mark).await {
        Ok(session) => return Ok((session, first)),
        Err(error) => error,
    };
    let Some(second) = second.filter(|_| turned_away(&refusal)) else { return Err(refusal) };
    match attempt(profile, secret, second, mark).await {
        Ok(session) => Ok((session, second)),
        // Neither way is open: what was said to the way that the profile names first is the cause.
        Err(error) if turned_away(&error) => Err(refusal),
        Err(error) => Err(error),
    }
}

/// Whether it was the kind of session that was not taken, rather than the password in it.
fn turned_away(error: &Error) -> bool {
    let by_rule = error.server().is_some_and(|server| server.sqlstate == "28000");
    by_rule || error.kind() == ErrorKind::Tls
}

async fn attempt(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    mode: PgSslMode,
    mark: Option<&str>,
) -> Result<PgConnection> {
    check_root_cert(profile, mode)?;
    let options = connect_options(profile, secret, mode);
    let options = mark.into_iter().fold(options, |options, mark| options.options([(MARK, mark)]));
    let opened = options.connect().await;
    opened.map_err(|error| without_password(explain(error, profile), profile, secret))
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
    within(profile, async {
        let knocked = tokio::net::TcpStream::connect((profile.host.as_str(), profile.port)).await;
        knocked.map(|_| ()).map_err(|error| explain(sqlx::Error::Io(error), profile))
    })
    .await
}
