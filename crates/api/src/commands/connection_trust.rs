//! Accepting the key of an SSH server: by the fingerprint that the person has seen, and no other.

use evaldesk_core::ErrorKind;
use evaldesk_core::connection::{ConnectionProfile, Secret};
use serde::Deserialize;
use ts_rs::TS;

use super::Done;
use crate::{ErrorReport, Result, Session};

/// Whose tunnel it is, saved or not, and the fingerprint that was shown ("SHA256:...").
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct HostTrustArguments {
    #[serde(default)]
    #[ts(optional = nullable)]
    pub connection: Option<String>,
    /// One that is not saved yet, or was changed since; it counts before `connection`.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub profile: Option<ConnectionProfile>,
    pub fingerprint: String,
    /// The tunnel's passphrase or password, if it was typed.
    #[serde(default)]
    #[ts(type = "string | null", optional)]
    pub ssh_secret: Option<Secret>,
}

/// Opens the tunnel once more, and accepts the one key that has this fingerprint. What else is in the way is said by the
/// next test: the key counts from here on.
pub async fn connection_trust_host(session: &Session, arguments: HostTrustArguments) -> Result<Done> {
    let profile = match (arguments.profile, &arguments.connection) {
        (Some(profile), _) => profile,
        (None, Some(connection)) => session.profile(connection)?,
        (None, None) => return Err(ErrorReport::new(ErrorKind::InvalidArguments, "no connection is named")),
    };
    let tunnel = session.tunnel_to_test(&profile, arguments.ssh_secret).await?.ok_or_else(|| {
        ErrorReport::new(ErrorKind::InvalidArguments, format!("{} has no SSH tunnel", profile.name))
    })?;
    let trusted = tunnel.trust(&arguments.fingerprint).await?;
    let what = format!("{} of {trusted}", arguments.fingerprint);
    session.record("connection_trust_host", Some(profile.name.clone()), &what, "ok");
    Ok(Done {})
}
