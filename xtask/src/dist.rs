//! `cargo xtask dist`: the .deb and the bare binaries, into `target/dist/`.
//!
//! The engine travels as a resource named here and not in tauri.conf.json, since tauri-build copies
//! resources on every build and a debug build has `target/engines` at hand.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use crate::arguments::Arguments;
use crate::{engines, paths, setup, shell};

/// The command.
pub(crate) fn dist(arguments: Arguments) -> Result<()> {
    arguments.finish()?;
    setup::for_dist()?;
    for made in build()? {
        println!("{} ({:.1} MB)", paths::shown(&made), megabytes(&made)?);
    }
    Ok(())
}

/// Builds the release, and returns what lies in `target/dist/`.
pub(crate) fn build() -> Result<Vec<PathBuf>> {
    let major = engines::pins()?.product;
    let engine = engines::folder(&major);
    // Both programs and the engine lie in one package: the command line finds the engine beside the app's resources.
    let bundle = json!({ "bundle": {
        "resources": { format!("{}/", engine.display()): format!("engines/{major}/") },
        "linux": { "deb": { "files": { "/usr/bin/evaldesk": paths::binary("release", "evaldesk") } } },
    } });
    let cli =
        paths::root().join("xtask/node_modules/.bin").join(if cfg!(windows) { "tauri.cmd" } else { "tauri" });
    let mut tauri = shell::command(cli);
    tauri.args(["build", "--ci", "--bundles", if cfg!(target_os = "linux") { "deb" } else { "all" }]);
    // The UI is built already, and by its own step.
    shell::loud(
        tauri
            .arg("--config")
            .arg(bundle.to_string())
            .args(["--config", r#"{"build":{"beforeBuildCommand":null}}"#])
            // Both programs in one build: apart, cargo would settle on other features and build most crates twice.
            .args(["--", "--package", "evaldesk-desktop", "--package", "evaldesk-cli"]),
    )?;
    collect()
}

fn collect() -> Result<Vec<PathBuf>> {
    let folder = paths::target().join("dist");
    fs::create_dir_all(&folder)?;
    let bundles = paths::binary("release", "evaldesk-desktop").with_file_name("bundle").join("deb");
    let mut found: Vec<PathBuf> =
        ["evaldesk-desktop", "evaldesk"].map(|name| paths::binary("release", name)).to_vec();
    if let Ok(entries) = fs::read_dir(&bundles) {
        found.extend(
            entries
                .flatten()
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|end| end == "deb")),
        );
    }
    found.iter().map(|from| keep(from, &folder)).collect()
}

fn keep(from: &Path, folder: &Path) -> Result<PathBuf> {
    let to = folder.join(from.file_name().context("a file without a name")?);
    fs::copy(from, &to).with_context(|| format!("{} was not built", from.display()))?;
    Ok(to)
}

/// The size of a file, as people say it.
pub(crate) fn megabytes(path: &Path) -> Result<f64> {
    #[allow(clippy::cast_precision_loss)] // a size in megabytes to one place
    Ok(fs::metadata(path)?.len() as f64 / 1e6)
}
