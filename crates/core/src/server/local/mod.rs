//! The private server: a real PostgreSQL of the user's own, started when it is needed and stopped after its last user.
//!
//! Everyone who uses it holds a [`Lease`] (an flock, so a `kill -9` lets go of it too). One watcher process per
//! cluster stops the server when nobody does. `config` says what the host must bring; the rest is one file a step.

mod cluster;
mod config;
pub mod engine;
mod launch;
mod layout;
mod locks;
mod memory;
mod password;
mod port;
mod postmaster;
mod private;
mod reach;
mod reset;
mod session;
mod settings;
mod start;
mod status;
mod stop;
mod upgrade;
mod watcher;

pub use config::{DATABASE, LocalConfig, PREFERRED_MAJOR, RunAs, SYSTEM_DIR, USER};
pub use engine::{Engine, EngineHints};
pub use locks::{Lease, LeaseKind, Setup};
pub use reset::{ResetMode, ResetOutcome};
pub use session::Endpoint;
pub use status::{LocalState, LocalStatus};
pub use stop::{StopMode, StopOutcome};
pub use upgrade::{TableCheck, UpgradeOutcome, UpgradePlan};
pub use watcher::run_watcher;

use crate::Result;
use crate::connection::Secret;
use crate::job::JobContext;
use layout::Layout;

/// The local server of one folder.
#[derive(Debug, Clone)]
pub struct LocalServer {
    config: LocalConfig,
}

impl LocalServer {
    /// Nothing happens yet.
    pub fn new(config: LocalConfig) -> Self {
        Self { config }
    }

    /// What the host decided.
    pub fn config(&self) -> &LocalConfig {
        &self.config
    }

    /// Keeps the server up while the lease lives; take it before `start`. Waits while the server is being stopped.
    ///
    /// # Errors
    /// `LockTimeout`, and `Storage` when the folder cannot be used.
    pub async fn lease(&self, kind: LeaseKind) -> Result<Lease> {
        locks::lease(&Layout::of(&self.config)?, kind).await
    }

    /// For the host to hold from looking for the password until `start` is done: of two programs that start for the
    /// first time at once, the second must find the password that the first one made.
    ///
    /// # Errors
    /// `LockTimeout`, `Cancelled`, and `Storage` when the folder cannot be used.
    pub async fn setup(&self, job: &JobContext) -> Result<Setup> {
        locks::setup(&Layout::of(&self.config)?, job).await
    }

    /// Brings the server up, or finds it up: makes the data folder the first time, recovers after a crash. The password
    /// becomes the superuser's when the folder is made, and must be that one afterwards.
    ///
    /// # Errors
    /// `Missing` (no engine, or none of the folder's major), `AuthenticationFailed`, `Storage` (disk full),
    /// `PermissionDenied` (another user's folder), `LockTimeout`, `Cancelled`, `ToolFailed` with the log's words.
    pub async fn start(&self, password: &Secret, job: &JobContext) -> Result<Endpoint> {
        start::start(&self.config, password, job).await
    }

    /// Ends a hold and stops the server, as far as the mode allows.
    ///
    /// # Errors
    /// `LockTimeout`; `Precondition` when its processes do not end.
    pub async fn stop(&self, mode: StopMode, job: &JobContext) -> Result<StopOutcome> {
        stop::stop(&Layout::of(&self.config)?, mode, job).await
    }

    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// When the folder's path makes no sense.
    pub async fn status(&self) -> Result<LocalStatus> {
        status::status(&self.config).await
    }

    /// Takes the data folder away, so that the next start makes a new one.
    ///
    /// # Errors
    /// `Refused` unless `confirmed` is the database's name and nobody uses the server.
    pub async fn reset(&self, confirmed: &str, mode: ResetMode, job: &JobContext) -> Result<ResetOutcome> {
        reset::reset(&Layout::of(&self.config)?, confirmed, mode, job).await
    }

    /// Gives the superuser a new password when the old one is lost; stops the server for it.
    ///
    /// # Errors
    /// `Precondition` without a data folder, `InvalidArguments` for a password that cannot be written.
    pub async fn set_password(&self, password: &Secret, job: &JobContext) -> Result<()> {
        password::set_password(&self.config, password, job).await
    }

    /// What moving the data to another major would do; the engine of `to`, else the preferred one.
    ///
    /// # Errors
    /// `Missing` (an engine or `pg_dump`), `Precondition` when there is nothing to move or not upwards.
    pub async fn plan_upgrade(&self, to: Option<i32>) -> Result<UpgradePlan> {
        upgrade::plan(&self.config, to).await
    }

    /// Moves the data to the planned major and keeps the old folder. On any error the old data is as it was.
    ///
    /// # Errors
    /// `StalePlan`, `Refused` when somebody uses the server, and what the programs say.
    pub async fn apply_upgrade(
        &self,
        plan: &UpgradePlan,
        password: &Secret,
        job: &JobContext,
    ) -> Result<UpgradeOutcome> {
        upgrade::apply(&self.config, plan, password, job).await
    }
}
