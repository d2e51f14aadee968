//! Certificates that OpenSSL takes and webpki does not: of version 1, as the recipe in PostgreSQL's own manual makes
//! them, and a server's self-signed one that is itself named as the authority.
//!
//! A whole verification by itself, of chains without a link in between.

use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error as TlsError};
use x509_parser::prelude::{FromDer as _, X509Certificate, X509Version};

/// Whether one of the authorities has signed it, and both are valid today.
///
/// # Errors
/// As webpki words it.
pub(super) fn verify(
    shown: &CertificateDer<'_>,
    anchors: &[CertificateDer<'static>],
    now: UnixTime,
) -> Result<(), TlsError> {
    let certificate = parse(shown)?;
    let signer = anchors.iter().find_map(|anchor| signed_by(&certificate, shown, anchor));
    let signer = signer.ok_or(CertificateError::UnknownIssuer)?;
    for checked in [&certificate, &signer] {
        check_time(checked, now)?;
    }
    let purposes = certificate.extended_key_usage().map_err(|_| CertificateError::BadEncoding)?;
    if purposes.is_some_and(|purposes| !purposes.value.server_auth && !purposes.value.any) {
        return Err(CertificateError::InvalidPurpose.into());
    }
    Ok(())
}

fn parse<'a>(certificate: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, TlsError> {
    let parsed = X509Certificate::from_der(certificate);
    parsed.map(|(_, certificate)| certificate).map_err(|_| CertificateError::BadEncoding.into())
}

/// The authority, where it is one and its key made the signature.
fn signed_by<'a>(
    certificate: &X509Certificate<'_>,
    shown: &CertificateDer<'_>,
    anchor: &'a CertificateDer<'static>,
) -> Option<X509Certificate<'a>> {
    let authority = parse(anchor).ok()?;
    let itself = anchor.as_ref() == shown.as_ref();
    let may_sign = itself || authority.is_ca() || authority.version() == X509Version::V1;
    let named = authority.subject().as_raw() == certificate.issuer().as_raw();
    let signed = certificate.verify_signature(Some(authority.public_key())).is_ok();
    (may_sign && named && signed).then_some(authority)
}

fn check_time(certificate: &X509Certificate<'_>, now: UnixTime) -> Result<(), TlsError> {
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    if now < validity.not_before.timestamp() {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > validity.not_after.timestamp() {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

/// The public key of a certificate that webpki does not read.
pub(super) fn public_key(certificate: &CertificateDer<'_>) -> Result<Vec<u8>, TlsError> {
    Ok(parse(certificate)?.public_key().raw.to_vec())
}
