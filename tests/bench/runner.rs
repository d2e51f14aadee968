//! The runners that are compared, each called as its users call it.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use support::peers;

use super::folders::Folders;

/// A migration runner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    Evaldesk,
    Sqlx,
    Dbmate,
}

impl Runner {
    pub(crate) const ALL: [Self; 3] = [Self::Evaldesk, Self::Sqlx, Self::Dbmate];

    /// As it is called on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Evaldesk => "evaldesk",
            Self::Sqlx => "sqlx-cli",
            Self::Dbmate => "dbmate",
        }
    }

    /// Takes every migration up on an empty database, and tells how long the whole process took.
    pub(crate) fn up(self, url: &str, folders: &Folders) -> Duration {
        let mut command = self.command(url, folders);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = Instant::now();
        let output = command.output().unwrap_or_else(|error| panic!("cannot start {}: {error}", self.name()));
        let took = started.elapsed();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{} ended with {}:\n{said}", self.name(), output.status);
        took
    }

    fn command(self, url: &str, folders: &Folders) -> Command {
        let mut command = Command::new(self.program());
        match self {
            Self::Evaldesk => {
                command.args(["migrate", "up", "--yes", "--url", url, "--folder"]).arg(folders.evaldesk());
            }
            Self::Sqlx => {
                command.args(["migrate", "run", "--database-url", url, "--source"]).arg(folders.evaldesk());
            }
            // The other two write no schema.sql either.
            Self::Dbmate => {
                let url = format!("{url}?sslmode=disable");
                command.args(["--no-dump-schema", "--url", &url, "--migrations-dir"]);
                command.arg(folders.dbmate()).arg("up");
            }
        }
        command
    }

    fn program(self) -> PathBuf {
        match self {
            Self::Sqlx => peers::sqlx(),
            Self::Dbmate => peers::dbmate(),
            Self::Evaldesk => std::env::var_os("EVALDESK_CLI")
                .expect("EVALDESK_CLI is not set: run `cargo xtask bench migrate`")
                .into(),
        }
    }
}
