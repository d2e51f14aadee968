//! The open tunnel: a chain of SSH sessions, the last of which leads on to the database's server.

use std::sync::Arc;
use std::time::Duration;

use russh::client::Msg;
use russh::{ChannelStream, Disconnect};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use super::auth::sign_in;
use super::cause;
use super::client::{Accepted, Session, shake_hands};
use super::hop::{Hop, route};
use super::place::SshPlace;
use super::settings::SshTunnel;
use crate::connection::Secret;
use crate::{Error, ErrorKind, Result};

/// How soon a session has to answer while something is wanted of it: after sleep the other side has forgotten us, and
/// nothing would tell.
const PROMPT: Duration = Duration::from_secs(2);

/// How long each step of opening may take where the caller sets no limit of its own.
const PATIENCE: Duration = Duration::from_secs(30);

/// A tunnel. Cloning shares it, and with it the one SSH session.
#[derive(Clone)]
pub struct Tunnel(Arc<Inner>);

struct Inner {
    settings: SshTunnel,
    secret: Option<Secret>,
    place: SshPlace,
    open: Mutex<Option<Arc<Chain>>>,
}

/// The sessions with each host on the way; each goes through the one before it.
struct Chain {
    hops: Vec<Hop>,
    sessions: Vec<Session>,
}

/// Why a channel was not opened.
enum NoChannel {
    /// The SSH server would not, or could not.
    Refused(Error),
    /// The session is dead.
    Dead(Error),
}

impl std::fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Tunnel").field(&self.0.settings.host).finish()
    }
}

impl Tunnel {
    /// A tunnel that is not open yet.
    pub fn new(settings: &SshTunnel, secret: Option<Secret>, place: SshPlace) -> Self {
        Self(Arc::new(Inner { settings: settings.clone(), secret, place, open: Mutex::default() }))
    }

    /// What it was made of.
    pub fn settings(&self) -> &SshTunnel {
        &self.0.settings
    }

    /// Opens it if it is not open, and tells which hosts are on the way.
    ///
    /// # Errors
    /// `UnknownHostKey` is a question: the detail is the fingerprint, and `trust` answers it. `Refused` for a key that
    /// changed; else the true cause, with the SSH server's name.
    pub async fn open(&self) -> Result<Vec<String>> {
        let chain = self.chain().await?;
        Ok(chain.hops.iter().map(|hop| format!("{}@{}", hop.user, hop.address())).collect())
    }

    /// Accepts the key with this fingerprint, if one of the hosts on the way shows it and is not known yet; tells which.
    ///
    /// # Errors
    /// As `open`, where no host shows that key. What is in the way after it was accepted is no error here.
    pub async fn trust(&self, fingerprint: &str) -> Result<String> {
        let accepted = Accepted::new(fingerprint);
        let built = self.0.build(Some(&accepted)).await;
        if let Some(host) = accepted.host() {
            if let Ok(chain) = built {
                *self.0.open.lock().await = Some(Arc::new(chain));
            }
            return Ok(host);
        }
        built?;
        Err(Error::new(
            ErrorKind::Conflict,
            format!("no SSH server on the way shows the key {fingerprint}, or it is known"),
        )
        .hint("Test the connection again to see what is asked."))
    }

    /// Leads to an address as the last host sees it. A dead session is opened anew, once.
    ///
    /// # Errors
    /// As `open`, and when the SSH server does not lead there.
    pub(in crate::connection) async fn dial(&self, host: &str, port: u16) -> Result<ChannelStream<Msg>> {
        let chain = self.chain().await?;
        match chain.channel(host, port).await {
            Ok(stream) => return Ok(stream),
            Err(NoChannel::Refused(error)) => return Err(error),
            Err(NoChannel::Dead(_)) => self.forget(&chain).await,
        }
        match self.chain().await?.channel(host, port).await {
            Ok(stream) => Ok(stream),
            Err(NoChannel::Refused(error) | NoChannel::Dead(error)) => Err(error),
        }
    }

    /// Closes it; the next session that needs it opens it again.
    pub async fn close(&self) {
        let Some(chain) = self.0.open.lock().await.take() else { return };
        for session in chain.sessions.iter().rev() {
            let _ = session.disconnect(Disconnect::ByApplication, "", "").await;
        }
    }

    /// The open chain. Others wait here while one opens it.
    async fn chain(&self) -> Result<Arc<Chain>> {
        let mut open = self.0.open.lock().await;
        if let Some(chain) = open.as_ref().filter(|chain| chain.is_alive()) {
            return Ok(Arc::clone(chain));
        }
        let chain = Arc::new(self.0.build(None).await?);
        *open = Some(Arc::clone(&chain));
        Ok(chain)
    }

    /// Lets go of a dead chain, unless somebody has opened another in between.
    async fn forget(&self, dead: &Arc<Chain>) {
        let mut open = self.0.open.lock().await;
        if open.as_ref().is_some_and(|held| Arc::ptr_eq(held, dead)) {
            *open = None;
        }
    }
}

impl Inner {
    async fn build(&self, accepted: Option<&Accepted>) -> Result<Chain> {
        let mut chain = Chain { hops: Vec::new(), sessions: Vec::new() };
        for hop in route(&self.settings, &self.place)? {
            let session = match chain.sessions.last().zip(chain.hops.last()) {
                None => self.enter(reach(&hop).await?, &hop, accepted).await?,
                Some((before, gate)) => {
                    let stream =
                        channel(before, gate, &hop.host, hop.port).await.map_err(NoChannel::error)?;
                    self.enter(stream, &hop, accepted).await?
                }
            };
            chain.sessions.push(session);
            chain.hops.push(hop);
        }
        Ok(chain)
    }

    async fn enter<S>(&self, stream: S, hop: &Hop, accepted: Option<&Accepted>) -> Result<Session>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let entering = async {
            let mut session = shake_hands(stream, hop, &self.place, accepted).await?;
            sign_in(&mut session, hop, &self.place, self.secret.as_ref()).await?;
            Ok(session)
        };
        let entered = tokio::time::timeout(PATIENCE, Box::pin(entering)).await;
        entered.unwrap_or_else(|_| Err(cause::silent(hop, "the handshake does not come to an end")))
    }
}

/// Connects to the first host, by each of its addresses.
async fn reach(hop: &Hop) -> Result<TcpStream> {
    let found = tokio::net::lookup_host((hop.host.as_str(), hop.port)).await;
    let addresses: Vec<_> = found.map_err(|error| cause::unknown_host(hop, error))?.collect();
    let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect(addresses.as_slice()));
    let connected = connecting.await.map_err(|_| cause::silent(hop, "nothing comes back"))?;
    let stream = connected.map_err(|error| cause::unreachable(hop, error))?;
    stream.set_nodelay(true).map_err(|error| cause::unreachable(hop, error))?;
    Ok(stream)
}

/// Opens a channel. One that takes its time may be waiting for the database's server: the session is asked whether it
/// lives itself.
async fn channel(
    session: &Session,
    hop: &Hop,
    host: &str,
    port: u16,
) -> Result<ChannelStream<Msg>, NoChannel> {
    let target = format!("{host}:{port}");
    let opening = async {
        if host.starts_with('/') {
            session.channel_open_direct_streamlocal(format!("{host}/.s.PGSQL.{port}")).await
        } else {
            session.channel_open_direct_tcpip(host, port.into(), "127.0.0.1", 0).await
        }
    };
    let opened = tokio::select! {
        opened = tokio::time::timeout(PATIENCE, opening) => opened.map_err(|_| {
            NoChannel::Refused(cause::silent(hop, &format!("it does not get through to {target}")))
        })?,
        () = silence(session) => return Err(NoChannel::Dead(cause::silent(hop, "the session is dead"))),
    };
    opened.map(russh::Channel::into_stream).map_err(|error| {
        let refused = matches!(error, russh::Error::ChannelOpenFailure(_));
        let error = cause::not_forwarded(error, hop, &target);
        if refused { NoChannel::Refused(error) } else { NoChannel::Dead(error) }
    })
}

/// Ends when the session does not answer any more.
async fn silence(session: &Session) {
    loop {
        tokio::time::sleep(PROMPT).await;
        let answered = tokio::time::timeout(PROMPT, session.send_ping()).await;
        if !matches!(answered, Ok(Ok(()))) || session.is_closed() {
            return;
        }
    }
}

impl Chain {
    fn is_alive(&self) -> bool {
        self.sessions.iter().all(|session| !session.is_closed())
    }

    async fn channel(&self, host: &str, port: u16) -> Result<ChannelStream<Msg>, NoChannel> {
        match self.sessions.last().zip(self.hops.last()) {
            Some((session, hop)) => channel(session, hop, host, port).await,
            None => Err(NoChannel::Refused(Error::new(ErrorKind::Internal, "a tunnel without a host"))),
        }
    }
}

impl NoChannel {
    fn error(self) -> Error {
        match self {
            Self::Refused(error) | Self::Dead(error) => error,
        }
    }
}
