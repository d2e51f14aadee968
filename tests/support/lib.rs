//! What every test against a real server stands on: engines, private clusters, a fresh database a test.
//!
//! A missing server never skips a test, it fails it with what to run. Clusters belong to the test
//! process: one per major version, started when the first test asks, and stopped by a watcher that
//! notices when the process is gone, a panic and `kill -9` included.

// Tests read the environment of their host, and speak to the person who runs them.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::print_stderr)]

mod account;
mod cluster;
mod crate_source;
mod database;
mod engine;
pub mod guard_fuzz;
mod keyring;
pub mod peers;
mod pgbouncer;
mod pki;
mod programs;
mod proxy;
mod rails_app;
mod scratch;
mod silence;
mod small_disk;
mod ssh_password;
mod sshd;
mod template;
mod versions;
mod watcher;

pub use account::Account;
pub use cluster::Cluster;
pub use crate_source::crate_source;
pub use database::{
    TestDatabase, any_database, empty_database, for_each_version, fresh_database, hypopg_database,
};
pub use engine::{Engine, engine, product};
pub use keyring::{Keyring, KeyringState};
pub use pgbouncer::{Pgbouncer, PoolerSettings};
pub use pki::{Certified, Pki};
pub use programs::{Cli, Finished, program, root, target};
pub use proxy::{Proxy, Side};
pub use rails_app::RailsApp;
pub use scratch::no_copy_is_left;
pub use silence::Silence;
pub use small_disk::on_a_small_disk;
pub use ssh_password::{PasswordSshd, SshAsks};
pub use sshd::{SshAgent, Sshd, keygen};
pub use versions::{newest, oldest, usual, versions};
