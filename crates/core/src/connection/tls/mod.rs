//! TLS as libpq means it: which authorities count, whose name the certificate must have, and who we are.
//!
//! The driver has TLS of its own, but trusts a named authority beside all of the web's instead of alone, takes no name
//! from a certificate's subject, and knows no name but the address: so the session is encrypted here, and the driver is
//! handed a stream (`relay`).

mod authorities;
mod cause;
mod files;
mod identity;
mod legacy;
mod names;
mod upgrade;
mod verify;

use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::ServerName;

use super::{ConnectionProfile, TlsMode};
use crate::{Error, ErrorKind, Result};

pub(super) use cause::explain;
pub(super) use files::SYSTEM;
pub use files::TlsFiles;
pub(super) use upgrade::Upgrade;
use verify::{Verifier, Verify};

/// How a profile's sessions are encrypted: made once, since its files are read for it.
#[derive(Debug, Clone)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
    /// The server as errors call it.
    server: String,
}

impl Tls {
    /// Reads what the profile names. Nothing where it is never encrypted: by its mode, or since a unix socket never is.
    ///
    /// # Errors
    /// `Tls`, naming the file and what is wrong with it.
    pub(super) fn prepare(profile: &ConnectionProfile) -> Result<Option<Self>> {
        if profile.tls == TlsMode::Disable || profile.host.starts_with('/') {
            return Ok(None);
        }
        let verify = wanted(profile)?;
        let anchors = match verify {
            Verify::Nothing => Vec::new(),
            _ => authorities::read(profile)?,
        };
        let provider = Arc::new(default_provider());
        let verifier = Verifier::new(verify, anchors, Arc::clone(&provider))?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| Error::internal(format!("TLS cannot be set up: {error}")))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let config = match identity::read(&profile.tls_files)? {
            Some((chain, key)) => config
                .with_client_auth_cert(chain, key)
                .map_err(|error| identity::unfit(&profile.tls_files, error))?,
            None => config.with_no_client_auth(),
        };
        Ok(Some(Self { config: Arc::new(config), name: name(profile, verify)?, server: profile.address() }))
    }
}

/// What is looked at. As libpq has it, a named authority makes every mode look at who signed, and `system` is for
/// verify-full alone: anybody gets a certificate of the web's authorities for a name of their own.
fn wanted(profile: &ConnectionProfile) -> Result<Verify> {
    let system = profile.tls_root_cert.as_deref() == Some(SYSTEM);
    match (profile.tls, &profile.tls_root_cert) {
        (TlsMode::VerifyFull, _) => Ok(Verify::ChainAndName),
        (mode, Some(_)) if system => Err(weak(mode)),
        (TlsMode::VerifyCa, None) => Err(weak(TlsMode::VerifyCa)),
        (_, Some(_)) => Ok(Verify::Chain),
        (_, None) => Ok(Verify::Nothing),
    }
}

fn weak(mode: TlsMode) -> Error {
    let mode =
        serde_json::to_value(mode).ok().and_then(|mode| mode.as_str().map(str::to_owned)).unwrap_or_default();
    Error::new(
        ErrorKind::Tls,
        format!("sslmode={mode} with the system's authorities would take any certificate of the web, whosever it is"),
    )
    .hint("Use verify-full, or name the authority that signed the server's certificate (sslrootcert=FILE).")
}

/// The name in the certificate. Where nobody looks at it, one that is none at all does no harm.
fn name(profile: &ConnectionProfile, verify: Verify) -> Result<ServerName<'static>> {
    let name = profile.tls_files.server_name.as_deref().unwrap_or(&profile.host);
    match ServerName::try_from(name.to_owned()) {
        Ok(name) => Ok(name),
        Err(_) if verify != Verify::ChainAndName => Ok(ServerName::from(std::net::Ipv4Addr::UNSPECIFIED)),
        Err(error) => Err(Error::new(ErrorKind::Tls, format!("no certificate can be for {name}: {error}"))
            .hint("Name the server as its certificate does (the server name of the connection's TLS).")),
    }
}
