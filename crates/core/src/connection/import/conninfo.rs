//! libpq's keywords, as a service file, PG* variables and database.yml share them.

use super::reading::Candidate;
use super::{Surroundings, pgpass};
use crate::connection::url::apply_parameter;
use crate::connection::{ConnectionProfile, Environment, Secret, SecretPolicy};

/// Collects keywords of one connection, and fills what is open as libpq does.
#[derive(Debug, Default)]
pub(super) struct Conninfo {
    host: Option<String>,
    port: Option<String>,
    database: Option<String>,
    user: Option<String>,
    password: Option<Secret>,
    others: Vec<(String, String)>,
    line: Option<u32>,
}

/// libpq knows them and a profile has no use for them: they are told, not refused.
const WITHOUT_A_PLACE: &[&str] = &[
    "options",
    "sslcrl",
    "sslcrldir",
    "sslcompression",
    "sslpassword",
    "sslsni",
    "sslnegotiation",
    "requirepeer",
    "require_auth",
    "channel_binding",
    "krbsrvname",
    "gsslib",
    "gssencmode",
    "gssdelegation",
    "target_session_attrs",
    "load_balance_hosts",
    "keepalives",
    "keepalives_idle",
    "keepalives_interval",
    "keepalives_count",
    "tcp_user_timeout",
    "client_encoding",
    "replication",
    "fallback_application_name",
    "ssl_min_protocol_version",
    "ssl_max_protocol_version",
    "sslcertmode",
    "sslkeylogfile",
    "requiressl",
    "scram_client_key",
    "scram_server_key",
    "min_protocol_version",
    "max_protocol_version",
    "oauth_issuer",
    "oauth_client_id",
    "oauth_client_secret",
    "oauth_scope",
    "servicefile",
];

/// Keywords that a profile has a place for, and those that say where to look.
const WITH_A_PLACE: [&str; 14] = [
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "passfile",
    "service",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "connect_timeout",
];

/// Whether libpq knows a keyword
/// (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>).
pub(in crate::connection) fn is_keyword(word: &str) -> bool {
    WITH_A_PLACE.contains(&word) || WITHOUT_A_PLACE.contains(&word)
}

impl Conninfo {
    pub(super) fn at(line: impl Into<Option<u32>>) -> Self {
        Self { line: line.into(), ..Self::default() }
    }

    /// Takes a keyword; false where libpq has none of that name.
    pub(super) fn set(&mut self, keyword: &str, value: &str) -> bool {
        let value = value.to_owned();
        match keyword {
            "hostaddr" => self.host = self.host.take().or(Some(value)),
            "host" => self.host = Some(value),
            "port" => self.port = Some(value),
            "dbname" => self.database = Some(value),
            "user" => self.user = Some(value),
            "password" => self.password = Some(Secret::new(value)),
            "sslmode" | "sslrootcert" | "sslcert" | "sslkey" | "application_name" | "connect_timeout"
            | "passfile" => {
                self.others.push((keyword.to_owned(), value));
            }
            other if WITHOUT_A_PLACE.contains(&other) => self.others.push((other.to_owned(), value)),
            _ => return false,
        }
        true
    }

    /// The connection that libpq would make of it.
    pub(super) fn candidate(self, name: &str, around: &Surroundings) -> Candidate {
        let user = given(self.user).unwrap_or_else(|| around.default_user());
        let database = given(self.database).or_else(|| around.variable("PGDATABASE").map(str::to_owned));
        let host = given(self.host).unwrap_or_else(|| around.default_host());
        let several = host.contains(',');
        let host = host.split(',').next().unwrap_or_default().to_owned();
        let port = given(self.port).or_else(|| around.variable("PGPORT").map(str::to_owned));
        let database = database.unwrap_or_else(|| user.clone());
        let mut candidate = Candidate::new(ConnectionProfile::new(name, host, 5432, database, user));
        candidate.line = self.line;
        if several {
            candidate.note("It names several hosts; the first is taken.");
        }
        port.into_iter().for_each(|port| set_port(&mut candidate, &port));
        self.others.iter().for_each(|(key, value)| set_other(&mut candidate, key, value));
        let passfile = self.others.iter().find(|(key, _)| key == "passfile").map(|(_, file)| file.as_str());
        candidate.password = self.password;
        finish(&mut candidate, around, passfile);
        candidate
    }
}

fn given(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

fn set_port(candidate: &mut Candidate, port: &str) {
    match port.split(',').next().unwrap_or_default().trim().parse() {
        Ok(port) => candidate.profile.port = port,
        Err(_) => candidate.fails(format!("{port} is no port number")),
    }
}

fn set_other(candidate: &mut Candidate, key: &str, value: &str) {
    if WITHOUT_A_PLACE.contains(&key) {
        return candidate.note(format!("{key} is not taken over."));
    }
    let files = &mut candidate.profile.tls_files;
    match key {
        "sslcert" => return files.client_cert = Some(value.to_owned()),
        "sslkey" => return files.client_key = Some(value.to_owned()),
        _ => {}
    }
    if let Err(error) = apply_parameter(&mut candidate.profile, key, value) {
        candidate.fails(error.message());
    }
}

/// What every source does at the end: environment by the host, the password from .pgpass where libpq would take it,
/// and where it is kept from then on.
pub(super) fn finish(candidate: &mut Candidate, around: &Surroundings, passfile: Option<&str>) {
    if candidate.profile.environment == Environment::Other {
        candidate.profile.environment = guessed(&candidate.profile);
    }
    if candidate.password.is_none()
        && let Some(password) = pgpass::password_for(around, passfile, &candidate.profile)
    {
        candidate.password = Some(password);
        candidate.note("Its password comes from the password file.");
    }
    let profile = &mut candidate.profile;
    profile.secret_policy = match &candidate.password {
        Some(_) => SecretPolicy::Keyring,
        None if profile.host.starts_with('/') => SecretPolicy::None,
        None => SecretPolicy::Ask,
    };
}

/// Whatever is elsewhere and does not say what it is counts as production.
pub(super) fn guessed(profile: &ConnectionProfile) -> Environment {
    if profile.is_loopback() { Environment::Development } else { Environment::Production }
}
