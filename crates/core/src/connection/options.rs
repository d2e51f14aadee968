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

/// The driver's TLS mode; `allow` is tried plain first, see `open`.
pub(super) fn tls_mode(mode: TlsMode) -> PgSslMode {
    match mode {
        TlsMode::Disable | TlsMode::Allow => PgSslMode::Disable,
        TlsMode::Prefer => PgSslMode::Prefer,
        TlsMode::Require => PgSslMode::Require,
        TlsMode::VerifyCa => PgSslMode::VerifyCa,
        TlsMode::VerifyFull => PgSslMode::VerifyFull,
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
