//! Connections to PostgreSQL: what is saved (profile), what is secret, and how a session is opened.

mod arrange;
mod cause;
mod database;
pub mod databases;
mod direct;
pub mod export;
pub mod import;
mod open;
mod options;
mod password_command;
mod profile;
mod secret;
mod store;
mod test;
mod tls;
mod tunnel;
mod url;
mod writes;

pub use arrange::{ConnectionPlace, arrange};
pub use database::Database;
pub use open::connect;
pub use password_command::ask as ask_password_command;
pub use profile::{
    ConnectionProfile, Environment, LOCAL_ID, MigrationSettings, SecretPolicy, Timeouts, TlsMode,
};
pub use secret::{MemorySecrets, Secret, SecretStore};
pub use store::{
    FileProfiles, MemoryProfiles, ProfileChange, ProfileStore, SavedProfiles, write_new, write_private,
};
pub use test::{ServerFacts, StepOutcome, TestReport, TestStep, test_connection};
pub use tls::TlsFiles;
pub use tunnel::{SshAuth, SshTunnel};
pub use url::{ParsedUrl, parse_url};
pub use writes::WriteMode;
