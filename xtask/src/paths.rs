//! Where things lie. Cargo's output follows CARGO_TARGET_DIR; what xtask makes itself is always under `target/`.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}

/// `target/`, where everything that can be made again lies.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// Stamps, logs and other traces of xtask's own work.
pub(crate) fn scratch() -> PathBuf {
    target().join("xtask")
}

/// The fetched PostgreSQL engines, one folder a major version.
pub(crate) fn engines() -> PathBuf {
    target().join("engines")
}

/// A binary that cargo built.
pub(crate) fn binary(profile: &str, name: &str) -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(target, PathBuf::from);
    target.join(profile).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// A path as a person would type it from the root of the checkout.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}
