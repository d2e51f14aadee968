//! Whether another user can get at a folder, and a copy of the engine where it cannot.
//!
//! Root's own files (0700 /root) are closed to the user that PostgreSQL runs as. The mode bits of every ancestor
//! decide; asking by trying would need a process of that user for each folder.

use std::path::{Path, PathBuf};

use super::config::RunAs;
use super::engine::{self, Engine};
use super::layout::Layout;
use super::private;
use crate::{Error, Result};

/// The engine itself when the user that will run it can reach it; else a copy that it can.
pub(super) async fn reachable_engine(engine: Engine, layout: &Layout) -> Result<Engine> {
    let Some(user) = &layout.run_as else {
        return Ok(engine);
    };
    let bin = engine.bin.canonicalize()?;
    if can_run(user, &bin.join("postgres")) {
        return Ok(Engine { bin, ..engine });
    }
    let target = layout.system_dir.join("engines").join(&engine.version);
    let copied = target.join("bin");
    if !copied.join("postgres").is_file() {
        let source = bin
            .parent()
            .ok_or_else(|| Error::internal("an engine at the root of the file system"))?
            .to_owned();
        tokio::task::spawn_blocking(move || copy_aside(&source, &target))
            .await
            .map_err(|error| Error::internal("copying the engine broke off").caused_by(error))??;
    }
    engine::inspect(&copied).await
}

/// Copies next to the target and renames, so that a copy cut short is never taken for an engine.
fn copy_aside(source: &Path, target: &Path) -> Result<()> {
    let said = |error: std::io::Error| {
        Error::from(error).while_doing(&format!("cannot copy the engine to {}", target.display()))
    };
    let parent = target.parent().unwrap_or(target);
    std::fs::create_dir_all(parent).map_err(said)?;
    let partial = private::sibling(target, "partial");
    private::remove_tree(&partial)?;
    copy_tree(source, &partial).map_err(said)?;
    std::fs::rename(&partial, target).map_err(said)
}

/// Copies folders, files with their modes, and links as links; everything readable for all.
fn copy_tree(source: &Path, target: &Path) -> std::io::Result<()> {
    std::fs::create_dir(target)?;
    open_to_all(target, 0o755)?;
    for entry in std::fs::read_dir(source)? {
        let entry = entry?;
        let (from, to) = (entry.path(), target.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            copy_tree(&from, &to)?;
        } else if kind.is_symlink() {
            copy_link(&from, &to)?;
        } else {
            copy_file(&from, &to)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(std::fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    copy_file(from, to)
}

fn copy_file(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to)?;
    open_to_all(to, if is_executable(from)? { 0o755 } else { 0o644 })
}

#[cfg(unix)]
fn is_executable(path: &Path) -> std::io::Result<bool> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(std::fs::metadata(path)?.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(_: &Path) -> std::io::Result<bool> {
    Ok(true)
}

fn open_to_all(path: &Path, mode: u32) -> std::io::Result<()> {
    private::set_mode(path, mode)
}

/// Whether a user can run a program, or enter a folder, by the mode bits of it and of all above it.
pub(super) fn can_run(user: &RunAs, path: &Path) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    path.ancestors().all(|step| may(user, step, 0o1))
}

/// Whether the wanted bits (4 read, 2 write, 1 enter) are set in the class the user falls in.
#[cfg(unix)]
fn may(user: &RunAs, path: &Path, wanted: u32) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(meta) = std::fs::metadata(path) else { return false };
    let shift = match () {
        () if meta.uid() == user.uid => 6,
        () if meta.gid() == user.gid => 3,
        () => 0,
    };
    (meta.mode() >> shift) & wanted == wanted
}

#[cfg(not(unix))]
fn may(_: &RunAs, _: &Path, _: u32) -> bool {
    true
}

/// The folder of clusters of root's, by the folder that stands for it in root's own files.
pub(super) fn home_for(system_dir: &Path, root: &Path) -> PathBuf {
    system_dir.join(private::short_hash(root))
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn stranger() -> RunAs {
        RunAs { uid: 54_321, gid: 54_321, name: "stranger".into() }
    }

    #[test]
    fn a_closed_ancestor_closes_everything_below() {
        let top = tempfile::tempdir().unwrap();
        let program = top.path().join("engine/bin/postgres");
        std::fs::create_dir_all(program.parent().unwrap()).unwrap();
        std::fs::write(&program, "").unwrap();
        private::set_mode(&program, 0o755).unwrap();
        private::set_mode(top.path(), 0o700).unwrap();
        assert!(!can_run(&stranger(), &program));
        private::set_mode(top.path(), 0o755).unwrap();
        assert!(can_run(&stranger(), &program));
        private::set_mode(&program, 0o644).unwrap();
        assert!(!can_run(&stranger(), &program));
    }

    #[test]
    fn a_copy_keeps_links_and_what_is_executable() {
        let top = tempfile::tempdir().unwrap();
        let source = top.path().join("source");
        std::fs::create_dir_all(source.join("bin")).unwrap();
        std::fs::write(source.join("bin/postgres"), "x").unwrap();
        private::set_mode(&source.join("bin/postgres"), 0o700).unwrap();
        std::os::unix::fs::symlink("postgres", source.join("bin/postmaster")).unwrap();
        let target = top.path().join("engines/17.10");
        copy_aside(&source, &target).unwrap();
        assert_eq!(std::fs::read_link(target.join("bin/postmaster")).unwrap(), PathBuf::from("postgres"));
        assert!(is_executable(&target.join("bin/postgres")).unwrap());
        assert!(!top.path().join("engines/17.10.partial").exists());
    }
}
