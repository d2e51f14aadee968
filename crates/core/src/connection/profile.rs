//! A saved connection. It has no password field at all: secrets live behind `SecretStore`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{SshTunnel, TlsFiles, WriteMode};
use crate::{Error, ErrorKind, Result};

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

/// Limits of a session, in milliseconds; 0 means no limit, as the server understands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct Timeouts {
    pub connect_ms: u32,
    pub statement_ms: u32,
    pub lock_ms: u32,
    pub idle_in_transaction_ms: u32,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 10_000, statement_ms: 30_000, lock_ms: 2_000, idle_in_transaction_ms: 60_000 }
    }
}

impl Timeouts {
    /// How long connecting may take; without end where it is 0.
    pub fn connect_limit(&self) -> Option<std::time::Duration> {
        (self.connect_ms > 0).then(|| std::time::Duration::from_millis(self.connect_ms.into()))
    }
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

/// How a database is migrated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct MigrationSettings {
    /// A folder of migration files; without one, the schema of RAAF Eval that is compiled in.
    pub folder: Option<String>,
    /// How rake is called for a folder of Ruby files, words apart: "bundle exec rake". No shell reads it.
    pub rake: Option<String>,
    /// Consent to a schema `evaldesk` in the database, for the log and our own ledger.
    pub own_schema: bool,
    /// The id of the connection where a migration has to be up before it may run here.
    pub after: Option<String>,
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

    /// Refuses what can never connect, naming the field.
    pub fn validate(&self) -> Result<()> {
        let fields =
            [("name", &self.name), ("host", &self.host), ("database", &self.database), ("user", &self.user)];
        for (field, value) in fields {
            if value.trim().is_empty() {
                return Err(invalid(
                    format!("the connection has no {field}"),
                    format!("Fill in the {field}."),
                ));
            }
            if value.contains('\0') {
                return Err(invalid(
                    format!("the {field} contains a zero byte"),
                    "Type it again.".to_owned(),
                ));
            }
        }
        if self.port == 0 {
            return Err(invalid(
                "port 0 cannot be connected to".to_owned(),
                "PostgreSQL's usual port is 5432.".to_owned(),
            ));
        }
        if !(1..=50).contains(&self.pool_size) {
            return Err(invalid(
                format!("a pool of {} sessions is out of range", self.pool_size),
                "Choose 1 to 50.".to_owned(),
            ));
        }
        if self.secret_policy == SecretPolicy::Command {
            super::password_command::words(self.password_command.as_deref().unwrap_or_default())?;
        }
        if self.color.as_deref().is_some_and(|color| !is_hex_color(color)) {
            return Err(invalid(
                "the colour is not of the form #rrggbb".to_owned(),
                "Choose a colour again.".to_owned(),
            ));
        }
        self.ssh.as_ref().map_or(Ok(()), SshTunnel::validate)
    }

    /// Refuses a name or a group that would break lines of lists and logs, or turn the words around it about.
    ///
    /// # Errors
    /// `InvalidArguments`, naming the field.
    pub fn validate_names(&self) -> Result<()> {
        for (field, text) in [("name", Some(&self.name)), ("group", self.group.as_ref())] {
            if text.is_some_and(|text| text.contains(breaks_lines)) {
                return Err(invalid(
                    format!("the {field} of the connection holds a line end or another control character"),
                    format!("Type the {field} in one line, of characters that can be seen."),
                ));
            }
        }
        Ok(())
    }
}

/// Control characters, ends of lines and paragraphs, and what turns the direction of writing about.
fn breaks_lines(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_hex_color(color: &str) -> bool {
    color.len() == 7 && color.starts_with('#') && color[1..].chars().all(|digit| digit.is_ascii_hexdigit())
}

fn invalid(message: String, hint: String) -> Error {
    Error::new(ErrorKind::InvalidArguments, message).hint(hint)
}
