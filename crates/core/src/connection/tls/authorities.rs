//! Whose signature counts: a named file alone, or the system's store.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::super::ConnectionProfile;
use super::SYSTEM;
use crate::{Error, ErrorKind, Result};

/// The authorities of a profile: its file, else those of the system.
///
/// # Errors
/// `Tls` when a file cannot be read or holds no certificate, and when the system has none.
pub(super) fn read(profile: &ConnectionProfile) -> Result<Vec<CertificateDer<'static>>> {
    match profile.tls_root_cert.as_deref() {
        None | Some(SYSTEM) => of_the_system(),
        Some(file) => of_file("root certificate", Path::new(file)),
    }
}

/// The certificates of a PEM file, by what the profile calls it.
pub(super) fn of_file(what: &str, file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let shown = file.display();
    let text = std::fs::read(file).map_err(|error| {
        Error::new(ErrorKind::Tls, format!("the {what} {shown} cannot be read: {error}"))
            .hint("Check the path, and that this user may read the file.")
            .caused_by(error)
    })?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Ok(_) => Err(no_certificate(what, file, "there is no certificate in it")),
        Err(error) => Err(no_certificate(what, file, &error.to_string())),
    }
}

fn no_certificate(what: &str, file: &Path, why: &str) -> Error {
    Error::new(ErrorKind::Tls, format!("the {what} {} is no PEM certificate: {why}", file.display()))
        .hint("The file begins with -----BEGIN CERTIFICATE-----.")
}

/// Where OpenSSL and libpq look too. One broken certificate among many is passed over.
fn of_the_system() -> Result<Vec<CertificateDer<'static>>> {
    let loaded = rustls_native_certs::load_native_certs();
    if !loaded.certs.is_empty() {
        return Ok(loaded.certs);
    }
    let why = loaded.errors.first().map_or_else(|| "its store is empty".to_owned(), ToString::to_string);
    Err(Error::new(ErrorKind::Tls, format!("this system has no authorities to trust: {why}"))
        .hint("Install them (the package ca-certificates), or name the authority's file (sslrootcert=FILE)."))
}
