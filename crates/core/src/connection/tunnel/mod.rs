//! The SSH session that a connection's sessions go through.

mod settings;

pub use settings::{SshAuth, SshTunnel};
