//! What a host holds: connections, secrets, jobs, events and the log, without a single global.

mod builder;
mod connections;
mod jobs;
mod migrations;
mod passed_on;
mod queries;
mod query_folder;
mod remember;
mod streams;
mod tunnels;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use evaldesk_core::audit::AuditLog;
use evaldesk_core::clock::Clock;
use evaldesk_core::connection::import::Surroundings;
use evaldesk_core::connection::{
    ConnectionProfile, Database, MemorySecrets, ProfileStore, SecretStore, SshPlace,
};
use evaldesk_core::job::JobRegistry;
use evaldesk_core::migrate::{MigrationPlan, MigrationSet};
use evaldesk_core::query::QueryTabs;
use evaldesk_core::user_file;
use tokio::sync::{OnceCell, broadcast};

use crate::SessionEvent;
use crate::local::LocalSettings;

pub use builder::SessionBuilder;
pub use migrations::MigrationWishes;
pub(crate) use passed_on::PassedOn;
pub(crate) use query_folder::apart;
pub(crate) use remember::StartedRun;
pub use streams::ItemStream;

/// An open Evaldesk. Cloning shares it.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    actor: String,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn SecretStore>,
    /// Passwords that were asked for: they end with the process.
    asked: MemorySecrets,
    profiles: Arc<dyn ProfileStore>,
    /// Connections by URL that no file knows.
    passing: Mutex<HashMap<String, ConnectionProfile>>,
    /// One cell a connection: a host that does not answer keeps only its own callers waiting.
    databases: Mutex<HashMap<String, Arc<OnceCell<Database>>>>,
    events: broadcast::Sender<SessionEvent>,
    jobs: JobRegistry,
    audit: AuditLog,
    local: LocalSettings,
    /// Where SSH's own things are.
    ssh: SshPlace,
    migration_wishes: MigrationWishes,
    /// What was read of each folder of migrations, as long as it stays as it is.
    migration_sets: Mutex<HashMap<PathBuf, MigrationSet>>,
    /// The migration plan that was made last for each connection.
    migration_plans: Mutex<HashMap<String, MigrationPlan>>,
    query_folder: query_folder::QueryFolder,
    surroundings: Option<Surroundings>,
    /// Where alone files are written that a command names.
    export_folder: Option<PathBuf>,
    /// The tabs of the query workbench.
    queries: QueryTabs,
    query_runs: queries::QueryRuns,
    streams: Mutex<HashMap<String, ItemStream>>,
}

impl Session {
    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Whether the host lets a command write a file at this path.
    pub(crate) fn check_place(&self, path: &Path) -> crate::Result<()> {
        match &self.0.export_folder {
            Some(folder) => Ok(user_file::check_below(path, folder)?),
            None => Ok(()),
        }
    }

    /// The clock of the host.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    pub(crate) fn shared_clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.0.clock)
    }

    /// Where passwords are kept.
    pub fn secrets(&self) -> &dyn SecretStore {
        self.0.secrets.as_ref()
    }

    /// Where profiles are kept.
    pub fn profiles(&self) -> &dyn ProfileStore {
        self.0.profiles.as_ref()
    }

    /// Jobs of this process and those in the journals.
    pub fn jobs(&self) -> &JobRegistry {
        &self.0.jobs
    }

    /// The audit log.
    pub fn audit(&self) -> &AuditLog {
        &self.0.audit
    }

    pub(crate) fn local(&self) -> &LocalSettings {
        &self.0.local
    }

    /// Where to look for connections to import: what the host said, else this process's own environment.
    pub(crate) fn surroundings(&self) -> Surroundings {
        self.0.surroundings.clone().unwrap_or_else(|| crate::host::surroundings(None))
    }

    /// A new listener to what changes.
    pub fn events(&self) -> broadcast::Receiver<SessionEvent> {
        self.0.events.subscribe()
    }

    pub(crate) fn tell(&self, event: SessionEvent) {
        // Nobody listening is no error.
        let _ = self.0.events.send(event);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
