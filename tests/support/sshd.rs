//! An SSH server before a test server: OpenSSH's own, as Debian packs it, run by the servers' account with keys of its
//! own. It knows one user, the account that it runs as, and one key.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::account::Account;

/// It wants to be called by its whole path.
const PROGRAM: &str = "/usr/sbin/sshd";

/// Ends it when the test process is gone, however that ended: the kernel closes the pipe that only we hold.
const SCRIPT: &str =
    r#""$0" -D -f "$1" -E "$2" & echo $! > "$3"; cat > /dev/null; kill -KILL $! 2> /dev/null"#;

/// A running SSH server; it ends with the value.
#[derive(Debug)]
pub struct Sshd {
    account: Account,
    folder: PathBuf,
    /// The client's side: its keys, readable for us alone.
    home: tempfile::TempDir,
    port: u16,
    shell: Option<Child>,
}

impl Sshd {
    /// Starts one that takes the key of `key_file`.
    ///
    /// # Panics
    /// When OpenSSH's server is not installed: a test without it has failed, not passed.
    pub fn start() -> Self {
        Self::with("")
    }

    /// As `start`, with more lines in its configuration, which come first and so win.
    pub fn with(settings: &str) -> Self {
        assert!(
            Path::new(PROGRAM).exists(),
            "sshd is missing: `cargo xtask test` installs it (apt-get install openssh-server)"
        );
        let account = Account::of_servers();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = account.base().join(format!("sshd-{}-{port}", std::process::id()));
        account.make_folder(&folder);
        let home = tempfile::Builder::new().prefix("evaldesk-ssh-").tempdir().unwrap();
        fs::create_dir(home.path().join(".ssh")).unwrap();
        let mut server = Self { account, folder, home, port, shell: None };
        keygen(&server.key_file(), "");
        fs::copy(public(&server.key_file()), server.folder.join("authorized_keys")).unwrap();
        fs::write(server.folder.join("config"), server.config(settings)).unwrap();
        server.change_host_key();
        server.run();
        server
    }

    /// The port that it listens on, of 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The one user it knows.
    pub fn user(&self) -> String {
        self.account.name()
    }

    /// The key that it takes, without a passphrase.
    pub fn key_file(&self) -> PathBuf {
        self.home.path().join("key")
    }

    /// The home of whoever connects; its `.ssh` is empty.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The fingerprint of its own key, as ssh shows it.
    pub fn fingerprint(&self) -> String {
        let shown = Command::new("ssh-keygen").arg("-lf").arg(public(&self.host_key())).output().unwrap();
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        shown.split(' ').nth(1).unwrap().to_owned()
    }

    /// A line of known_hosts that knows it.
    pub fn known_hosts_line(&self) -> String {
        let key = fs::read_to_string(public(&self.host_key())).unwrap();
        let key: Vec<&str> = key.split(' ').take(2).collect();
        format!("[127.0.0.1]:{} {}\n", self.port, key.join(" "))
    }

    /// Takes another key too.
    pub fn also_take(&self, key: &Path) {
        let file = self.folder.join("authorized_keys");
        let held = fs::read_to_string(&file).unwrap();
        fs::write(file, held + &fs::read_to_string(public(key)).unwrap()).unwrap();
    }

    /// Makes it another server by its key; seen after `restart`.
    pub fn change_host_key(&self) {
        let key = self.host_key();
        let _ = (fs::remove_file(&key), fs::remove_file(public(&key)));
        keygen(&key, "");
        self.account.give(&key);
    }

    /// Ends it with all of its sessions, as a power cut would.
    pub fn kill(&mut self) {
        let main: u32 = fs::read_to_string(self.folder.join("pid")).unwrap().trim().parse().unwrap();
        for process in children(main).into_iter().chain([main]) {
            let _ = Command::new("kill").args(["-KILL", &process.to_string()]).output();
        }
        self.end();
    }

    /// Starts it again, on the port it had.
    pub fn run(&mut self) {
        let mut shell = self.account.command(Path::new("/bin/sh"), Path::new("/"));
        shell.args(["-c", SCRIPT, PROGRAM]).arg(self.folder.join("config")).arg(self.folder.join("log"));
        shell.arg(self.folder.join("pid"));
        let shell = shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.shell = Some(shell.unwrap());
        let until = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < until, "sshd does not listen:\n{}", self.log());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// How many have signed in so far.
    pub fn sign_ins(&self) -> usize {
        self.log().matches("Accepted publickey").count()
    }

    fn host_key(&self) -> PathBuf {
        self.folder.join("host_key")
    }

    fn end(&mut self) {
        if let Some(mut shell) = self.shell.take() {
            drop(shell.stdin.take());
            let _ = shell.wait();
        }
    }

    fn config(&self, settings: &str) -> String {
        let folder = self.folder.display();
        format!(
            "{settings}\nPort {}\nListenAddress 127.0.0.1\nHostKey {folder}/host_key\nPidFile none\n\
             AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nUsePAM no\nLogLevel VERBOSE\n",
            self.port
        )
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.end();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Makes a pair of keys.
pub fn keygen(file: &Path, passphrase: &str) {
    let made =
        Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", passphrase, "-f"]).arg(file).output();
    let made = made.expect("ssh-keygen is missing: apt-get install openssh-client");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn public(key: &Path) -> PathBuf {
    key.with_extension("pub")
}

/// The processes that a process has started, and theirs.
fn children(of: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").unwrap().flatten();
    let pids = all.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let own: Vec<u32> = pids.filter(|pid| parent(*pid) == Some(of)).collect();
    own.iter().flat_map(|pid| [children(*pid), vec![*pid]].concat()).collect()
}

fn parent(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// A running ssh-agent with keys in it; it ends with the value.
#[derive(Debug)]
pub struct SshAgent {
    process: Child,
    folder: tempfile::TempDir,
}

impl SshAgent {
    /// Starts one and gives it keys.
    pub fn with(keys: &[&Path]) -> Self {
        let folder = tempfile::Builder::new().prefix("evaldesk-agent-").tempdir().unwrap();
        let mut command = Command::new("ssh-agent");
        command.args(["-D", "-a"]).arg(folder.path().join("socket")).stdout(Stdio::null());
        let process = command.spawn().expect("ssh-agent is missing: apt-get install openssh-client");
        let agent = Self { process, folder };
        let until = Instant::now() + Duration::from_secs(10);
        while !agent.socket().exists() {
            assert!(Instant::now() < until, "ssh-agent does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        for key in keys {
            let added =
                Command::new("ssh-add").arg(key).env("SSH_AUTH_SOCK", agent.socket()).output().unwrap();
            assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
        }
        agent
    }

    /// Its socket, as `SSH_AUTH_SOCK` names it.
    pub fn socket(&self) -> PathBuf {
        self.folder.path().join("socket")
    }
}

impl Drop for SshAgent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
