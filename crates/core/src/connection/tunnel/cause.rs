//! What went wrong on the way, in words that name the SSH server.

use std::io;

use russh::ChannelOpenFailure;

use super::hop::Hop;
use crate::{Error, ErrorKind};

/// The name of an SSH server has no address here.
pub(super) fn unknown_host(hop: &Hop, error: io::Error) -> Error {
    Error::new(ErrorKind::UnknownHost, format!("no such host: the SSH server {}", hop.host))
        .hint("Check the spelling of the tunnel's host, or its alias in ~/.ssh/config.")
        .caused_by(error)
}

/// Its port cannot be reached.
pub(super) fn unreachable(hop: &Hop, error: io::Error) -> Error {
    let (kind, why) = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            (ErrorKind::ConnectionRefused, "nothing listens there".to_owned())
        }
        io::ErrorKind::TimedOut => (ErrorKind::Timeout, "no answer".to_owned()),
        _ => (ErrorKind::ConnectionRefused, error.to_string()),
    };
    Error::new(kind, format!("cannot reach the SSH server {}: {why}", hop.address()))
        .hint("Check the tunnel's host and port, and that the SSH server may be reached from here.")
        .caused_by(error)
}

/// Nothing came back in time.
pub(super) fn silent(hop: &Hop, doing: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("the SSH server {} does not answer: {doing}", hop.address()))
        .hint("The network may be down, or a firewall swallows the packets. Try again, or raise the connect timeout.")
}

/// The handshake failed before anybody said who they are.
pub(super) fn handshake(error: russh::Error, hop: &Hop) -> Error {
    let (kind, why, hint) = match &error {
        russh::Error::NoCommonAlgo { theirs, .. } => (
            ErrorKind::ConnectionRefused,
            format!("there is no algorithm that both sides take (it offers {})", theirs.join(", ")),
            "The SSH server is old, or set up to take little; whoever runs it can allow a newer algorithm.",
        ),
        russh::Error::Version | russh::Error::Utf8(_) => (
            ErrorKind::ConnectionRefused,
            "what answers there does not speak SSH".to_owned(),
            "Check the tunnel's port: 22 is SSH's usual one.",
        ),
        russh::Error::IO(error) => (ErrorKind::ConnectionRefused, format!("it hung up ({error})"), HUNG_UP),
        russh::Error::HUP | russh::Error::Disconnect => {
            (ErrorKind::ConnectionRefused, "it hung up".to_owned(), HUNG_UP)
        }
        other => (ErrorKind::ConnectionRefused, other.to_string(), HUNG_UP),
    };
    Error::new(kind, format!("cannot connect to the SSH server {}: {why}", hop.address()))
        .hint(hint)
        .caused_by(error)
}

const HUNG_UP: &str = "Check the tunnel's host and port; the SSH server's log says why it ends a session.";

/// The SSH server would not lead on to the database's server.
pub(super) fn not_forwarded(error: russh::Error, hop: &Hop, target: &str) -> Error {
    let (kind, why, hint) = match &error {
        russh::Error::ChannelOpenFailure(ChannelOpenFailure::AdministrativelyProhibited) => (
            ErrorKind::PermissionDenied,
            "it forwards no connections there",
            "AllowTcpForwarding and PermitOpen in its sshd_config decide that.",
        ),
        russh::Error::ChannelOpenFailure(_) => (
            ErrorKind::ConnectionRefused,
            "it cannot connect there itself",
            "Host and port of the connection are as the SSH server sees them: \"localhost\" is the SSH server.",
        ),
        _ => (ErrorKind::ConnectionRefused, "the session ended", "Try again."),
    };
    Error::new(kind, format!("the SSH server {} does not lead to {target}: {why}", hop.address()))
        .hint(hint)
        .caused_by(error)
}

/// None of what was tried was taken.
pub(super) fn not_accepted(hop: &Hop, tried: &str) -> Error {
    Error::new(
        ErrorKind::AuthenticationFailed,
        format!("the SSH server {} did not accept {}: {tried}", hop.address(), hop.user),
    )
    .hint("Check the tunnel's user and how it signs in; the server's authorized_keys decides whose keys it takes.")
}
