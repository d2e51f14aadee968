//! A saved connection. It has no password field at all: secrets live behind `SecretStore`.

mod migrations;
mod timeouts;
mod validate;

pub use migrations::MigrationSettings;
pub use timeouts::Timeouts;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{SshTunnel, TlsFiles, WriteMode};

/// The id of the private server's connection, and the key of its password.
pub const LOCAL_ID: &str = "local";

/// Where a database stands in people's work; decides colour, mark and how much is asked before a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Environment {
    Development,
    Test,
    Staging,
    Production,
    Other,
}

/// How the session is encrypted, with libpq's names and meaning
/// (<https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION>).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum TlsMode {
    Disable,
    Allow,
    #[default]
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

/// Where the password is taken from when a session opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretPolicy {
    /// Kept in the keyring of the operating system.
    #[default]
    Keyring,
    /// Asked once a start, kept in memory only.
    Ask,
    /// The server asks for none (trust, peer, certificate).
    None,
    /// What a program prints, anew for every opening (`pass show x`, `op read …`).
    Command,
}

/// One saved connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ConnectionProfile {
    /// Stable for life; tabs, jobs and the keyring refer to it.
    pub id: String,
    /// What people call it; unique without regard to case.
    pub name: String,
    /// The heading that it stands under in lists.
    #[serde(default)]
    pub group: Option<String>,
    /// What its people want to know about it. Never a place for secrets.
    #[serde(default)]
    pub notes: Option<String>,
    /// A host name, an address, or the folder of a unix socket (starts with a slash).
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    pub environment: Environment,
    /// A hue of the person's own choice as `#rrggbb`; the mark and the line stay the environment's.
    #[serde(default)]
    pub color: Option<String>,
    /// Its owner marked it: nothing changes it, no job either.
    #[serde(default)]
    pub read_only: bool,
    /// What SQL may change; `None` leaves it to the environment.
    #[serde(default)]
    pub writes: Option<WriteMode>,
    #[serde(default)]
    pub tls: TlsMode,
    /// A PEM file with the authorities to trust, for `verify-ca` and `verify-full`; `system` for those of the system.
    #[serde(default)]
    pub tls_root_cert: Option<String>,
    #[serde(default)]
    pub tls_files: TlsFiles,
    /// The SSH server that leads to the database's; without one the host is reached from here.
    #[serde(default)]
    pub ssh: Option<SshTunnel>,
    #[serde(default = "default_application_name")]
    pub application_name: String,
    /// How many sessions this profile may hold at once.
    #[serde(default = "default_pool_size")]
    pub pool_size: u32,
    #[serde(default)]
    pub timeouts: Timeouts,
    #[serde(default)]
    pub secret_policy: SecretPolicy,
    /// The command whose first line is the password, where the policy is `command`: words with the quotes of a shell,
    /// and no shell reads them.
    #[serde(default)]
    pub password_command: Option<String>,
    /// The id of the connection whose kept password counts, for another database of one server. Never taken from
    /// the wire: a window could else have a password sent to a server of its choice.
    #[serde(default)]
    pub secret_of: Option<String>,
    /// The private server that we start and stop ourselves.
    #[serde(default)]
    pub local: bool,
    /// How this database is migrated.
    #[serde(default)]
    pub migrations: MigrationSettings,
}

fn default_application_name() -> String {
    "evaldesk".to_owned()
}

fn default_pool_size() -> u32 {
    4
}

impl ConnectionProfile {
    /// A profile with everything but the address at its default.
    pub fn new(
        name: impl Into<String>,
        host: impl Into<String>,
        port: u16,
        database: impl Into<String>,
        user: impl Into<String>,
    ) -> Self {
        Self {
            id: uuid::Uuid::now_v7().to_string(),
            name: name.into(),
            group: None,
            notes: None,
            host: host.into(),
            port,
            database: database.into(),
            user: user.into(),
            environment: Environment::Other,
            color: None,
            read_only: false,
            writes: None,
            tls: TlsMode::default(),
            tls_root_cert: None,
            tls_files: TlsFiles::default(),
            ssh: None,
            application_name: default_application_name(),
            pool_size: default_pool_size(),
            timeouts: Timeouts::default(),
            secret_policy: SecretPolicy::default(),
            password_command: None,
            secret_of: None,
            local: false,
            migrations: MigrationSettings::default(),
        }
    }

    /// Under which key its password is kept.
    pub fn secret_key(&self) -> &str {
        self.secret_of.as_deref().unwrap_or(&self.id)
    }

    /// Whether its server is the private one, that we start and stop: by itself, or as another database there.
    pub fn is_on_private_server(&self) -> bool {
        self.local || self.secret_of.as_deref() == Some(LOCAL_ID)
    }

    /// Whether two lead to one server as one user: then one password serves both.
    pub fn same_login(&self, other: &Self) -> bool {
        (&self.host, self.port, &self.user, &self.ssh) == (&other.host, other.port, &other.user, &other.ssh)
    }

    /// Whether two lead to one database as one user.
    pub fn same_place(&self, other: &Self) -> bool {
        self.same_login(other) && self.database == other.database
    }

    /// Whether the server is on this machine by its address alone.
    pub fn is_loopback(&self) -> bool {
        self.host.starts_with('/')
            || self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// "host:port", or the socket's folder.
    pub fn address(&self) -> String {
        if self.host.starts_with('/') {
            format!("{} (port {})", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}
