//! Python packages at a pinned version, each in a folder of its own under `target/peers`: nothing of the machine's
//! Python changes.

use anyhow::Result;

use crate::step::Step;
use crate::{fingerprint, paths, shell};

/// The step that installs a package with what it needs.
pub(crate) fn package(name: &'static str, requirement: &'static str, purpose: &'static str) -> Step {
    let folder = || paths::target().join("peers");
    Step::new(
        name,
        purpose,
        move || Ok(folder().join(name).is_dir() && fingerprint::is(name, &stamp(requirement)?)),
        move || {
            let mut pip = shell::command("python3");
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade"]);
            pip.args(["--only-binary", ":all:", "--target"]).arg(folder().join(name)).arg(requirement);
            shell::quiet(name, &mut pip)?;
            fingerprint::leave(name, &stamp(requirement)?)
        },
    )
}

/// What is built for one Python is of no use to another.
fn stamp(requirement: &str) -> Result<String> {
    let tag = shell::read(
        shell::command("python3").args(["-c", "import sys; print(sys.implementation.cache_tag)"]),
    )?;
    Ok(format!("{requirement} {}", tag.trim()))
}
