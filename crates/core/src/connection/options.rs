//! From a profile to the driver's options, and the settings every session of ours begins with.

use std::path::Path;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgSslMode};

use super::line::Line;
use super::relay::PORT;
use super::{ConnectionProfile, Secret};
use crate::Result;

/// The driver's options, with the folder of a relay's socket where it does not go there itself. Every field is set, so
/// that no PG* variable of the environment leaks in.
pub(super) fn connect_options(line: &Line, relay: Option<&Path>) -> PgConnectOptions {
    let (profile, secret) = (line.profile(), line.access().password.as_ref());
    let options = PgConnectOptions::new_without_pgpass()
        .port(profile.port)
        .username(&profile.user)
        .database(&profile.database)
        .password(secret.map(Secret::expose).unwrap_or_default())
        .application_name(&profile.application_name)
        // The server's own default is exact since 12, and a pooler refuses what it does not know.
        .extra_float_digits(None)
        // What is encrypted is encrypted by us.
        .ssl_mode(PgSslMode::Disable);
    match relay {
        Some(folder) => options.socket(folder).port(PORT),
        None if profile.host.starts_with('/') => options.socket(&profile.host),
        None => options.host(&profile.host),
    }
}

/// Sets limits and read-only on a fresh session of the server's own.
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
