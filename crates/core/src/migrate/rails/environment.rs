//! What rake is told about the database: the address without the password, and which Rails environment it is.
//!
//! The rest of the environment is inherited: Ruby needs PATH, HOME and the paths of its gems.

use std::ffi::OsString;

use sqlx::PgConnection;
use url::Url;

use super::passfile::Passfile;
use crate::connection::{ConnectionProfile, Environment, TlsMode};
use crate::{Error, Result};

/// What would lead libpq or the task elsewhere, were it inherited.
pub(super) const REMOVED: [&str; 9] = [
    "PGPASSWORD",
    "PGSERVICE",
    "PGSERVICEFILE",
    "PGHOSTADDR",
    "PGOPTIONS",
    "VERSION",
    "STEP",
    "SCOPE",
    "VERBOSE",
];

/// The variables to set.
///
/// # Errors
/// `Internal` where the address makes no URL.
pub(super) fn variables(
    profile: &ConnectionProfile,
    rails: Option<String>,
    name: &str,
    passfile: Option<&Passfile>,
) -> Result<Vec<(&'static str, OsString)>> {
    let mut found: Vec<(&'static str, OsString)> = vec![
        ("DATABASE_URL", address(profile)?.into()),
        ("PGHOST", profile.host.clone().into()),
        ("PGPORT", profile.port.to_string().into()),
        ("PGUSER", profile.user.clone().into()),
        ("PGDATABASE", profile.database.clone().into()),
        ("PGAPPNAME", name.into()),
        ("PGSSLMODE", mode(profile.tls).into()),
    ];
    found.extend(profile.tls_root_cert.as_ref().map(|file| ("PGSSLROOTCERT", file.into())));
    found.extend(profile.tls_files.client_cert.as_ref().map(|file| ("PGSSLCERT", file.into())));
    found.extend(profile.tls_files.client_key.as_ref().map(|file| ("PGSSLKEY", file.into())));
    found.extend(passfile.map(|file| ("PGPASSFILE", file.path().into())));
    if let Some(rails) = rails.or_else(|| usual(profile.environment).map(str::to_owned)) {
        found.extend([("RAILS_ENV", rails.clone().into()), ("RACK_ENV", rails.into())]);
    }
    Ok(found)
}

/// As `DATABASE_URL` gives it, which Rails puts above config/database.yml. Rails reads no host out of a URL for a
/// socket: there libpq's own variable counts.
fn address(profile: &ConnectionProfile) -> Result<String> {
    let no_url = |_| Error::internal(format!("the address of {} makes no URL", profile.name));
    if profile.host.starts_with('/') {
        let mut url = Url::parse("postgresql:///").map_err(|error| Error::internal(error.to_string()))?;
        url.set_path(&profile.database);
        return Ok(url.into());
    }
    let host = if profile.host.contains(':') { format!("[{}]", profile.host) } else { profile.host.clone() };
    let mut url = Url::parse(&format!("postgresql://{host}:{}", profile.port))
        .map_err(|error| Error::internal(format!("the address of {}: {error}", profile.name)))?;
    url.set_username(&profile.user).map_err(no_url)?;
    url.set_path(&profile.database);
    url.query_pairs_mut().append_pair("sslmode", mode(profile.tls));
    Ok(url.into())
}

fn mode(tls: TlsMode) -> &'static str {
    match tls {
        TlsMode::Disable => "disable",
        TlsMode::Allow => "allow",
        TlsMode::Prefer => "prefer",
        TlsMode::Require => "require",
        TlsMode::VerifyCa => "verify-ca",
        TlsMode::VerifyFull => "verify-full",
    }
}

/// Where the database has no word of its own on it. Without one Rails takes "development", and writes that down.
fn usual(environment: Environment) -> Option<&'static str> {
    match environment {
        Environment::Development => Some("development"),
        Environment::Test => Some("test"),
        Environment::Staging => Some("staging"),
        Environment::Production => Some("production"),
        Environment::Other => None,
    }
}

/// What Rails wrote down as this database's environment. Another one given to rake would be written over it.
pub(super) async fn recorded(session: &mut PgConnection) -> Result<Option<String>> {
    let there: bool = sqlx::query_scalar("select to_regclass('ar_internal_metadata') is not null")
        .fetch_one(&mut *session)
        .await?;
    if !there {
        return Ok(None);
    }
    let sql = "select value::text from ar_internal_metadata where key = 'environment'";
    Ok(sqlx::query_scalar::<_, Option<String>>(sql).fetch_optional(session).await?.flatten())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(host: &str) -> String {
        address(&ConnectionProfile::new("a", host, 5433, "eval/1", "mia@home")).unwrap()
    }

    #[test]
    fn the_address_holds_no_password_and_escapes_what_it_must() {
        assert_eq!(url("db.example"), "postgresql://mia%40home@db.example:5433/eval/1?sslmode=prefer");
        assert_eq!(url("::1"), "postgresql://mia%40home@[::1]:5433/eval/1?sslmode=prefer");
        assert_eq!(url("/run/postgresql"), "postgresql:///eval/1");
    }

    #[test]
    fn what_rails_wrote_down_counts_more_than_the_profile() {
        let mut profile = ConnectionProfile::new("a", "h", 1, "d", "u");
        profile.environment = Environment::Production;
        let rails = |recorded: Option<&str>| {
            let found = variables(&profile, recorded.map(str::to_owned), "x", None).unwrap();
            found.into_iter().find(|(name, _)| *name == "RAILS_ENV").map(|(_, value)| value)
        };
        assert_eq!(rails(None), Some("production".into()));
        assert_eq!(rails(Some("blue")), Some("blue".into()));
    }
}
