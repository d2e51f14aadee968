//! Opening one session, with the true cause when it fails.
//!
//! A pool would hide "connection refused" behind "timed out", so the first session of a profile is always a plain one.

use sqlx::ConnectOptions as _;
use sqlx::postgres::PgConnection;

use super::cause::{explain, timed_out, unknown_host, without_password};
use super::line::{Line, NoStream, Way};
use super::options::{connect_options, prepare_session};
use super::relay::Handed;
use super::{Access, ConnectionProfile};
use crate::{Error, ErrorKind, Result};

/// Opens one session and sets the profile's limits on it.
///
/// # Errors
/// The true cause: unknown host, refused, timed out, TLS, wrong password, missing database.
pub async fn connect(profile: &ConnectionProfile, access: &Access) -> Result<PgConnection> {
    prepared(&Line::new(profile, access)?).await
}

/// As `connect`, on a line that is known already.
pub(super) async fn prepared(line: &Line) -> Result<PgConnection> {
    within(line.profile(), async {
        let (mut session, _) = try_ways(line, None).await?;
        prepare_session(&mut session, line.profile())
            .await
            .map_err(|error| explain(error, line.profile()))?;
        Ok(session)
    })
    .await
}

/// Opens one session within the profile's connect timeout, leaving its settings alone.
pub(super) async fn open_plain(line: &Line) -> Result<PgConnection> {
    open_told(line).await.map(|(session, _)| session)
}

/// As `open_plain`, and tells which way was open.
pub(super) async fn open_told(line: &Line) -> Result<(PgConnection, Way)> {
    within(line.profile(), try_ways(line, None)).await
}

/// As `open_plain`, with a mark at its start that only the server itself takes, and tells which way was open.
pub(super) async fn open_marked(line: &Line, mark: Mark<'_>) -> Result<(PgConnection, Way)> {
    within(line.profile(), try_ways(line, Some(mark))).await
}

/// A setting that a session begins with: its name and its value.
pub(super) type Mark<'a> = (&'a str, &'a str);

/// Runs what opens a session, within the profile's connect timeout.
pub(super) async fn within<T>(
    profile: &ConnectionProfile,
    opening: impl Future<Output = Result<T>>,
) -> Result<T> {
    match profile.timeouts.connect_limit() {
        None => opening.await,
        Some(limit) => tokio::time::timeout(limit, opening).await.unwrap_or_else(|_| Err(timed_out(profile))),
    }
}

/// Why a session was not opened.
struct Refusal {
    error: Error,
    /// Whether it was the kind of session that was not taken, rather than the password in it.
    turned_away: bool,
    /// The server does no TLS: nothing else can be learned from this way.
    not_offered: bool,
}

/// `allow` is plain first and encrypted when that is turned away, `prefer` the other way round.
async fn try_ways(line: &Line, mark: Option<Mark<'_>>) -> Result<(PgConnection, Way)> {
    resolve(line).await?;
    let (first, second) = line.ways();
    let refusal = match Box::pin(attempt(line, first, mark)).await {
        Ok(session) => return Ok((session, first)),
        Err(refusal) => refusal,
    };
    let Some(second) = second.filter(|_| refusal.turned_away) else { return Err(refusal.error) };
    match Box::pin(attempt(line, second, mark)).await {
        Ok(session) => Ok((session, second)),
        // Neither way is open: what was said to the way that the profile names first is the cause.
        Err(other) if other.turned_away && !refusal.not_offered => Err(refusal.error),
        Err(other) => Err(other.error),
    }
}

async fn attempt(line: &Line, way: Way, mark: Option<Mark<'_>>) -> Result<PgConnection, Refusal> {
    let handed = match line.is_drivers_own(way) {
        true => None,
        false => Some(hand_over(line, way).await?),
    };
    let options = connect_options(line, handed.as_ref().map(Handed::folder));
    let options = mark.into_iter().fold(options, |options, mark| options.options([mark]));
    options.connect().await.map_err(|error| match handed.and_then(|handed| handed.broken()) {
        Some(error) => Refusal { turned_away: error.kind() == ErrorKind::Tls, error, not_offered: false },
        None => Refusal::by_server(error, line),
    })
}

async fn hand_over(line: &Line, way: Way) -> Result<Handed, Refusal> {
    let stream = line.dial(way).await.map_err(|none| Refusal {
        turned_away: !matches!(none, NoStream::Unreachable(_)),
        not_offered: matches!(none, NoStream::NotOffered(_)),
        error: none.into_error(),
    })?;
    Handed::over(stream, &line.profile().address()).map_err(|error| Refusal {
        error: error.while_doing("the session cannot be handed to the driver"),
        turned_away: false,
        not_offered: false,
    })
}

impl Refusal {
    fn by_server(error: sqlx::Error, line: &Line) -> Self {
        let profile = line.profile();
        let error = without_password(explain(error, profile), profile, line.access().password.as_ref());
        let turned_away = error.server().is_some_and(|server| server.sqlstate == "28000");
        Self { error, turned_away, not_offered: false }
    }
}

/// Looks the name up first: the driver reports an unknown host as any other I/O error. What lies behind a tunnel has
/// its name there.
pub(super) async fn resolve(line: &Line) -> Result<()> {
    let profile = line.profile();
    if profile.host.starts_with('/') || line.tunnel().is_some() {
        return Ok(());
    }
    match tokio::net::lookup_host((profile.host.as_str(), profile.port)).await {
        Ok(mut found) => found.next().map(|_| ()).ok_or_else(|| unknown_host(profile)),
        Err(error) => Err(unknown_host(profile).caused_by(error)),
    }
}

/// Knocks at the address without speaking PostgreSQL, so that a test can tell the network from the server.
pub(super) async fn reach(line: &Line) -> Result<()> {
    if line.profile().host.starts_with('/') && line.tunnel().is_none() {
        return Ok(());
    }
    within(line.profile(), async { line.dial(Way::Plain).await.map(drop).map_err(NoStream::into_error) })
        .await
}
