//! The SSH session that a connection's sessions go through.
//!
//! One SSH session a connection: each of PostgreSQL's sessions is a channel in it. It is opened by the first that needs
//! it, kept alive, and opened anew by the next one when it died in between. No ssh program is run, and nothing of
//! `~/.ssh/config` is.

mod auth;
mod cause;
mod client;
mod config;
mod hop;
mod known_hosts;
mod place;
mod session;
mod settings;

pub use place::SshPlace;
pub use session::Tunnel;
pub use settings::{SshAuth, SshTunnel};
