//! Why a session could not be opened, in words that name who, where and which database.
//!
//! The driver reports a port where nothing listens and a server that hangs up as one and the same I/O error: its kind
//! tells them apart.

use std::io;

use super::{ConnectionProfile, Secret};
use crate::{Error, ErrorKind};

/// Puts names into the driver's error.
pub(super) fn explain(error: sqlx::Error, profile: &ConnectionProfile) -> Error {
    let address = profile.address();
    match error {
        sqlx::Error::Io(error) => explain_io(error, profile),
        sqlx::Error::Protocol(words) => Error::new(
            ErrorKind::ConnectionRefused,
            format!("cannot connect to {address}: what answers there does not speak PostgreSQL ({words})"),
        )
        .hint("Check host and port: another program seems to listen there."),
        other => explain_answer(Error::from(other), profile),
    }
}

fn explain_answer(made: Error, profile: &ConnectionProfile) -> Error {
    let address = profile.address();
    match made.kind() {
        ErrorKind::AuthenticationFailed => {
            let message = format!("{address} did not accept user {}: {}", profile.user, made.message());
            made.reworded(message).hint(
                "Check user and password; the server's pg_hba.conf decides who may come from where, and how.",
            )
        }
        ErrorKind::DatabaseMissing => made
            .reworded(format!("{address} has no database {}", profile.database))
            .hint("Check the database's name, or create it."),
        _ if made.server().is_some_and(|server| server.sqlstate == "08P01") => {
            made.while_doing(&format!("cannot connect to {address}")).hint(POOLER)
        }
        _ => made.while_doing(&format!("cannot connect to {address}")),
    }
}

/// What an I/O error says of an address.
pub(super) fn explain_io(error: io::Error, profile: &ConnectionProfile) -> Error {
    let socket = profile.host.starts_with('/');
    let (kind, why, hint) = match error.kind() {
        io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound if socket => {
            (ErrorKind::ConnectionRefused, "no server has its socket there".to_owned(), SERVER)
        }
        io::ErrorKind::ConnectionRefused => {
            (ErrorKind::ConnectionRefused, "nothing listens there".to_owned(), SERVER)
        }
        io::ErrorKind::TimedOut => (ErrorKind::Timeout, "no answer".to_owned(), SERVER),
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset => {
            (ErrorKind::ConnectionRefused, format!("it hung up ({error})"), SERVER)
        }
        _ => (ErrorKind::ConnectionRefused, error.to_string(), SERVER),
    };
    Error::new(kind, format!("cannot connect to {}: {why}", profile.address())).hint(hint).caused_by(error)
}

const SERVER: &str = "Check host and port, and that the server runs and may be reached from here.";
const POOLER: &str = "A pooler such as PgBouncer seems to answer there: connect to the server's own port, or look what its log says.";
/// A server that asks for a password where none is known has not been told a wrong one.
pub(super) fn without_password(error: Error, profile: &ConnectionProfile, secret: Option<&Secret>) -> Error {
    let asked = error.server().is_some_and(|server| server.sqlstate == "28P01");
    if !asked || secret.is_some_and(|secret| !secret.expose().is_empty()) {
        return error;
    }
    let message =
        format!("{} asks for a password of user {}, and none was given", profile.address(), profile.user);
    error.reworded(message).hint("Type the password, put it into the URL, or pass it by --password-stdin.")
}

/// Nothing came back in time.
pub(super) fn timed_out(profile: &ConnectionProfile) -> Error {
    let limit = profile.timeouts.connect_ms;
    Error::new(
        ErrorKind::Timeout,
        format!("cannot connect to {}: no answer within {limit} ms", profile.address()),
    )
    .hint("A firewall may swallow the packets; check host and port, or raise the connect timeout.")
}

/// The name has no address.
pub(super) fn unknown_host(profile: &ConnectionProfile) -> Error {
    Error::new(ErrorKind::UnknownHost, format!("no such host: {}", profile.host))
        .hint("Check the spelling, and that this machine's network and VPN know the name.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: io::Error, kind: ErrorKind, words: &str) {
        let profile = ConnectionProfile::new("x", "db", 5432, "raaf", "me");
        let made = explain(sqlx::Error::Io(error), &profile);
        assert_eq!(made.kind(), kind);
        assert!(made.message().contains(words) && made.message().contains("db:5432"), "{made}");
    }

    #[test]
    fn a_server_that_hangs_up_is_not_a_port_where_nothing_listens() {
        check(io::ErrorKind::ConnectionRefused.into(), ErrorKind::ConnectionRefused, "nothing listens there");
        check(io::ErrorKind::ConnectionReset.into(), ErrorKind::ConnectionRefused, "hung up");
    }
}
