//! One SSH session: the handshake, whose key it is, and who we are.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use russh::Preferred;
use russh::client::{self, Handle, Handler};
use russh::keys::{Algorithm, PublicKeyOrCertificate};
use tokio::io::{AsyncRead, AsyncWrite};

use super::cause;
use super::hop::Hop;
use super::known_hosts::{KnownHost, fingerprint as shown_as, verdict};
use super::place::SshPlace;
use crate::{Error, ErrorKind, Result};

/// How long a session may be silent before it is asked whether it lives; after three without an answer it is dead.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// An open session with one host.
pub(super) type Session = Handle<Judge>;

/// A fingerprint that the person has accepted, and the host that was found to show it.
#[derive(Clone)]
pub(super) struct Accepted {
    fingerprint: String,
    host: Arc<OnceLock<String>>,
}

impl Accepted {
    pub(super) fn new(fingerprint: &str) -> Self {
        Self { fingerprint: fingerprint.to_owned(), host: Arc::default() }
    }

    /// The host whose key is known from now on.
    pub(super) fn host(&self) -> Option<String> {
        self.host.get().cloned()
    }
}

/// Looks at the server's key before anything is sent to it.
pub(super) struct Judge {
    known: KnownHost,
    /// The fingerprint that the person has accepted just now, and where it is written down.
    accepted: Option<(Accepted, SshPlace)>,
}

/// Why a handshake ended: in our words or in the library's.
#[derive(Debug)]
pub(super) enum Ended {
    Judged(Error),
    Broken(russh::Error),
}

impl From<russh::Error> for Ended {
    fn from(error: russh::Error) -> Self {
        Self::Broken(error)
    }
}

impl Handler for Judge {
    type Error = Ended;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, Ended> {
        let key = shown.public_key();
        let judged = verdict(&self.known, &key);
        let Some((accepted, place)) = &self.accepted else {
            return judged.map(|()| true).map_err(Ended::Judged);
        };
        match judged {
            Err(asked)
                if asked.kind() == ErrorKind::UnknownHostKey && shown_as(&key) == accepted.fingerprint =>
            {
                self.known.accept(place, &key).map_err(Ended::Judged)?;
                let _ = accepted.host.set(self.known.name().to_owned());
                Ok(true)
            }
            other => other.map(|()| true).map_err(Ended::Judged),
        }
    }
}

/// Shakes hands with one host over a stream. Nothing of ours is sent before its key is known.
pub(super) async fn shake_hands<S>(
    stream: S,
    hop: &Hop,
    place: &SshPlace,
    accepted: Option<&Accepted>,
) -> Result<Session>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let known = KnownHost::read(place, &hop.known_as, hop.port);
    let config = Arc::new(config(&known));
    let accepted = accepted.map(|accepted| (accepted.clone(), place.clone()));
    client::connect_stream(config, stream, Judge { known, accepted }).await.map_err(|ended| match ended {
        Ended::Judged(error) => error,
        Ended::Broken(error) => cause::handshake(error, hop),
    })
}

fn config(known: &KnownHost) -> client::Config {
    client::Config {
        keepalive_interval: Some(KEEPALIVE),
        keepalive_max: 3,
        nodelay: true,
        preferred: preferred(known),
        ..client::Config::default()
    }
}

/// The kinds of keys that are known of the host come first, as ssh asks for them. RSA with SHA-1 is not asked for at
/// all, as ssh has it since 8.8.
fn preferred(known: &KnownHost) -> Preferred {
    let wanted = known.algorithms();
    let known_kind = |algorithm: &Algorithm| wanted.iter().any(|known| same_kind(known, algorithm));
    let mut keys = Preferred::DEFAULT.key.to_vec();
    keys.retain(|algorithm| *algorithm != Algorithm::Rsa { hash: None });
    keys.sort_by_key(|algorithm| !known_kind(algorithm));
    Preferred { key: keys.into(), ..Preferred::DEFAULT }
}

/// RSA keys are of one kind, by whichever hash they sign.
fn same_kind(one: &Algorithm, other: &Algorithm) -> bool {
    one == other || (one.clone().is_rsa() && other.clone().is_rsa())
}
