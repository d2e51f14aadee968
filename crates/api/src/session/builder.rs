//! Making a session: what differs by host is given here, and everything else has its usual place.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use evaldesk_core::audit::AuditLog;
use evaldesk_core::clock::Clock;
use evaldesk_core::connection::import::Surroundings;
use evaldesk_core::connection::{FileProfiles, MemorySecrets, ProfileStore, SecretStore, SshPlace};
use evaldesk_core::job::{JobRecord, JobRegistry};
use evaldesk_core::query::QueryTabs;
use tokio::sync::broadcast;

use super::queries::QueryRuns;
use super::query_folder::QueryFolder;
use super::{Inner, MigrationWishes, Session};
use crate::SessionEvent;
use crate::host::{KeyringSecrets, SystemClock, ssh_place};
use crate::local::LocalSettings;

impl Session {
    /// Starts to make a session that keeps its files in a folder.
    pub fn builder(folder: impl Into<PathBuf>) -> SessionBuilder {
        let folder = folder.into();
        SessionBuilder {
            local: LocalSettings::new(&folder),
            ssh: ssh_place(&folder),
            folder,
            actor: "unknown user (library)".to_owned(),
            clock: Arc::new(SystemClock),
            secrets: Arc::new(KeyringSecrets),
            profiles: None,
            migration_wishes: MigrationWishes::default(),
            surroundings: None,
            export_folder: None,
        }
    }
}

/// Makes a session of what differs by host.
pub struct SessionBuilder {
    folder: PathBuf,
    actor: String,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn SecretStore>,
    profiles: Option<Arc<dyn ProfileStore>>,
    local: LocalSettings,
    ssh: SshPlace,
    migration_wishes: MigrationWishes,
    surroundings: Option<Surroundings>,
    export_folder: Option<PathBuf>,
}

impl SessionBuilder {
    /// Who acts, for the audit log: "maria (app)".
    #[must_use]
    pub fn actor(mut self, actor: impl Into<String>) -> Self {
        self.actor = actor.into();
        self
    }

    /// Another clock than the operating system's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Another place for passwords than the operating system's keyring.
    #[must_use]
    pub fn secrets(mut self, secrets: Arc<dyn SecretStore>) -> Self {
        self.secrets = secrets;
        self
    }

    /// Another place for profiles than the file in the data folder.
    #[must_use]
    pub fn profiles(mut self, profiles: Arc<dyn ProfileStore>) -> Self {
        self.profiles = Some(profiles);
        self
    }

    /// How the private server is found, run and watched.
    #[must_use]
    pub fn local(mut self, local: LocalSettings) -> Self {
        self.local = local;
        self
    }

    /// Another home, agent and file of accepted host keys for tunnels than this machine's.
    #[must_use]
    pub fn ssh(mut self, place: SshPlace) -> Self {
        self.ssh = place;
        self
    }

    /// What to migrate with beside the profiles' own settings.
    #[must_use]
    pub fn migration_wishes(mut self, wishes: MigrationWishes) -> Self {
        self.migration_wishes = wishes;
        self
    }

    /// Where to look for connections to import, instead of this process's environment and home folder.
    #[must_use]
    pub fn surroundings(mut self, surroundings: Surroundings) -> Self {
        self.surroundings = Some(surroundings);
        self
    }

    /// Files that a command is told to write (exports of rows and of connections) go below this folder alone; without it,
    /// wherever the program may write.
    #[must_use]
    pub fn export_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.export_folder = Some(folder.into());
        self
    }

    /// The session. Nothing is read, opened or started yet.
    pub fn build(self) -> Session {
        let (events, _) = broadcast::channel(1024);
        let told = events.clone();
        let on_change = Arc::new(move |job: &JobRecord| {
            // Nobody listening is no error.
            let _ = told.send(SessionEvent::Job { job: Box::new(job.clone()) });
        });
        let jobs = JobRegistry::new(self.folder.join("jobs"), self.clock.clone(), on_change);
        let profiles = self.profiles.unwrap_or_else(|| Arc::new(FileProfiles::new(&self.folder)));
        Session(Arc::new(Inner {
            audit: AuditLog::new(self.folder.join("audit")),
            actor: self.actor,
            clock: self.clock,
            secrets: self.secrets,
            asked: MemorySecrets::default(),
            profiles,
            passing: Mutex::default(),
            databases: Mutex::default(),
            events,
            jobs,
            local: self.local,
            ssh: self.ssh,
            migration_wishes: self.migration_wishes,
            migration_sets: Mutex::default(),
            migration_plans: Mutex::default(),
            query_folder: QueryFolder::new(&self.folder),
            surroundings: self.surroundings,
            export_folder: self.export_folder,
            queries: QueryTabs::new(self.folder.join("results")),
            query_runs: QueryRuns::default(),
            streams: Mutex::default(),
            folder: self.folder,
        }))
    }
}
