//! Starting: take over what runs, clear away what a crash left, make what is missing, then start it.
//!
//! All of it under one lock, so that two programs that start at once end with one cluster and one server.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::cluster::{self, Data};
use super::config::{DATABASE, LocalConfig, USER};
use super::engine::{self, Engine};
use super::layout::Layout;
use super::memory::{self, Memory};
use super::postmaster::{self, Postmaster};
use super::session::{self, Endpoint};
use super::{launch, locks, reach, stop, upgrade, watcher};
use crate::connection::Secret;
use crate::job::{JobContext, Progress};
use crate::{Error, ErrorKind, Result};

/// How long a running server may stay silent before it counts as stuck.
const SILENCE: Duration = Duration::from_secs(20);

/// One start, with what it has to tell.
struct Start<'a> {
    config: &'a LocalConfig,
    layout: &'a Layout,
    password: &'a Secret,
    job: &'a JobContext,
    created: bool,
    notices: Vec<String>,
}

/// Brings the server up, or finds it up.
pub(super) async fn start(config: &LocalConfig, password: &Secret, job: &JobContext) -> Result<Endpoint> {
    let layout = Layout::of(config)?;
    layout.prepare()?;
    let change = locks::change(&layout, job).await?;
    layout.prepare_home()?;
    cluster::check_owner(&layout)?;
    let mut start = Start { config, layout: &layout, password, job, created: false, notices: Vec::new() };
    let port = start.bring_up().await?;
    let version = session::greet(port, password, job).await?;
    start.notices.extend(watcher::ensure(config, &layout).await);
    drop(change);
    Ok(Endpoint {
        host: "127.0.0.1".into(),
        port,
        socket_dir: running_socket_folder(&layout)?,
        user: USER.into(),
        database: DATABASE.into(),
        version,
        created: start.created,
        notices: start.notices,
    })
}

/// The socket of a server that was taken over may be where an older start put it.
fn running_socket_folder(layout: &Layout) -> Result<std::path::PathBuf> {
    let said = Postmaster::of(&layout.data()).alive().and_then(|file| file.socket_folder);
    said.map_or_else(|| layout.socket_folder(), Ok)
}

impl Start<'_> {
    async fn bring_up(&mut self) -> Result<u16> {
        upgrade::finish_interrupted(self.layout).await?;
        let data = cluster::look(self.layout)?;
        if let Some(port) = self.take_over().await? {
            return Ok(port);
        }
        let engine = self.engine(data).await?;
        self.clear_remains().await?;
        if data == Data::Absent {
            cluster::make(self.layout, &engine, self.password, self.job).await?;
            self.created = true;
        }
        match self.launch(&engine).await {
            // The pg_ctl of a start that was killed may have been faster; then its server is ours.
            Err(error) => self.take_over().await?.ok_or(error),
            started => started,
        }
    }

    /// The port of a server of this data folder that runs and answers. One that is stuck is ended.
    async fn take_over(&mut self) -> Result<Option<u16>> {
        let data = self.layout.data();
        let until = Instant::now() + SILENCE;
        while let Some(server) = Postmaster::of(&data).alive() {
            if server.single_user {
                return Err(single_user(server.pid));
            }
            match server.port {
                Some(port) if !server.stopping && session::answers(port, Duration::from_secs(3)).await => {
                    return Ok(Some(port));
                }
                _ if Instant::now() > until => {
                    self.notices.push("The local server ran but did not answer, and was restarted.".into());
                    stop::end_server(&data, stop::StopMode::Fast).await?;
                }
                _ => sleep(Duration::from_millis(50)).await,
            }
            self.job.check()?;
        }
        Ok(None)
    }

    /// The engine of the data folder's own major; for a new one, the preferred.
    async fn engine(&self, data: Data) -> Result<Engine> {
        let search = &self.config.engine_search;
        let last = memory::load(self.layout);
        if let Data::Cluster(major) = data
            && let Some(engine) = engine::remembered(search, &last.engine, &last.version, major)
        {
            return Ok(engine);
        }
        let found = match data {
            Data::Absent => engine::find(search, self.config.preferred_major).await?,
            Data::Cluster(major) => engine::find_major(search, major)
                .await
                .map_err(|error| other_major(error, self.layout, major))?,
        };
        reach::reachable_engine(found, self.layout).await
    }

    /// What a crash left: processes, a pid file whose number is somebody else's, a half-made folder, dead sockets.
    async fn clear_remains(&mut self) -> Result<()> {
        let data = self.layout.data();
        stop::end_strays(&data).await?;
        if let Postmaster::Stale(file) = Postmaster::of(&data) {
            self.notices.push("The local server had been cut off; it recovered from its log.".into());
            // PostgreSQL itself clears away a dead number, but takes a reused one for a running server.
            if postmaster::exists(file.pid) {
                std::fs::remove_file(data.join("postmaster.pid"))?;
            }
        }
        if cluster::clean(self.layout).await {
            self.notices.push("A data folder that an earlier start had left half-made was removed.".into());
        }
        launch::clear_sockets(self.layout)
    }

    async fn launch(&mut self, engine: &Engine) -> Result<u16> {
        self.job.progress(Progress::phase("starting the local server"));
        let remembered = memory::load(self.layout).port;
        let wishes: Vec<u16> = remembered.or(self.config.port).into_iter().chain(self.config.port).collect();
        self.remember(engine, remembered)?;
        // Before the server: whoever starts it may be killed before it is up. Whether it came up is seen afterwards.
        let early = watcher::begin(self.config, self.layout);
        let port = launch::launch(self.layout, engine, &wishes, self.job).await?;
        if let Some(wish) = wishes.first().filter(|wish| **wish != port) {
            self.notices
                .push(format!("Port {wish} is taken by another program; the local server is on {port} now."));
        }
        self.remember(engine, Some(port))?;
        self.notices.extend(watcher::came_up(early, self.layout).await);
        Ok(port)
    }

    fn remember(&self, engine: &Engine, port: Option<u16>) -> Result<()> {
        let (home, bin) = (self.layout.home.clone(), engine.bin.clone());
        memory::save(self.layout, &Memory { home, port, engine: bin, version: engine.version.clone() })
    }
}

fn single_user(pid: i32) -> Error {
    Error::new(
        ErrorKind::Precondition,
        format!("somebody works on the local database's folder in single-user mode (process {pid})"),
    )
    .hint("Let that end first; a server cannot run beside it.")
}

fn other_major(cause: Error, layout: &Layout, major: i32) -> Error {
    let detail = cause.detail_text().map(str::to_owned);
    let why = cause.message().to_owned();
    let made = Error::new(
        ErrorKind::Missing,
        format!("the local data folder {} was made by PostgreSQL {major}: {why}", layout.data().display()),
    )
    .hint(format!(
        "Install PostgreSQL {major} to go on as before, or move the data to another major with `evaldesk local upgrade`, \
         which needs both engines once."
    ))
    .caused_by(cause);
    detail.into_iter().fold(made, Error::detail)
}
