//! A private PostgreSQL server: made, started and gone with the test process.
//!
//! `postgres` may enter without a password and any other role with SCRAM, so that one cluster serves both
//! the many tests that do not care and the few that test passwords.

use std::collections::HashMap;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::account::Account;
use crate::engine::{Engine, engine, with_hypopg};
use crate::watcher::Watcher;

const ACCESS: &str = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";

const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
shared_buffers = 64MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 512MB
password_encryption = 'scram-sha-256'
shared_preload_libraries = 'pg_stat_statements'
autovacuum_naptime = 1d
timezone = 'UTC'
log_min_messages = warning
";

/// Where a version's shared server is put once; others wait for it.
type Slot = Arc<OnceLock<Arc<Cluster>>>;

/// A running server of one major version.
#[derive(Debug)]
pub struct Cluster {
    engine: Engine,
    folder: PathBuf,
    account: Account,
    port: u16,
    _watcher: Watcher,
}

impl Cluster {
    /// The server of this version that all tests of the process share.
    pub fn shared(major: u32) -> Arc<Self> {
        static CLUSTERS: OnceLock<Mutex<HashMap<u32, Slot>>> = OnceLock::new();
        let slot = {
            let mut clusters =
                CLUSTERS.get_or_init(Mutex::default).lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            Arc::clone(clusters.entry(major).or_default())
        };
        // Outside the map's lock: different versions start side by side.
        Arc::clone(slot.get_or_init(|| Arc::new(Self::private(major))))
    }

    /// A server of its own, for tests that stop, kill or reconfigure it.
    pub fn private(major: u32) -> Self {
        Self::of(engine(major))
    }

    /// A server of its own that has HypoPG among its extensions.
    pub(crate) fn with_hypopg() -> Self {
        Self::of(with_hypopg())
    }

    fn of(engine: Engine) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let (major, account) = (engine.major, Account::of_servers());
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = account.base().join(format!("pg-{major}-{}-{number}", std::process::id()));
        account.make_folder(&folder);
        let watcher = Watcher::over(&folder, &account);
        let mut cluster = Self { engine, folder, account, port: 0, _watcher: watcher };
        cluster.make();
        cluster.start_on_a_free_port();
        cluster
    }

    /// The address of a database on this server, as the superuser.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// The port that the server listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The major version of the server.
    pub fn major(&self) -> u32 {
        self.engine.major
    }

    /// The folder of the data, for tests that look at or damage it.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The process that the server is, while it runs.
    pub fn process(&self) -> Option<u32> {
        fs::read_to_string(self.data().join("postmaster.pid")).ok()?.lines().next()?.trim().parse().ok()
    }

    /// Stops the server: `fast` asks, `immediate` is a crash that recovers at the next start.
    pub fn stop(&self, mode: &str) {
        self.run(self.program("pg_ctl").arg("-D").arg(self.data()).args(["-m", mode, "-w", "stop"]));
    }

    /// Starts a stopped server again, on the port it had.
    pub fn start(&self) {
        assert!(self.try_start(), "PostgreSQL {} did not start again:\n{}", self.major(), self.log());
    }

    /// Stops and starts.
    pub fn restart(&self) {
        self.stop("fast");
        self.start();
    }

    /// Kills the server as `kill -9` does; its children follow by themselves.
    pub fn kill(&self) {
        let process = self.process().expect("the server is running");
        assert!(Command::new("kill").args(["-KILL", &process.to_string()]).status().unwrap().success());
    }

    /// What the server wrote to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    fn make(&self) {
        let mut initdb = self.program("initdb");
        initdb.arg("-D").arg(self.data());
        self.run(initdb.args(["-U", "postgres", "-E", "UTF8", "--no-locale", "--auth=trust", "--no-sync"]));
        self.append("postgresql.conf", SETTINGS);
        fs::write(self.data().join("pg_hba.conf"), ACCESS).unwrap();
    }

    /// Between finding a port free and taking it another process may come first: then the next one is tried.
    fn start_on_a_free_port(&mut self) {
        for _ in 0..5 {
            self.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            self.append("postgresql.conf", &format!("port = {}\n", self.port));
            if self.try_start() {
                return;
            }
        }
        panic!("PostgreSQL {} does not start:\n{}", self.major(), self.log());
    }

    fn try_start(&self) -> bool {
        let mut start = self.program("pg_ctl");
        start
            .arg("-D")
            .arg(self.data())
            .arg("-l")
            .arg(self.folder.join("log"))
            .args(["-w", "-t", "60", "-s", "start"]);
        start.stdin(std::process::Stdio::null()).status().unwrap().success()
    }

    fn append(&self, file: &str, text: &str) {
        use std::io::Write as _;
        fs::OpenOptions::new()
            .append(true)
            .open(self.data().join(file))
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
    }

    fn program(&self, name: &str) -> Command {
        self.account.command(&self.engine.program(name), &self.folder)
    }

    fn run(&self, command: &mut Command) {
        let output =
            command.output().unwrap_or_else(|error| panic!("cannot start {}: {error}", shown(command)));
        assert!(
            output.status.success(),
            "{} ended with {}:\n{}{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

fn shown(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}
