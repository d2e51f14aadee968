//! A folder for one local server, and looking at what runs there.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use evaldesk_core::connection::Secret;
use evaldesk_core::job::JobContext;
use evaldesk_core::server::local::{DATABASE, Endpoint, LocalConfig, LocalServer, RunAs, StopMode, USER};
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions as _, PgConnection};

use super::parts;

/// What every server here has for a password; odd enough to be searched for.
pub(crate) const PASSWORD: &str = "Tr0ub4dor-aHq9-local";

/// A folder of its own; whatever runs in it is ended with it.
pub(crate) struct Place {
    pub(crate) top: tempfile::TempDir,
    pub(crate) config: LocalConfig,
}

impl Place {
    /// With the engines of some majors, the first preferred.
    pub(crate) fn with_engines(majors: &[u32]) -> Self {
        let top = tempfile::Builder::new().prefix("evaldesk-local-").tempdir().unwrap();
        // When root runs the tests, another user must get to the folder of the server in it.
        std::fs::set_permissions(top.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let engine_search = majors.iter().map(|major| support::engine(*major).folder.join("bin")).collect();
        let mut place = Self { config: config(top.path().join("local"), engine_search), top };
        place.config.preferred_major = majors.first().map(|major| i32::try_from(*major).unwrap());
        place
    }

    /// With the newest engine and a watcher.
    pub(crate) fn watched() -> Self {
        let mut place = Self::with_engines(&[support::newest()]);
        place.config.watcher = parts::watcher(&place.config.root);
        place
    }

    pub(crate) fn server(&self) -> LocalServer {
        LocalServer::new(self.config.clone())
    }

    pub(crate) async fn start(&self) -> Endpoint {
        self.server().start(&password(), &JobContext::detached()).await.unwrap()
    }

    pub(crate) async fn start_error(&self) -> evaldesk_core::Error {
        self.server().start(&password(), &JobContext::detached()).await.unwrap_err()
    }

    pub(crate) async fn stop(&self, mode: StopMode) {
        self.server().stop(mode, &JobContext::detached()).await.unwrap();
    }

    /// The server's process.
    pub(crate) async fn pid(&self) -> i32 {
        self.server().status().await.unwrap().pid.expect("the server runs")
    }

    /// The data folder.
    pub(crate) async fn data(&self) -> PathBuf {
        self.server().status().await.unwrap().data_folder
    }

    /// Every PostgreSQL process that stands in the data folder.
    pub(crate) async fn processes(&self) -> Vec<i32> {
        let data = self.data().await;
        all_processes().into_iter().filter(|pid| stands_in(*pid, &data)).collect()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let server = self.server();
        let end = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(end(&server));
        };
        // A runtime cannot be started inside the test's own.
        let _ = std::thread::spawn(end).join();
    }
}

/// The watcher leaves by itself, and writes its last line until then.
async fn end(server: &LocalServer) {
    let _ = server.stop(StopMode::Immediate, &JobContext::detached()).await;
    while server.status().await.is_ok_and(|status| status.watched) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The config that every process of a test works with.
pub(crate) fn config(root: PathBuf, engine_search: Vec<PathBuf>) -> LocalConfig {
    let system_dir = root.with_file_name("system");
    let run_as = RunAs::when_root().unwrap();
    LocalConfig {
        engine_search,
        system_dir,
        run_as,
        watcher: Vec::<OsString>::new(),
        ..LocalConfig::new(root)
    }
}

pub(crate) fn password() -> Secret {
    Secret::new(PASSWORD)
}

/// A session in the evaluation database.
pub(crate) async fn session(endpoint: &Endpoint) -> PgConnection {
    session_with(endpoint, PASSWORD).await.unwrap()
}

pub(crate) async fn session_with(endpoint: &Endpoint, password: &str) -> sqlx::Result<PgConnection> {
    let options = PgConnectOptions::new_without_pgpass().host(&endpoint.host).port(endpoint.port);
    let options = options.username(USER).password(password).database(DATABASE).ssl_mode(PgSslMode::Disable);
    options.connect().await
}

/// A row that must survive.
pub(crate) async fn leave_a_row(endpoint: &Endpoint) {
    let mut session = session(endpoint).await;
    sqlx::raw_sql("create table kept (n int); insert into kept values (42)")
        .execute(&mut session)
        .await
        .unwrap();
}

pub(crate) async fn assert_row(endpoint: &Endpoint) {
    let mut session = session(endpoint).await;
    let n: i32 = sqlx::query_scalar("select n from kept").fetch_one(&mut session).await.unwrap();
    assert_eq!(n, 42);
}

/// Waits until something holds; fails after half a minute, with what it was.
pub(crate) async fn eventually<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    let until = Instant::now() + Duration::from_secs(30);
    while !holds().await {
        assert!(Instant::now() < until, "it never came to be that {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

pub(crate) fn all_processes() -> Vec<i32> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

pub(crate) fn stands_in(pid: i32, folder: &std::path::Path) -> bool {
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == folder)
}

/// Whether a process is there and not only waiting to be buried.
pub(crate) fn lives(pid: i32) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { return false };
    stat.rsplit(')').next().is_some_and(|rest| !rest.trim_start().starts_with('Z'))
}

pub(crate) fn kill(pid: i32, signal: rustix::process::Signal) {
    rustix::process::kill_process(rustix::process::Pid::from_raw(pid).unwrap(), signal).unwrap();
}
