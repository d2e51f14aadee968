//! npm packages by their lock files, and the built UI by the hash of its sources.

use std::path::PathBuf;

use anyhow::Result;

use crate::step::Step;
use crate::{fingerprint, paths, shell};

/// The step that installs a folder's packages exactly as its lock file says.
pub(crate) fn packages(folder: &'static str, purpose: &'static str) -> Step {
    let lock = move || vec![paths::root().join(folder).join("package-lock.json")];
    let stamp = format!("npm-{}", folder.replace('/', "-"));
    let left = stamp.clone();
    Step::new(
        "npm packages",
        format!("{purpose} ({folder}/)"),
        move || {
            let there = paths::root().join(folder).join("node_modules").is_dir();
            Ok(there && fingerprint::is(&stamp, &fingerprint::of(&lock())?))
        },
        move || {
            let mut install = shell::npm();
            // The lock's scripts are not ours to run: nothing that we use needs an install script.
            install
                .args(["ci", "--ignore-scripts", "--no-fund", "--no-audit"])
                .current_dir(paths::root().join(folder));
            shell::quiet(&left, &mut install)?;
            fingerprint::leave(&left, &fingerprint::of(&lock())?)
        },
    )
}

/// The step that builds the UI into `ui/dist`, from where the window and the test bridge take it.
pub(crate) fn ui_build() -> Step {
    Step::new(
        "the UI",
        "builds ui/ into ui/dist, which the app carries inside",
        || Ok(paths::root().join("ui/dist/index.html").exists() && fingerprint::is("ui", &sources()?)),
        || {
            shell::quiet(
                "ui-build",
                shell::npm().args(["run", "build"]).current_dir(paths::root().join("ui")),
            )?;
            fingerprint::leave("ui", &sources()?)
        },
    )
}

fn sources() -> Result<String> {
    let inputs = [
        "src",
        "public",
        "index.html",
        "package-lock.json",
        "vite.config.ts",
        "svelte.config.js",
        "tsconfig.json",
    ];
    let paths: Vec<PathBuf> = inputs.iter().map(|input| paths::root().join("ui").join(input)).collect();
    fingerprint::of(&paths)
}
