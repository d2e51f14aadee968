//! The sources of the crates that core is built with, as cargo unpacked them.

use std::path::{Path, PathBuf};

/// The sources of a crate as cargo unpacked them, of exactly this version.
///
/// # Panics
/// When cargo has not fetched it, which building core does.
pub fn crate_source(name: &str, version: &str) -> PathBuf {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cargo"))).unwrap();
    let registries = std::fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    let unpacked = registries.map(|registry| registry.path().join(format!("{name}-{version}")));
    let found = unpacked.into_iter().find(|path| Path::exists(path));
    found.unwrap_or_else(|| {
        panic!("{name} {version} is not unpacked in {}: run `cargo fetch`", home.display())
    })
}
