//! Other tools of the field that tests and measurements stand beside. `cargo xtask test` puts them where this looks.

use std::path::PathBuf;

use crate::root;

/// sqlx's command line.
pub fn sqlx() -> PathBuf {
    found(root().join("target/peers/bin/sqlx"))
}

/// The command line of the linter whose rules we take as a library, at the library's version.
pub fn squawk() -> PathBuf {
    found(root().join("target/peers/bin/squawk"))
}

/// dbmate's own program, without npm's script around it.
pub fn dbmate() -> PathBuf {
    let system = match std::env::consts::OS {
        "macos" => "darwin",
        other => other,
    };
    let machine = if cfg!(target_arch = "x86_64") { "x64" } else { "arm64" };
    found(root().join(format!("tests/peers/node_modules/@dbmate/{system}-{machine}/bin/dbmate")))
}

/// DuckDB as a package of Python, which reads Parquet: the folder to import it from.
pub fn duckdb() -> PathBuf {
    found(root().join("target/peers/duckdb"))
}

/// psql, beside one of the engines or of the system.
pub fn psql() -> PathBuf {
    let engines =
        std::env::var_os("EVALDESK_ENGINES").map_or_else(|| root().join("target/engines"), PathBuf::from);
    let folders = std::fs::read_dir(engines).into_iter().flatten().flatten();
    let beside = folders.map(|folder| folder.path().join("bin/psql"));
    let system = ["/usr/lib/postgresql/15/bin/psql", "/usr/bin/psql"].map(PathBuf::from);
    let there = beside.chain(system).find(|path| path.exists());
    there.expect("psql is missing: `cargo xtask test` puts it beside an engine")
}

fn found(path: PathBuf) -> PathBuf {
    assert!(path.exists(), "{} is missing: `cargo xtask test` fetches it", path.display());
    path
}
