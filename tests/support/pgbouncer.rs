//! A PgBouncer before a test server: the pooler that people put there, as Debian packs it.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;
use crate::cluster::Cluster;

/// Where Debian puts it, which is not on everybody's path.
const PROGRAMS: [&str; 3] = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer"];

/// Ends it when the test process is gone, however that ended: the kernel closes the pipe that only we hold.
const SCRIPT: &str = r#""$0" "$1" & cat > /dev/null; kill -KILL $! 2> /dev/null; rm -rf "$(dirname "$1")""#;

/// How it is set up.
#[derive(Debug, Clone, Copy)]
pub struct PoolerSettings<'a> {
    /// "session", "transaction"
    pub pool_mode: &'a str,
    /// Who may ask its administration.
    pub admin_users: &'a str,
    /// The start-up parameters that it swallows.
    pub ignored: &'a str,
}

/// A running PgBouncer; it ends with the value.
#[derive(Debug)]
pub struct Pgbouncer {
    shell: Child,
    port: u16,
}

impl Pgbouncer {
    /// Starts it before a server. The user is `postgres`, without a password.
    ///
    /// # Panics
    /// When PgBouncer is not installed: a test without it has failed, not passed.
    pub fn before(cluster: &Cluster, settings: PoolerSettings<'_>) -> Self {
        let account = Account::of_servers();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = account.base().join(format!("pgbouncer-{}-{port}", std::process::id()));
        account.make_folder(&folder);
        let config = folder.join("pgbouncer.ini");
        fs::write(folder.join("users"), "\"postgres\" \"\"\n").unwrap();
        fs::write(&config, ini(&folder, cluster.port(), port, settings)).unwrap();
        let mut shell = account.command(Path::new("/bin/sh"), Path::new("/"));
        shell.args(["-c", SCRIPT]).arg(pgbouncer()).arg(&config);
        let shell = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Self { shell, port };
        started.wait(&folder);
        started
    }

    /// The address of a database behind it.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    fn wait(&self, folder: &Path) {
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
            assert!(Instant::now() < until, "PgBouncer does not listen:\n{}", log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Pgbouncer {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
    }
}

fn pgbouncer() -> PathBuf {
    let found = PROGRAMS.iter().map(PathBuf::from).find(|path| path.exists());
    found.expect("PgBouncer is missing: `cargo xtask test` installs it (apt-get install pgbouncer)")
}

fn ini(folder: &Path, server: u16, port: u16, settings: PoolerSettings<'_>) -> String {
    let PoolerSettings { pool_mode, admin_users, ignored } = settings;
    let folder = folder.display();
    format!(
        "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
         unix_socket_dir =\nauth_type = trust\nauth_file = {folder}/users\nlogfile = {folder}/log\n\
         pool_mode = {pool_mode}\nadmin_users = {admin_users}\nignore_startup_parameters = {ignored}\n"
    )
}
