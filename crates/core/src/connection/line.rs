//! The way to a server: straight or through a tunnel, plain or encrypted.
//!
//! The driver takes the straight and plain way itself. Everything else is opened here, where the true cause of a failure
//! is known, and handed to the driver (`relay`).

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::net::sockopt;
use tokio::net::TcpStream;

use super::cause::explain_io;
use super::relay::Stream;
use super::tls::{Tls, Upgrade};
use super::{Access, ConnectionProfile, TlsMode, Tunnel};
use crate::{Error, Result};

/// How long a stream may be silent before the other side is asked whether it lives, as for tunnels; and until it is asked
/// again. A firewall between forgets what is silent for minutes.
const QUIET: Duration = Duration::from_secs(30);
const BETWEEN: Duration = Duration::from_secs(10);

/// How a session is carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Plain,
    Encrypted,
}

/// Why there is no stream, and what that says of the other way.
#[derive(Debug)]
pub(super) enum NoStream {
    /// The server does no TLS.
    NotOffered(Error),
    /// TLS failed.
    Tls(Error),
    /// The other way is closed too.
    Unreachable(Error),
}

/// A profile with all that it takes to get there. Cloning is cheap.
#[derive(Debug, Clone)]
pub(super) struct Line(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    profile: ConnectionProfile,
    access: Access,
    tunnel: Option<Tunnel>,
    tls: Option<Tls>,
    /// How long the newest handshake took, in microseconds; 0 before the first.
    shook_hands: AtomicU64,
}

impl Line {
    /// Checks the profile, and reads the files that it names.
    ///
    /// # Errors
    /// `InvalidArguments` naming the field, `Tls` naming the file, `Precondition` for a tunnel that was not given.
    pub(super) fn new(profile: &ConnectionProfile, access: &Access) -> Result<Self> {
        profile.validate()?;
        let tunnel = access.tunnel_of(profile)?.cloned();
        let tls = Tls::prepare(profile)?;
        let (profile, access) = (profile.clone(), access.clone());
        Ok(Self(Arc::new(Inner { profile, access, tunnel, tls, shook_hands: AtomicU64::new(0) })))
    }

    pub(super) fn profile(&self) -> &ConnectionProfile {
        &self.0.profile
    }

    pub(super) fn access(&self) -> &Access {
        &self.0.access
    }

    pub(super) fn tunnel(&self) -> Option<&Tunnel> {
        self.0.tunnel.as_ref()
    }

    /// The way to try first, and the one to try where that is turned away: as libpq has it.
    pub(super) fn ways(&self) -> (Way, Option<Way>) {
        match self.0.profile.tls {
            _ if self.0.tls.is_none() => (Way::Plain, None),
            TlsMode::Disable => (Way::Plain, None),
            TlsMode::Allow => (Way::Plain, Some(Way::Encrypted)),
            TlsMode::Prefer => (Way::Encrypted, Some(Way::Plain)),
            TlsMode::Require | TlsMode::VerifyCa | TlsMode::VerifyFull => (Way::Encrypted, None),
        }
    }

    /// Whether the driver goes there itself: on this machine, where no network can drop. It sets no keepalive, and what is
    /// dialled here has one.
    pub(super) fn is_drivers_own(&self, way: Way) -> bool {
        way == Way::Plain && self.0.tunnel.is_none() && self.0.profile.is_loopback()
    }

    /// How long the newest TLS handshake took.
    pub(super) fn handshake(&self) -> Option<Duration> {
        let took = self.0.shook_hands.load(Ordering::Relaxed);
        (took > 0).then(|| Duration::from_micros(took))
    }

    /// Opens a stream to the server.
    pub(super) async fn dial(&self, way: Way) -> Result<Stream, NoStream> {
        let stream = self.reach().await.map_err(NoStream::Unreachable)?;
        let Some(tls) = self.0.tls.as_ref().filter(|_| way == Way::Encrypted) else { return Ok(stream) };
        let begun = Instant::now();
        match tls.upgrade(stream).await {
            Upgrade::Encrypted(stream) => {
                let took = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
                self.0.shook_hands.store(took.max(1), Ordering::Relaxed);
                Ok(stream)
            }
            Upgrade::NotOffered(error) => Err(NoStream::NotOffered(error)),
            Upgrade::Failed(error) => Err(NoStream::Tls(error)),
        }
    }

    /// To the server's port, without a word of PostgreSQL.
    async fn reach(&self) -> Result<Stream> {
        let (host, port) = (self.0.profile.host.as_str(), self.0.profile.port);
        if let Some(tunnel) = &self.0.tunnel {
            return Ok(Box::new(tunnel.dial(host, port).await?));
        }
        let connected = connect(host, port).await;
        connected.map(|stream| Box::new(stream) as Stream).map_err(|error| explain_io(error, &self.0.profile))
    }
}

async fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let stream = TcpStream::connect((host, port)).await?;
    stream.set_nodelay(true)?;
    sockopt::set_socket_keepalive(&stream, true)?;
    sockopt::set_tcp_keepidle(&stream, QUIET)?;
    sockopt::set_tcp_keepintvl(&stream, BETWEEN)?;
    Ok(stream)
}

impl NoStream {
    /// The cause, whatever it says of the other way.
    pub(super) fn into_error(self) -> Error {
        match self {
            Self::NotOffered(error) | Self::Tls(error) | Self::Unreachable(error) => error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stream_that_is_silent_is_kept_alive() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let stream = connect("127.0.0.1", port).await.unwrap();
        assert!(sockopt::socket_keepalive(&stream).unwrap());
        assert_eq!(sockopt::tcp_keepidle(&stream).unwrap(), QUIET);
    }

    #[test]
    fn only_what_is_on_this_machine_is_left_to_the_driver() {
        for (host, own) in
            [("127.0.0.1", true), ("/run/postgresql", true), ("localhost", true), ("db", false)]
        {
            let profile = ConnectionProfile::new("x", host, 5432, "raaf", "me");
            let line = Line::new(&profile, &Access::default()).unwrap();
            assert_eq!(line.is_drivers_own(Way::Plain), own, "{host}");
            assert!(!line.is_drivers_own(Way::Encrypted), "{host}");
        }
    }
}
