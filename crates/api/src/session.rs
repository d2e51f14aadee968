//! What a host holds: connections, secrets, jobs, events and the log, without a single global.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use evaldesk_core::audit::{AuditEntry, AuditLog};
use evaldesk_core::clock::Clock;
use evaldesk_core::connection::{
    ConnectionProfile, Database, FileProfiles, MemorySecrets, ProfileStore, Secret, SecretPolicy, SecretStore,
};
use evaldesk_core::job::{JobContext, JobRegistry, JobRequest};
use evaldesk_core::{Error, ErrorKind};
use futures_util::stream::BoxStream;
use serde::Serialize;
use tokio::sync::{OnceCell, broadcast};

use crate::host::{KeyringSecrets, SystemClock};
use crate::local::LocalSettings;
use crate::{Result, SessionEvent};

/// Items of a stream, as JSON text.
pub type ItemStream = BoxStream<'static, Result<String>>;

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
    streams: Mutex<HashMap<String, ItemStream>>,
}

/// Makes a session of what differs by host.
pub struct SessionBuilder {
    folder: PathBuf,
    actor: String,
    clock: Arc<dyn Clock>,
    secrets: Arc<dyn SecretStore>,
    profiles: Option<Arc<dyn ProfileStore>>,
    local: LocalSettings,
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

    /// The session. Nothing is read, opened or started yet.
    pub fn build(self) -> Session {
        let (events, _) = broadcast::channel(1024);
        let told = events.clone();
        let on_change = Arc::new(move |job: &evaldesk_core::job::JobRecord| {
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
            streams: Mutex::default(),
            folder: self.folder,
        }))
    }
}

impl Session {
    /// Starts to make a session that keeps its files in a folder.
    pub fn builder(folder: impl Into<PathBuf>) -> SessionBuilder {
        let folder = folder.into();
        SessionBuilder {
            local: LocalSettings::new(&folder),
            folder,
            actor: "unknown user (library)".to_owned(),
            clock: Arc::new(SystemClock),
            secrets: Arc::new(KeyringSecrets),
            profiles: None,
        }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// The clock of the host.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
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

    /// A new listener to what changes.
    pub fn events(&self) -> broadcast::Receiver<SessionEvent> {
        self.0.events.subscribe()
    }

    pub(crate) fn tell(&self, event: SessionEvent) {
        // Nobody listening is no error.
        let _ = self.0.events.send(event);
    }

    /// Adds a connection that lives as long as the session and is in no file; returns its id.
    pub fn pass(&self, profile: ConnectionProfile, password: Option<Secret>) -> String {
        let id = profile.id.clone();
        if let Some(password) = password {
            self.remember(&id, password);
        }
        lock(&self.0.passing).insert(id.clone(), profile);
        id
    }

    /// Keeps a password in memory until the session ends.
    pub(crate) fn remember(&self, connection: &str, password: Secret) {
        use futures_util::FutureExt as _;
        let _ = self.0.asked.set(connection, password).now_or_never();
    }

    pub(crate) async fn forget(&self, connection: &str) {
        let _ = self.0.asked.remove(connection).await;
        lock(&self.0.passing).remove(connection);
        self.close(connection).await;
    }

    /// A profile by id, or by name without regard to case.
    ///
    /// # Errors
    /// `NotFound`, with the names there are.
    pub fn profile(&self, connection: &str) -> Result<ConnectionProfile> {
        if let Some(found) = lock(&self.0.passing).get(connection) {
            return Ok(found.clone());
        }
        let saved = self.profiles().load()?.profiles;
        let by_id = saved.iter().find(|profile| profile.id == connection);
        let found =
            by_id.or_else(|| saved.iter().find(|profile| profile.name.eq_ignore_ascii_case(connection)));
        Ok(found.cloned().ok_or_else(|| no_connection(connection, &saved))?)
    }

    /// The password of a profile: typed before, else from where the profile says.
    pub(crate) async fn password(&self, profile: &ConnectionProfile) -> Result<Option<Secret>> {
        if let Some(typed) = self.0.asked.get(&profile.id).await? {
            return Ok(Some(typed));
        }
        if profile.local {
            return crate::local::password(self).await.map(Some);
        }
        match profile.secret_policy {
            SecretPolicy::None => Ok(None),
            SecretPolicy::Ask => Err(ask(profile).into()),
            SecretPolicy::Keyring => {
                Ok(Some(self.secrets().get(&profile.id).await?.ok_or_else(|| ask(profile))?))
            }
        }
    }

    /// The open database of a connection; opens it when it is not.
    ///
    /// # Errors
    /// `NotFound`, `SecretUnavailable`, or the true cause why it cannot be opened.
    pub async fn database(&self, connection: &str) -> Result<Database> {
        let profile = self.profile(connection)?;
        let cell = Arc::clone(lock(&self.0.databases).entry(profile.id.clone()).or_default());
        cell.get_or_try_init(|| self.open(profile)).await.cloned()
    }

    async fn open(&self, profile: ConnectionProfile) -> Result<Database> {
        let profile = if profile.local { crate::local::wake(self).await? } else { profile };
        let password = self.password(&profile).await?;
        Ok(Database::open(&profile, password.as_ref()).await?)
    }

    /// The ids of connections that are open now.
    pub fn open_connections(&self) -> Vec<String> {
        let databases = lock(&self.0.databases);
        databases.iter().filter(|(_, cell)| cell.initialized()).map(|(id, _)| id.clone()).collect()
    }

    /// Closes a connection's sessions; the next command opens it again.
    pub async fn close(&self, connection: &str) {
        let closed = lock(&self.0.databases).remove(connection);
        if let Some(database) = closed.as_ref().and_then(|cell| cell.get()) {
            database.close().await;
        }
    }

    /// Starts a job on a database; its begin and end are written to the audit log.
    pub(crate) fn start_job<T, F, Fut>(
        &self,
        kind: &str,
        title: String,
        database: Option<&Database>,
        work: F,
    ) -> Result<String>
    where
        T: Serialize + Send + 'static,
        F: FnOnce(JobContext) -> Fut,
        Fut: Future<Output = evaldesk_core::Result<T>> + Send + 'static,
    {
        let request = JobRequest {
            kind: kind.to_owned(),
            title: title.clone(),
            connection_id: database.map(|database| database.profile().id.clone()),
            database: database.cloned(),
        };
        let (session, kind) = (self.clone(), kind.to_owned());
        let target = database.map(target);
        let id = self.0.jobs.start(request, |context| {
            let working = work(context);
            async move {
                session.record(&kind, target.clone(), &title, "begun");
                let outcome = working.await;
                session.record(
                    &kind,
                    target,
                    &title,
                    &outcome.as_ref().map_or_else(ToString::to_string, |_| "ok".to_owned()),
                );
                outcome
            }
        })?;
        Ok(id)
    }

    /// Writes one line to the audit log. A log that cannot be written is told, and does not undo what was done.
    pub(crate) fn record(&self, action: &str, target: Option<String>, subject: &str, outcome: &str) {
        let now = self.0.clock.now();
        let entry = AuditEntry {
            at: now.to_rfc3339(),
            action: action.to_owned(),
            target,
            subject: subject.to_owned(),
            outcome: outcome.to_owned(),
            actor: self.0.actor.clone(),
        };
        let _ = self.0.audit.append(now, &entry);
    }

    /// Keeps a stream until somebody takes it by its id.
    pub(crate) fn park(&self, stream: ItemStream) -> String {
        let id = uuid::Uuid::now_v7().to_string();
        lock(&self.0.streams).insert(id.clone(), stream);
        id
    }

    /// Takes a stream that `dispatch` opened.
    pub fn take_stream(&self, id: &str) -> Option<ItemStream> {
        lock(&self.0.streams).remove(id)
    }
}

/// "Staging: raaf_eval", for the audit log.
fn target(database: &Database) -> String {
    format!("{}: {}", database.profile().name, database.profile().database)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn no_connection(connection: &str, saved: &[ConnectionProfile]) -> Error {
    if connection == crate::LOCAL_ID {
        return Error::new(ErrorKind::Precondition, "there is no local database yet")
            .hint("`evaldesk local start` makes one; or name a database by --connection or --url.");
    }
    let names: Vec<&str> = saved.iter().map(|profile| profile.name.as_str()).collect();
    let known = if names.is_empty() {
        "none is saved yet".to_owned()
    } else {
        format!("saved are {}", names.join(", "))
    };
    Error::new(ErrorKind::NotFound, format!("no connection named {connection}: {known}"))
        .hint("`evaldesk connection add NAME --url URL` saves one.")
}

fn ask(profile: &ConnectionProfile) -> Error {
    Error::new(
        ErrorKind::SecretUnavailable,
        format!("the password of {} for {} is not known", profile.user, profile.name),
    )
    .hint("Type the password; it stays in memory until Evaldesk is closed.")
}
