//! Other tools of the field, built from source at a pinned version: tests and measurements stand beside them.

use crate::step::Step;
use crate::{client_tools, fingerprint, npm, paths, pip, shell};

/// A command line that cargo installs.
#[derive(Clone, Copy)]
struct Peer {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    purpose: &'static str,
    options: &'static [&'static str],
}

/// The version of the linter's crates in `Cargo.toml`: the two are compared finding by finding.
const SQUAWK: Peer = Peer {
    name: "squawk",
    package: "squawk",
    version: "2.68.0",
    purpose: "the linter's own command line, whose findings ours are held against",
    options: &[],
};

const SQLX: Peer = Peer {
    name: "sqlx",
    package: "sqlx-cli",
    version: "0.9.0",
    purpose: "another migration runner, to share databases with and to be measured beside",
    options: &["--no-default-features", "--features", "rustls,postgres"],
};

/// The steps that put a reader of Parquet into `target/peers`: DuckDB's wheel is half of pyarrow's.
pub(crate) fn readers() -> Vec<Step> {
    vec![
        client_tools::pip(),
        pip::package("duckdb", "duckdb==2.0.1", "reads our Parquet files apart from us"),
    ]
}

/// The steps that put them into `target/peers`.
pub(crate) fn steps() -> Vec<Step> {
    vec![npm::packages("tests/peers", "dbmate, another migration runner"), SQUAWK.step(), SQLX.step()]
}

impl Peer {
    fn step(self) -> Step {
        let stamp = format!("peer-{}", self.name);
        let left = stamp.clone();
        Step::new(
            self.name,
            self.purpose,
            move || Ok(self.program().exists() && fingerprint::is(&stamp, self.version)),
            move || {
                shell::quiet(&left, &mut self.install())?;
                fingerprint::leave(&left, self.version)
            },
        )
    }

    fn program(self) -> std::path::PathBuf {
        paths::target().join("peers/bin").join(format!("{}{}", self.name, std::env::consts::EXE_SUFFIX))
    }

    /// Optimised, as its users have it: it is measured too.
    fn install(self) -> std::process::Command {
        let mut cargo = shell::cargo();
        cargo.args(["install", "--locked", "--version", self.version, "--root"]);
        cargo.arg(paths::target().join("peers")).args(self.options).arg(self.package);
        cargo
    }
}
