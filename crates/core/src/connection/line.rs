//! The way to a server: straight or through a tunnel, plain or encrypted.
//!
//! The driver takes the straight and plain way itself. Everything else is opened here, where the true cause of a failure
//! is known, and handed to the driver (`relay`).

use std::io;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::cause::explain_io;
use super::relay::Stream;
use super::tls::{Tls, Upgrade};
use super::{Access, ConnectionProfile, TlsMode, Tunnel};
use crate::{Error, Result};

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
        Ok(Self(Arc::new(Inner { profile: profile.clone(), access: access.clone(), tunnel, tls })))
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

    /// Whether the driver goes there itself.
    pub(super) fn is_drivers_own(&self, way: Way) -> bool {
        way == Way::Plain && self.0.tunnel.is_none()
    }

    /// Opens a stream to the server.
    pub(super) async fn dial(&self, way: Way) -> Result<Stream, NoStream> {
        let stream = self.reach().await.map_err(NoStream::Unreachable)?;
        let Some(tls) = self.0.tls.as_ref().filter(|_| way == Way::Encrypted) else { return Ok(stream) };
        match tls.upgrade(stream).await {
            Upgrade::Encrypted(stream) => Ok(stream),
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
