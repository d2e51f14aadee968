//! What the local server is doing, without a password and without changing anything.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::cluster::{self, Data};
use super::config::{DATABASE, LocalConfig, USER};
use super::engine::{self, Engine};
use super::layout::Layout;
use super::postmaster::{PidFile, Postmaster};
use super::{locks, session};
use crate::{Error, Result};

/// The state of the local server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LocalState {
    /// No data folder: the first start makes one.
    Absent,
    /// A start was cut short; the next one begins anew.
    HalfMade,
    /// A data folder, and no server.
    Stopped,
    /// It was killed; the next start recovers.
    Crashed,
    /// It runs and answers.
    Running,
    /// It runs and does not answer; the next start restarts it.
    NotAnswering,
    /// What is there cannot be used; `problem` says why.
    Unusable,
}

/// All about the local server.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LocalStatus {
    /// What it is doing.
    pub state: LocalState,
    /// The host's folder of this cluster.
    #[ts(type = "string")]
    pub root: PathBuf,
    /// The data folder.
    #[ts(type = "string")]
    pub data_folder: PathBuf,
    /// The server's logs.
    #[ts(type = "string")]
    pub log_folder: PathBuf,
    /// The major of the data folder.
    pub major: Option<i32>,
    /// The engine that a start would take.
    pub engine: Option<Engine>,
    /// Where it listens, when it runs.
    pub port: Option<u16>,
    /// The folder of its socket, when it runs.
    #[ts(type = "string | null")]
    pub socket_dir: Option<PathBuf>,
    /// Its process, when it runs.
    pub pid: Option<i32>,
    /// The superuser.
    pub user: String,
    /// The database for evaluation data.
    pub database: String,
    /// The user that PostgreSQL runs as, when that is not who we are.
    pub run_as: Option<String>,
    /// Whether an app or a command uses it now.
    pub in_use: bool,
    /// Whether `local start` holds it until `local stop`.
    pub held: bool,
    /// Whether a watcher will stop it after its last user.
    pub watched: bool,
    /// Why it cannot be started, as far as can be seen from here.
    pub problem: Option<String>,
}

/// Looks at everything.
pub(super) async fn status(config: &LocalConfig) -> Result<LocalStatus> {
    let layout = Layout::of(config)?;
    let data = cluster::look(&layout).and_then(|data| cluster::check_owner(&layout).map(|()| data));
    let server = Postmaster::of(&layout.data());
    let engine = find_engine(config, data.as_ref().ok().copied()).await;
    let state = match &data {
        Ok(data) => state(*data, &server, &layout).await,
        Err(_) => LocalState::Unusable,
    };
    let running = server.alive();
    Ok(LocalStatus {
        state,
        data_folder: layout.data(),
        log_folder: layout.logs(),
        major: data.as_ref().ok().and_then(|data| major(*data)),
        problem: data.as_ref().err().or(engine.as_ref().err()).map(Error::to_string),
        engine: engine.ok(),
        port: running.as_ref().and_then(|file| file.port),
        pid: running.as_ref().map(|file| file.pid),
        socket_dir: running.and_then(|file| file.socket_folder),
        user: USER.into(),
        database: DATABASE.into(),
        in_use: locks::is_used(&layout),
        held: locks::is_held(&layout),
        watched: locks::is_taken_alone(&layout.watcher_lock()),
        run_as: layout.run_as.map(|user| user.name),
        root: layout.root,
    })
}

fn major(data: Data) -> Option<i32> {
    match data {
        Data::Absent => None,
        Data::Cluster(major) => Some(major),
    }
}

async fn find_engine(config: &LocalConfig, data: Option<Data>) -> Result<Engine> {
    match data.and_then(major) {
        Some(major) => engine::find_major(&config.engine_search, major).await,
        None => engine::find(&config.engine_search, config.preferred_major).await,
    }
}

async fn state(data: Data, server: &Postmaster, layout: &Layout) -> LocalState {
    match (data, server) {
        (Data::Absent, _) if !layout.half_made().is_empty() => LocalState::HalfMade,
        (Data::Absent, _) => LocalState::Absent,
        (_, Postmaster::Gone) => LocalState::Stopped,
        (_, Postmaster::Stale(_)) => LocalState::Crashed,
        (_, Postmaster::Alive(file)) => running_state(file).await,
    }
}

async fn running_state(file: &PidFile) -> LocalState {
    match file.port {
        Some(port) if session::answers(port, Duration::from_secs(3)).await => LocalState::Running,
        _ => LocalState::NotAnswering,
    }
}
