//! The programs under test, as cargo built them, and how a test runs them.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The root of the checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

/// Cargo's output folder for this test run, by where this very test binary lies.
pub fn target() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors()
        .find(|folder| folder.ends_with("deps"))
        .and_then(Path::parent)
        .unwrap_or(Path::new("."))
        .to_path_buf()
}

/// A built program.
///
/// # Panics
/// When it was not built: the workspace is built before its tests, by `cargo xtask test`.
pub fn program(name: &str) -> PathBuf {
    let path = target().join(name);
    assert!(
        path.exists(),
        "{} is not built: run `cargo build --workspace`, or `cargo xtask test`",
        path.display()
    );
    path
}

/// The command line in a home of its own: no profile, keyring or server of the reader's is seen.
#[derive(Debug)]
pub struct Cli {
    home: tempfile::TempDir,
    extra: Vec<(String, String)>,
}

/// How a run of the command line ended.
#[derive(Debug)]
pub struct Finished {
    /// The exit status; 137 and the like when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Cli {
    /// A command line in a fresh home.
    pub fn new() -> Self {
        Self { home: tempfile::Builder::new().prefix("evaldesk-home-").tempdir().unwrap(), extra: Vec::new() }
    }

    /// Sets a variable for every run from here on.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.extra.push((name.to_owned(), value.into()));
        self
    }

    /// The home that it lives in.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// A command, ready to be given arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(program("evaldesk"));
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command
            .env("HOME", self.home())
            .current_dir(self.home())
            .env("LC_ALL", "C.UTF-8")
            .env("NO_COLOR", "1");
        for (variable, folder) in [
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(variable, self.home().join(folder));
        }
        command.env("EVALDESK_ENGINE", crate::engine::product().folder);
        command.envs(self.extra.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null());
        command
    }

    /// Runs it to its end.
    pub fn run(&self, arguments: &[&str]) -> Finished {
        Finished::of(self.command().args(arguments))
    }

    /// Runs it with this on its standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Finished {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        Finished::from_output(child.wait_with_output().unwrap())
    }

    /// Where a file of this name lies in the home.
    pub fn find(&self, name: &str) -> PathBuf {
        let found =
            files(self.home()).into_iter().find(|path| path.file_name().is_some_and(|held| held == name));
        found.unwrap_or_else(|| panic!("no {name} in {}", self.home().display()))
    }

    /// Whether any file of the home holds this text.
    pub fn holds_anywhere(&self, text: &str) -> bool {
        let holds = |path: &PathBuf| {
            std::fs::read(path)
                .is_ok_and(|bytes| bytes.windows(text.len()).any(|window| window == text.as_bytes()))
        };
        files(self.home()).iter().any(holds)
    }

    /// Runs it, expects success, and reads the one JSON document it wrote.
    pub fn json(&self, arguments: &[&str]) -> serde_json::Value {
        let finished = self.run(arguments).expect(0);
        serde_json::from_str(&finished.out)
            .unwrap_or_else(|error| panic!("{arguments:?} wrote no JSON ({error}): {}", finished.out))
    }
}

/// Run by root, the data of a private server lies outside the home: it has to be taken away by the program itself.
impl Drop for Cli {
    fn drop(&mut self) {
        if !files(self.home()).iter().any(|path| path.components().any(|part| part.as_os_str() == "local")) {
            return;
        }
        let _ = self.command().args(["local", "stop"]).output();
        for _ in 0..50 {
            let reset =
                self.command().args(["local", "reset", "--delete", "--confirm", "raaf_eval_local"]).output();
            if reset.is_ok_and(|output| output.status.success()) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    }
}

impl Default for Cli {
    fn default() -> Self {
        Self::new()
    }
}

impl Finished {
    /// Runs any command to its end.
    pub fn of(command: &mut Command) -> Self {
        Self::from_output(
            command.output().unwrap_or_else(|error| panic!("cannot start {command:?}: {error}")),
        )
    }

    /// Fails, with everything that was written, when the exit status is another.
    #[must_use]
    pub fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n-- out\n{}\n-- err\n{}", self.out, self.err);
        self
    }

    /// As `expect`, for runs whose output is of no interest.
    pub fn expect_code(&self, code: i32) {
        assert_eq!(self.code, code, "\n-- out\n{}\n-- err\n{}", self.out, self.err);
    }

    fn from_output(output: std::process::Output) -> Self {
        use std::os::unix::process::ExitStatusExt as _;
        Self {
            code: output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or(0)),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| if path.is_dir() && !path.is_symlink() { files(&path) } else { vec![path] })
        .collect()
}
