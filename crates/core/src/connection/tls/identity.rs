//! Who we are: the client's certificate and its key, with libpq's own checks of the key's file.

use std::path::Path;

use rustls::pki_types::pem::{self, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::authorities::of_file;
use super::files::TlsFiles;
use crate::{Error, ErrorKind, Result};

/// The certificate with what leads to its authority, and its key.
type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// Reads the files that are named; nothing where none is.
///
/// # Errors
/// `Tls`, naming the file and what is wrong with it.
pub(super) fn read(files: &TlsFiles) -> Result<Option<Identity>> {
    match (&files.client_cert, &files.client_key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => {
            let chain = of_file("client certificate", Path::new(certificate))?;
            Ok(Some((chain, read_key(Path::new(key))?)))
        }
        (Some(_), None) => Err(half("a client certificate is named and no key for it")),
        (None, Some(_)) => Err(half("a client key is named and no certificate for it")),
    }
}

fn half(message: &str) -> Error {
    Error::new(ErrorKind::Tls, message).hint("Name both files: sslcert and sslkey belong together.")
}

fn read_key(file: &Path) -> Result<PrivateKeyDer<'static>> {
    let text = std::fs::read(file).map_err(|error| {
        Error::new(ErrorKind::Tls, format!("the client key {} cannot be read: {error}", file.display()))
            .hint("Check the path, and that this user may read the file.")
            .caused_by(error)
    })?;
    refuse_open_to_others(file)?;
    let encrypted = text.windows(9).any(|window| window == b"ENCRYPTED");
    PrivateKeyDer::from_pem_slice(&text).map_err(|error| match error {
        _ if encrypted => Error::new(
            ErrorKind::Tls,
            format!("the client key {} has a passphrase, and only open ones are understood", file.display()),
        )
        .hint("Write it without one and close the file: openssl pkey -in KEY -out OPEN; chmod 600 OPEN"),
        pem::Error::NoItemsFound => no_key(file, "there is no private key in it"),
        other => no_key(file, &other.to_string()),
    })
}

fn no_key(file: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Tls, format!("the client key {} is no PEM key: {why}", file.display()))
        .hint("The file begins with -----BEGIN PRIVATE KEY----- (or RSA, or EC PRIVATE KEY).")
}

/// As libpq has it: 0600 or less for one of our own, 0640 or less for root's
/// (<https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-CLIENTCERT>).
#[cfg(unix)]
fn refuse_open_to_others(file: &Path) -> Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let facts = std::fs::metadata(file)?;
    let (mode, by_root) = (facts.mode() & 0o777, facts.uid() == 0 && !rustix::process::geteuid().is_root());
    if mode & if by_root { 0o037 } else { 0o077 } == 0 {
        return Ok(());
    }
    let shown = file.display();
    Err(Error::new(ErrorKind::Tls, format!("the client key {shown} is open to others (mode {mode:04o})"))
        .hint(format!("Close it: chmod 600 {shown}")))
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path) -> Result<()> {
    Ok(())
}

/// The two do not belong together, or the key is of a kind that is not understood.
pub(super) fn unfit(files: &TlsFiles, error: rustls::Error) -> Error {
    let (certificate, key) = (files.client_cert.as_deref(), files.client_key.as_deref());
    let (certificate, key) = (certificate.unwrap_or_default(), key.unwrap_or_default());
    let why = match &error {
        rustls::Error::InconsistentKeys(_) => "the key is another certificate's".to_owned(),
        other => other.to_string(),
    };
    Error::new(
        ErrorKind::Tls,
        format!("the client certificate {certificate} cannot be used with the key {key}: {why}"),
    )
    .hint("Name a certificate and the key that it was made from.")
    .caused_by(error)
}
