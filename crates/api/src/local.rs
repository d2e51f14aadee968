//! The private server as a connection like any other: its password, its lease, its profile.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

pub use evaldesk_core::connection::LOCAL_ID;
use evaldesk_core::connection::{
    ConnectionProfile, Environment, Secret, SecretPolicy, TlsMode, write_private,
};
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{
    self, Endpoint, EngineHints, Lease, LeaseKind, LocalConfig, LocalServer, LocalState, RunAs,
};
use evaldesk_core::{Error, ErrorKind};
use tokio::sync::Mutex;

use crate::host::SystemClock;
use crate::{ErrorReport, Result, Session, SessionEvent};

/// How the private server is found, run and watched; differs by host.
pub struct LocalSettings {
    config: LocalConfig,
    /// The engine that the user named.
    named: Option<PathBuf>,
    kind: LeaseKind,
    lease: Mutex<Option<Lease>>,
}

impl LocalSettings {
    /// A server in a data folder, engines where PATH and the system have them, nobody to stop it.
    pub fn new(data_folder: &Path) -> Self {
        let mut config = LocalConfig::new(data_folder.join("local"));
        config.engine_search = local::engine::candidates(&EngineHints::default());
        Self { config, named: None, kind: LeaseKind::App, lease: Mutex::default() }
    }

    /// Says where engines may be.
    #[must_use]
    pub fn engines(mut self, hints: EngineHints) -> Self {
        self.config.engine_search = local::engine::candidates(&hints);
        self.config.tool_search = tool_folders(&hints);
        if hints.explicit.is_some() {
            // An engine that the user named is taken whatever its major.
            self.config.preferred_major = None;
        }
        self.named = hints.explicit;
        self
    }

    /// Says where root's server goes; the usual place without it.
    #[must_use]
    pub fn system_folder(mut self, folder: Option<PathBuf>) -> Self {
        if let Some(folder) = folder {
            self.config.system_dir = folder;
        }
        self
    }

    /// Says how to run the watcher: a command line to which the server's folder is added.
    #[must_use]
    pub fn watcher(mut self, mut command: Vec<OsString>) -> Self {
        command.push(self.config.root.clone().into_os_string());
        self.config.watcher = command;
        self
    }

    /// Holds the server for one command instead of for the life of a window.
    #[must_use]
    pub fn for_one_verb(mut self) -> Self {
        self.kind = LeaseKind::Verb;
        self
    }

    /// Where client programs may be: those that came along, then those of the engines.
    pub(crate) fn client_tools(&self) -> Vec<PathBuf> {
        [self.config.tool_search.clone(), self.config.engine_search.clone()].concat()
    }

    pub(crate) fn server(&self) -> Result<LocalServer> {
        let mut config = self.config.clone();
        config.run_as = RunAs::when_root()?;
        Ok(LocalServer::new(config))
    }

    /// Whether the engine that the user named can be run at all.
    fn check_engine(&self) -> Result<()> {
        let Some(named) = &self.named else { return Ok(()) };
        local::engine::check_named(named).map_err(|error| {
            let what = "the engine that was named is not there";
            ErrorReport::from(error.while_doing(what)).hint(
                "Set EVALDESK_ENGINE to a folder with PostgreSQL's server programs, as /usr/lib/postgresql/17, or unset it: then \
                 Evaldesk looks for one by itself.",
            )
        })
    }

    async fn hold(&self, server: &LocalServer) -> Result<()> {
        let mut lease = self.lease.lock().await;
        if lease.is_none() {
            *lease = Some(server.lease(self.kind).await?);
        }
        Ok(())
    }

    /// Lets go of the server, so that its watcher may stop it.
    pub(crate) async fn release(&self) {
        self.lease.lock().await.take();
    }

    fn password_file(&self) -> PathBuf {
        self.config.root.join("password")
    }
}

/// Folders that may hold client tools: beside each engine, and those of the search path.
fn tool_folders(hints: &EngineHints) -> Vec<PathBuf> {
    let bases = [&hints.resources_dir, &hints.data_dir].into_iter().flatten();
    let mut folders: Vec<PathBuf> = bases.map(|base| base.join("engines/tools/bin")).collect();
    folders.extend(hints.path_dirs.iter().cloned());
    folders
}

/// Runs the watcher of a server's folder until nobody uses the server; for the host's hidden command.
pub fn watch_local(root: PathBuf) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Error::from)?;
    Ok(runtime.block_on(local::run_watcher(&root, &SystemClock))?)
}

/// Makes sure that the server is up and the saved profile has its address of today.
pub(crate) async fn wake(session: &Session) -> Result<ConnectionProfile> {
    Ok(start(session, &JobContext::detached()).await?.0)
}

/// Starts the server and keeps it for as long as the session lives.
pub(crate) async fn start(session: &Session, job: &JobContext) -> Result<(ConnectionProfile, Endpoint)> {
    let settings = session.local();
    settings.check_engine()?;
    let server = settings.server()?;
    settings.hold(&server).await?;
    // Two first starts at once must agree on one password.
    let _setup = server.setup(job).await?;
    let password = password(session).await?;
    let endpoint = match server.start(&password, job).await {
        Err(error) if error.kind() == ErrorKind::AuthenticationFailed => renew(session, &server, job).await?,
        other => other?,
    };
    let profile = profile(&endpoint);
    save(session, &profile)?;
    Ok((profile, endpoint))
}

/// The kept password is not the server's (a restored folder, say): as owner of the data we may set a new one.
async fn renew(session: &Session, server: &LocalServer, job: &JobContext) -> Result<Endpoint> {
    let password = Secret::random();
    server.set_password(&password, job).await?;
    keep(session, &password).await?;
    Ok(server.start(&password, job).await?)
}

fn profile(endpoint: &Endpoint) -> ConnectionProfile {
    let mut profile =
        ConnectionProfile::new("Local", &endpoint.host, endpoint.port, &endpoint.database, &endpoint.user);
    profile.id = LOCAL_ID.to_owned();
    profile.environment = Environment::Development;
    profile.tls = TlsMode::Disable;
    profile.secret_policy = SecretPolicy::Keyring;
    profile.local = true;
    profile
}

fn save(session: &Session, profile: &ConnectionProfile) -> Result<()> {
    let mut placed = session.profiles().load()?.profiles;
    let before = placed.clone();
    place(&mut placed, profile);
    if placed == before {
        return Ok(());
    }
    let saved = profile.clone();
    session.profiles().update(Box::new(move |all| {
        place(all, &saved);
        Ok(())
    }))?;
    session.tell(SessionEvent::Connections);
    Ok(())
}

/// Puts the address of today into the list. Where people put it and what they wrote of it stays, and its other
/// databases move with it.
fn place(all: &mut Vec<ConnectionProfile>, profile: &ConnectionProfile) {
    match all.iter_mut().find(|other| other.id == LOCAL_ID) {
        Some(held) => {
            let (group, notes, color) = (held.group.take(), held.notes.take(), held.color.take());
            *held = ConnectionProfile { group, notes, color, ..profile.clone() };
        }
        None => all.insert(0, profile.clone()),
    }
    for other in all.iter_mut().filter(|other| !other.local && other.is_on_private_server()) {
        (other.host, other.port, other.user) = (profile.host.clone(), profile.port, profile.user.clone());
    }
}

/// The server's password: from its file where there was no keyring, else from the keyring; a new one for a new server.
pub(crate) async fn password(session: &Session) -> Result<Secret> {
    let file = session.local().password_file();
    match fs::read_to_string(&file) {
        // An empty one was left by a disk that was full: it says nothing.
        Ok(text) if text.trim_end().is_empty() => {}
        Ok(text) => return Ok(Secret::new(text.trim_end())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(Error::from(error).while_doing(&format!("cannot read {}", file.display())).into());
        }
    }
    let server = session.local().server()?;
    let fresh = matches!(server.status().await?.state, LocalState::Absent | LocalState::HalfMade);
    match session.secrets().get(LOCAL_ID).await {
        Ok(Some(kept)) => Ok(kept),
        Ok(None) if fresh => make(session).await,
        Ok(None) => renewed(session, &server).await,
        Err(_) if fresh => make(session).await,
        // The password is in a keyring that does not open now: a new one would lock the user out of it later.
        Err(error) => Err(error.into()),
    }
}

async fn make(session: &Session) -> Result<Secret> {
    let password = Secret::random();
    keep(session, &password).await?;
    Ok(password)
}

/// The keyring was emptied: the data must not be lost with it.
async fn renewed(session: &Session, server: &LocalServer) -> Result<Secret> {
    let password = Secret::random();
    server.set_password(&password, &JobContext::detached()).await?;
    keep(session, &password).await?;
    Ok(password)
}

/// Keeps the password in the keyring, or where there is none in a file of our own that `local_status` names.
async fn keep(session: &Session, password: &Secret) -> Result<()> {
    let file = session.local().password_file();
    if session.secrets().set(LOCAL_ID, password.clone()).await.is_ok() {
        // One of a session without a keyring would be believed before the keyring.
        return match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::from(error).into()),
            _ => Ok(()),
        };
    }
    write(&file, password).map_err(|error| {
        ErrorReport::from(Error::from(error).while_doing(&format!("cannot write {}", file.display())))
    })
}

fn write(file: &Path, password: &Secret) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    write_private(file, password.expose().as_bytes())
}

/// Where the password is, for the status: the file, when there is one.
pub(crate) fn password_place(session: &Session) -> Option<String> {
    let file = session.local().password_file();
    file.exists().then(|| file.display().to_string())
}

/// Forgets the password of a server that was reset.
pub(crate) async fn forget_password(session: &Session) -> Result<()> {
    let file = session.local().password_file();
    if file.exists() {
        fs::remove_file(&file).map_err(Error::from)?;
    }
    // Where there is no keyring there is nothing in it.
    let _ = session.secrets().remove(LOCAL_ID).await;
    Ok(())
}
