//! A real gnome-keyring on a private session bus, in the states that a keyring can be in.
//!
//! Programs get to it by their environment, so it is tested through the programs: a test process must
//! not change its own environment while its threads run.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What the keyring is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyringState {
    /// The collection is open.
    Unlocked,
    /// There is a collection, and asking for it would open a prompt that nobody answers.
    Locked,
    /// There is a bus, and no keyring on it.
    BusOnly,
}

/// The bus and the keyring, ended with this value.
#[derive(Debug)]
pub struct Keyring {
    bus: Child,
    address: String,
    keyring: Option<Child>,
    home: tempfile::TempDir,
}

impl Keyring {
    /// Starts both.
    pub fn start(state: KeyringState) -> Self {
        let home = tempfile::Builder::new().prefix("evaldesk-keyring-").tempdir().unwrap();
        let runtime = home.path().join("runtime");
        std::fs::create_dir_all(&runtime).unwrap();
        std::fs::set_permissions(&runtime, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let (bus, address) = start_bus();
        let mut started = Self { bus, address, keyring: None, home };
        if state != KeyringState::BusOnly {
            started.keyring = Some(started.daemon("test\n"));
            started.wait_until("take its name", Self::has_owner);
            started.wait_until("open its collection", Self::store_probe);
        }
        if state == KeyringState::Locked {
            started.lock();
        }
        started
    }

    /// What a program's environment must say to find this keyring.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = |folder: &str| self.home.path().join(folder).display().to_string();
        vec![
            ("DBUS_SESSION_BUS_ADDRESS".into(), self.address.clone()),
            ("XDG_RUNTIME_DIR".into(), path("runtime")),
        ]
    }

    /// What `secret-tool` finds under these attributes.
    pub fn lookup(&self, attributes: &[(&str, &str)]) -> Option<String> {
        let mut tool = self.command("secret-tool");
        tool.arg("lookup");
        for (name, value) in attributes {
            tool.args([name, value]);
        }
        let output = tool.output().unwrap();
        output
            .status
            .success()
            .then(|| String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned())
    }

    fn daemon(&self, password: &str) -> Child {
        let mut daemon = self.command("gnome-keyring-daemon");
        daemon.args(["--unlock", "--foreground", "--components=secrets"]);
        let mut child =
            daemon.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(password.as_bytes()).unwrap();
        child
    }

    /// The daemon says nothing when it is ready, so it is looked at.
    fn wait_until(&self, what: &str, ready: fn(&Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !ready(self) {
            assert!(Instant::now() < deadline, "gnome-keyring did not {what}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Asking for a secret before our daemon has the name would make the bus start another, locked one.
    fn has_owner(&self) -> bool {
        let mut ask = self.command("dbus-send");
        ask.args(["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        ask.output().is_ok_and(|answer| String::from_utf8_lossy(&answer.stdout).contains("boolean true"))
    }

    fn store_probe(&self) -> bool {
        let mut tool = self.command("secret-tool");
        tool.args(["store", "--label=probe", "evaldesk-test", "probe"]).stdin(Stdio::piped());
        let mut child = tool.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(b"open").unwrap();
        child.wait().unwrap().success()
            && self.lookup(&[("evaldesk-test", "probe")]).as_deref() == Some("open")
    }

    fn lock(&self) {
        let locked = self
            .command("dbus-send")
            .args([
                "--session",
                "--print-reply",
                "--dest=org.freedesktop.secrets",
                "/org/freedesktop/secrets",
            ])
            .args([
                "org.freedesktop.Secret.Service.Lock",
                "array:objpath:/org/freedesktop/secrets/collection/login",
            ])
            .output()
            .unwrap();
        assert!(
            locked.status.success(),
            "cannot lock the keyring: {}",
            String::from_utf8_lossy(&locked.stderr)
        );
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .envs(self.environment())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("HOME", self.home.path());
        command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").current_dir(Path::new("/"));
        command
    }
}

fn start_bus() -> (Child, String) {
    let mut daemon = Command::new("dbus-daemon");
    daemon.args(["--session", "--nofork", "--print-address=1"]).stdin(Stdio::null()).stderr(Stdio::null());
    let mut bus =
        daemon.stdout(Stdio::piped()).spawn().expect("dbus-daemon is missing: run `cargo xtask test`");
    let mut address = String::new();
    BufReader::new(bus.stdout.take().unwrap()).read_line(&mut address).unwrap();
    assert!(!address.trim().is_empty(), "dbus-daemon ended before it had an address");
    (bus, address.trim().to_owned())
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in self.keyring.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
