//! Reading the sources: which files there are, and what of them is code.

use std::path::{Path, PathBuf};

/// Every file below a folder of the checkout with one of these endings.
pub(crate) fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(&support::root().join(folder), endings, &mut found);
    found.sort();
    found
}

/// A file's text.
pub(crate) fn text(path: impl AsRef<Path>) -> String {
    let path = support::root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read {}: {error}", path.display()))
}

/// A path as people say it.
pub(crate) fn shown(path: &Path) -> String {
    path.strip_prefix(support::root()).unwrap_or(path).display().to_string()
}

/// The lines of Rust that run in production: no comments, and nothing from the first test module on.
pub(crate) fn production_code(path: &Path) -> String {
    let text = text(path);
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Fails with the whole list, so that one run shows all that is wrong.
#[track_caller]
pub(crate) fn expect_none(wrong: &[String], rule: &str) {
    assert!(wrong.is_empty(), "{rule}\n  {}", wrong.join("\n  "));
}

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if path.is_dir() && !["node_modules", "target", "dist", ".git"].contains(&name.as_str()) {
            collect(&path, endings, found);
        } else if endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(path);
        }
    }
}
