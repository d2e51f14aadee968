//! From a profile to the driver's options, and the settings every session of ours begins with.

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};

use super::{ConnectionProfile, Secret, TlsMode};
use crate::Result;

/// The driver's options. Every field is set, so that no PG* variable of the environment leaks in.
pub(super) fn connect_options(
    profile: &ConnectionProfile,
    secret: Option<&Secret>,
    tls: PgSslMode,
) -> PgConnectOptions {
    let options = PgConnectOptions::new_without_pgpass()
        .port(profile.port)
        .username(&profile.user)
        .database(&profile.database)
        .password(secret.map(Secret::expose).unwrap_or_default())
        .application_name(&profile.application_name)
        .ssl_mode(tls);
    let options = match &profile.tls_root_cert {
        Some(path) => options.ssl_root_cert(path),
        None => options,
    };
    if profile.host.starts_with('/') { options.socket(&profile.host) } else { options.host(&profile.host) }
}

/// The driver's TLS modes for a profile: the first to try, and what to do where that is turned away.
///
/// As libpq has it: a unix socket is never encrypted, and `require` looks at the certificate where a root is named.
pub(super) fn tls_modes(profile: &ConnectionProfile) -> (PgSslMode, Option<PgSslMode>) {
    if profile.host.starts_with('/') {
        return (PgSslMode::Disable, None);
    }
    let encrypted = if profile.tls_root_cert.is_some() { PgSslMode::VerifyCa } else { PgSslMode::Require };
    match profile.tls {
        TlsMode::Disable => (PgSslMode::Disable, None),
        TlsMode::Allow => (PgSslMode::Disable, Some(encrypted)),
        TlsMode::Prefer => (PgSslMode::Prefer, Some(PgSslMode::Disable)),
        TlsMode::Require => (encrypted, None),
        TlsMode::VerifyCa => (PgSslMode::VerifyCa, None),
        TlsMode::VerifyFull => (PgSslMode::VerifyFull, None),
    }
}

/// Sets limits and read-only on a fresh session.
///
/// By `set_config` after connecting, not as start-up options: a pooler in between refuses unknown start-up options.
pub(super) async fn prepare_session(
    session: &mut PgConnection,
    profile: &ConnectionProfile,
) -> Result<(), sqlx::Error> {
    sqlx::query(include_str!("prepare_session.sql"))
        .bind(profile.timeouts.statement_ms.to_string())
        .bind(profile.timeouts.lock_ms.to_string())
        .bind(profile.timeouts.idle_in_transaction_ms.to_string())
        .bind(if profile.read_only { "on" } else { "off" })
        .execute(session)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(host: &str, tls: TlsMode, root: Option<&str>, expected: (PgSslMode, Option<PgSslMode>)) {
        let mut profile = ConnectionProfile::new("x", host, 5432, "raaf", "me");
        (profile.tls, profile.tls_root_cert) = (tls, root.map(str::to_owned));
        assert_eq!(format!("{:?}", tls_modes(&profile)), format!("{expected:?}"));
    }

    #[test]
    fn modes_mean_what_they_mean_to_libpq() {
        check("db", TlsMode::Allow, None, (PgSslMode::Disable, Some(PgSslMode::Require)));
        check("db", TlsMode::Prefer, None, (PgSslMode::Prefer, Some(PgSslMode::Disable)));
        check("db", TlsMode::Require, None, (PgSslMode::Require, None));
        check("db", TlsMode::Require, Some("/ca.crt"), (PgSslMode::VerifyCa, None));
        check("/run/postgresql", TlsMode::VerifyFull, None, (PgSslMode::Disable, None));
    }
}
