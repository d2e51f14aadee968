//! Looking at the server's certificate, as far as libpq's modes say so.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{
    CryptoProvider, verify_tls12_signature, verify_tls13_signature, verify_tls13_signature_with_raw_key,
};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error as TlsError, RootCertStore, SignatureScheme};

use super::{legacy, names};
use crate::{Error, ErrorKind, Result};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verify {
    Nothing,
    /// Who signed it.
    Chain,
    /// And whose it is.
    ChainAndName,
}

#[derive(Debug)]
pub(super) struct Verifier {
    verify: Verify,
    anchors: Vec<CertificateDer<'static>>,
    /// Nothing where nothing is looked at.
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Verifier {
    pub(super) fn new(
        verify: Verify,
        anchors: Vec<CertificateDer<'static>>,
        provider: Arc<CryptoProvider>,
    ) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        let (added, _) = roots.add_parsable_certificates(anchors.iter().cloned());
        if verify == Verify::Nothing {
            return Ok(Self { verify, anchors, chain: None, provider });
        }
        if added == 0 {
            return Err(Error::new(ErrorKind::Tls, "no certificate of the authorities can be read").hint(
                "Name a PEM file with the authority that signed the server's certificate (sslrootcert=FILE).",
            ));
        }
        let chain =
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
        let chain = chain.map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?;
        Ok(Self { verify, anchors, chain: Some(chain), provider })
    }

    /// The chain alone; whether the name is right already.
    fn verify_chain(
        &self,
        shown: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<bool, TlsError> {
        let Some(chain) = &self.chain else { return Ok(true) };
        match chain.verify_server_cert(shown, between, server, &[], now) {
            Ok(_) => Ok(true),
            Err(TlsError::InvalidCertificate(why)) => match why {
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Ok(false)
                }
                // Version 1, and an authority that is a server itself.
                CertificateError::BadEncoding | CertificateError::Other(_) => {
                    legacy::verify(shown, &self.anchors, now).map(|()| false)
                }
                other => Err(other.into()),
            },
            Err(other) => Err(other),
        }
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        server: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let named = self.verify_chain(shown, between, server, now)?;
        if self.verify == Verify::ChainAndName && !named && !names::belongs_to(shown, server) {
            return Err(CertificateError::NotValidForNameContext {
                expected: server.to_owned(),
                presented: vec![names::shown(shown)],
            }
            .into());
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        verify_tls12_signature(message, shown, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        shown: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        match verify_tls13_signature(message, shown, signed, algorithms) {
            Err(TlsError::InvalidCertificate(CertificateError::BadEncoding | CertificateError::Other(_))) => {
                let key = SubjectPublicKeyInfoDer::from(legacy::public_key(shown)?);
                verify_tls13_signature_with_raw_key(message, &key, signed, algorithms)
            }
            other => other,
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
