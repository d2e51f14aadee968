//! Stamps: a step is done when the hash of what it reads is the one it left behind last time.
//!
//! Hashes and not times, since a fresh checkout gives every file the time of the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;

/// The hash of files and folders, by their paths and contents.
pub(crate) fn of(inputs: &[PathBuf]) -> Result<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(input, &mut files)?;
    }
    files.sort();
    let mut hash = Sha256::new();
    for file in files {
        hash.update(paths::shown(&file).as_bytes());
        hash.update([0]);
        hash.update(fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?);
    }
    Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Whether the stamp holds this hash.
pub(crate) fn is(stamp: &str, hash: &str) -> bool {
    fs::read_to_string(stamp_path(stamp)).is_ok_and(|held| held == hash)
}

/// Leaves the hash behind for the next time.
pub(crate) fn leave(stamp: &str, hash: &str) -> Result<()> {
    let path = stamp_path(stamp);
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(path, hash)?;
    Ok(())
}

fn stamp_path(stamp: &str) -> PathBuf {
    paths::scratch().join("stamps").join(stamp)
}

fn collect(input: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !input.exists() {
        return Ok(());
    }
    if input.is_file() {
        files.push(input.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(input).with_context(|| format!("cannot list {}", input.display()))? {
        let path = entry?.path();
        if path.file_name().is_none_or(|name| name != "node_modules") {
            collect(&path, files)?;
        }
    }
    Ok(())
}
