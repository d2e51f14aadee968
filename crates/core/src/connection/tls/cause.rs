//! What was wrong with the handshake, in words that say whose fault it is.

use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};

use crate::{Error, ErrorKind};

/// What a failed handshake, or a session that the server ended by an alert, means.
pub(in crate::connection) fn explain(error: io::Error, server: &str) -> Error {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref::<TlsError>());
    let (kind, why, hint) = match cause {
        Some(TlsError::InvalidCertificate(why)) => (ErrorKind::Tls, certificate(why), hint(why)),
        Some(TlsError::AlertReceived(alert)) => (ErrorKind::Tls, alerted(*alert), ALERT),
        Some(other) => (ErrorKind::Tls, format!("the TLS handshake failed: {other}"), SPOKEN),
        None if error.kind() == io::ErrorKind::UnexpectedEof => {
            (ErrorKind::Tls, "it hung up in the middle of the TLS handshake".to_owned(), SPOKEN)
        }
        None => (ErrorKind::ConnectionRefused, format!("the connection broke ({error})"), AGAIN),
    };
    Error::new(kind, format!("cannot connect to {server}: {why}")).hint(hint).caused_by(error)
}

const SIGNED: &str = "Name the authority that signed it (sslrootcert=FILE), or `system` for those of this system. sslmode=require encrypts without looking at who answers.";
const NAMED: &str = "Use the host name of the certificate, or tell it as the server name; verify-ca does not look at the name.";
const DATED: &str = "Whoever runs the server has to renew its certificate; check this machine's clock, too.";
const ALERT: &str = "pg_hba.conf and ssl_ca_file of the server decide whose certificates it takes; name yours by sslcert and sslkey.";
const SPOKEN: &str = "The server's log says more. Both sides need TLS 1.2 or 1.3.";
const AGAIN: &str = "Try again; check the network.";

fn hint(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => NAMED,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => DATED,
        _ => SIGNED,
    }
}

fn certificate(why: &CertificateError) -> String {
    match why {
        CertificateError::NotValidForNameContext { expected, presented } => {
            format!("the server's certificate is for {}, not for {}", presented.join(", "), expected.to_str())
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate is not valid yet".to_owned()
        }
        CertificateError::UnknownIssuer | CertificateError::UnknownRevocationStatus => {
            "the server's certificate is signed by nobody who is trusted here".to_owned()
        }
        CertificateError::Revoked => "the server's certificate is revoked".to_owned(),
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "the server's certificate is not one for servers".to_owned()
        }
        other => format!("the server's certificate does not hold: {other}"),
    }
}

fn alerted(alert: AlertDescription) -> String {
    match alert {
        AlertDescription::UnknownCA => "it does not know who signed our certificate".to_owned(),
        AlertDescription::CertificateRequired => "it wants a client certificate".to_owned(),
        AlertDescription::CertificateExpired => "our certificate has expired".to_owned(),
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::DecryptError => "it does not take our certificate".to_owned(),
        AlertDescription::CertificateRevoked => "our certificate is revoked".to_owned(),
        AlertDescription::ProtocolVersion => "there is no version of TLS that both sides take".to_owned(),
        other => format!("it ended the TLS session: {other:?}"),
    }
}
