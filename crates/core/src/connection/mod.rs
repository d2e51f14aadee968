//! Connections to PostgreSQL: what is saved (profile), what is secret, and how a session is opened.

mod access;
mod arrange;
mod cause;
mod database;
pub mod databases;
pub mod export;
pub mod import;
mod line;
mod open;
mod options;
mod password_command;
mod pool;
mod pooled;
mod pooler;
mod profile;
mod read;
mod relay;
mod secret;
mod store;
mod test;
mod tls;
mod tunnel;
mod url;
mod writes;

pub use access::Access;
pub use arrange::{ConnectionPlace, arrange};
pub use database::Database;
pub use open::connect;
pub use password_command::ask as ask_password_command;
pub(crate) use pooled::AS_AT_LOGIN;
pub use pooler::{PoolMode, Pooler};
pub use profile::{
    ConnectionProfile, Environment, LOCAL_ID, MigrationSettings, SecretPolicy, Timeouts, TlsMode,
};
pub use secret::{MemorySecrets, Secret, SecretStore};
pub use store::{
    FileProfiles, MemoryProfiles, ProfileChange, ProfileStore, SavedProfiles, write_new, write_private,
};
pub use test::{ServerFacts, StepOutcome, TestReport, TestStep, test_connection};
pub use tls::TlsFiles;
pub use tunnel::{SshAuth, SshPlace, SshTunnel, Tunnel};
pub use url::{ParsedUrl, parse_url, parse_url_as};
pub use writes::WriteMode;
