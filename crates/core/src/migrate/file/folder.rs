//! Reading a folder: which of its files are migrations, and what a file must be to be read at all.
//!
//! Links to files are followed, links to folders are not: Ruby's own search does the same, and a circle has no end.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::name::{leading_digits, role_of};
use super::unreadable::unreadable;
use crate::{Error, ErrorKind, Result};

/// The largest file that is read. It is cut into statements, shown and kept in the log as a whole; rows are no
/// migration.
const LARGEST: u64 = 16 * 1024 * 1024;

/// How deep files of Ruby are looked for.
const DEEPEST: usize = 8;

/// A file, unread.
#[derive(Debug, Clone)]
pub(in crate::migrate) struct RawFile {
    /// Its name; with the subfolders before it where there are some.
    pub(in crate::migrate) name: String,
    pub(in crate::migrate) path: Option<PathBuf>,
    pub(in crate::migrate) bytes: Vec<u8>,
}

/// What lies in a folder.
#[derive(Debug, Default)]
pub(in crate::migrate) struct Folder {
    /// What is named like a migration of any tool, by name.
    pub(in crate::migrate) files: Vec<RawFile>,
    /// Other files of SQL: a dump, seeds.
    pub(in crate::migrate) left_out: Vec<String>,
    /// As it was right before it was read.
    pub(in crate::migrate) stamp: FolderStamp,
}

/// What tells that a folder is as it was, without reading its files: their names, sizes, times and places on the disk, as
/// git goes by them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::migrate) struct FolderStamp {
    files: Vec<(String, FileStamp)>,
    left_out: Vec<String>,
}

/// Size, when its content and when its entry was changed last, and which file it is.
type FileStamp = (u64, Option<SystemTime>, (i64, i64), u64);

/// Reads a folder's files.
///
/// # Errors
/// `NotFound` and `Storage` when it cannot be read; `InvalidArguments` for a thing that is named like a migration
/// and is no file, and for one too large.
pub(in crate::migrate) fn read_folder(folder: &Path) -> Result<Folder> {
    let stamp = stamp(folder)?;
    let files: Result<_> = stamp.files.iter().map(|(name, _)| read(folder, name)).collect();
    Ok(Folder { files: files?, left_out: stamp.left_out.clone(), stamp })
}

/// Looks at a folder's files without reading them.
///
/// # Errors
/// As `read_folder`.
pub(in crate::migrate) fn stamp(folder: &Path) -> Result<FolderStamp> {
    let mut found = FolderStamp::default();
    let mut names = listed(folder)?;
    names.retain(|name| !name.starts_with('.'));
    for name in names.iter().filter(|name| name.ends_with(".sql")) {
        if leading_digits(name) == 0 && role_of(name).is_none() {
            found.left_out.push(name.clone());
        } else {
            found.files.push((name.clone(), look(folder, name)?));
        }
    }
    // Rails looks into subfolders too. Beside files of SQL nothing of the kind is expected.
    let deepest = if found.files.is_empty() { DEEPEST } else { 0 };
    found.files.extend(ruby_files(folder, "", deepest)?);
    Ok(found)
}

/// Rails' `[0-9]*_*.rb`, in this folder and those below.
fn ruby_files(folder: &Path, below: &str, deepest: usize) -> Result<Vec<(String, FileStamp)>> {
    let mut found = Vec::new();
    for name in listed(&folder.join(below))? {
        let shown = format!("{below}{name}");
        if leading_digits(&name) > 0 && name.contains('_') && name.ends_with(".rb") {
            found.push((shown.clone(), look(folder, &shown)?));
        } else if deepest > 0 && !name.starts_with('.') && is_own_folder(&folder.join(&shown)) {
            found.extend(ruby_files(folder, &format!("{shown}/"), deepest - 1)?);
        }
    }
    Ok(found)
}

fn is_own_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|meta| meta.is_dir())
}

/// The names in a folder, in order.
fn listed(folder: &Path) -> Result<Vec<String>> {
    let unreadable = |error| unreadable("the folder ", folder, error);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        names.push(entry.map_err(unreadable)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

fn look(folder: &Path, name: &str) -> Result<FileStamp> {
    let path = folder.join(name);
    let meta = std::fs::metadata(&path).map_err(|error| unreadable("", &path, error))?;
    check_kind(&path, &meta)?;
    let (changed, file) = place(&meta);
    Ok((meta.len(), meta.modified().ok(), changed, file))
}

#[cfg(unix)]
fn place(meta: &Metadata) -> ((i64, i64), u64) {
    use std::os::unix::fs::MetadataExt as _;
    ((meta.ctime(), meta.ctime_nsec()), meta.ino())
}

#[cfg(not(unix))]
fn place(_: &Metadata) -> ((i64, i64), u64) {
    ((0, 0), 0)
}

fn read(folder: &Path, name: &str) -> Result<RawFile> {
    let path = folder.join(name);
    let bytes = std::fs::read(&path).map_err(|error| unreadable("", &path, error))?;
    Ok(RawFile { name: name.to_owned(), path: Some(path), bytes })
}

fn check_kind(path: &Path, meta: &Metadata) -> Result<()> {
    let wrong = |what: String, hint: &str| {
        Err(Error::new(ErrorKind::InvalidArguments, format!("{} {what}", path.display())).hint(hint))
    };
    if meta.is_dir() {
        return wrong(
            "is named like a migration, and is a folder".to_owned(),
            "Rename it, or move it elsewhere.",
        );
    }
    if !meta.is_file() {
        // Reading from a pipe would wait for ever.
        return wrong("is named like a migration, and is no regular file".to_owned(), "Move it elsewhere.");
    }
    if meta.len() > LARGEST {
        let size = meta.len().div_ceil(1024 * 1024);
        return wrong(
            format!("has {size} MB, and a migration may have 16: it is read, shown and logged as a whole"),
            "Load rows with COPY or a script of their own, and keep the change of the schema here.",
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(folder: &Path) -> String {
        read_folder(folder).unwrap_err().message().to_owned()
    }

    fn names(folder: &Folder) -> Vec<&str> {
        folder.files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn only_what_is_named_like_a_migration_is_read() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["1_a.up.sql", "schema.sql", ".1_b.up.sql", "1_a.up.sql.orig", "README.md", "2_b.rb.bak"]
        {
            std::fs::write(folder.path().join(name), "select 1").unwrap();
        }
        std::fs::create_dir(folder.path().join("old")).unwrap();
        std::fs::write(folder.path().join("old/3_c.rb"), "").unwrap();
        let found = read_folder(folder.path()).unwrap();
        assert_eq!(names(&found), ["1_a.up.sql"]);
        assert_eq!(found.left_out, ["schema.sql"]);
    }

    #[test]
    fn a_stamp_tells_every_change_of_a_folder() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        std::fs::write(at("1_a.up.sql"), "select 1").unwrap();
        let first = read_folder(folder.path()).unwrap().stamp;
        assert_eq!(stamp(folder.path()).unwrap(), first);
        std::fs::write(at("new"), "select 2").unwrap();
        assert_eq!(stamp(folder.path()).unwrap(), first, "it is no migration");
        std::fs::rename(at("new"), at("1_a.up.sql")).unwrap();
        let second = stamp(folder.path()).unwrap();
        assert_ne!(second, first, "another file of the same size");
        std::fs::write(at("seeds.sql"), "").unwrap();
        assert_ne!(stamp(folder.path()).unwrap(), second, "one is left out");
    }

    #[test]
    fn files_of_ruby_are_found_in_subfolders_as_rails_does() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("2024")).unwrap();
        std::fs::write(folder.path().join("2024/1_a.rb"), "").unwrap();
        std::fs::write(folder.path().join("2_b.rb"), "").unwrap();
        assert_eq!(names(&read_folder(folder.path()).unwrap()), ["2024/1_a.rb", "2_b.rb"]);
    }

    #[test]
    fn a_folder_that_is_none_is_named_with_why() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(message(&file).ends_with("file: it is no folder"));
        assert!(message(Path::new("/nowhere")).ends_with("/nowhere: it is not there"));
        assert_eq!(read_folder(Path::new("/nowhere")).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[test]
    fn a_folder_and_a_huge_file_named_like_a_migration_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("1_a.up.sql")).unwrap();
        assert!(message(folder.path()).ends_with("1_a.up.sql is named like a migration, and is a folder"));
        std::fs::remove_dir(folder.path().join("1_a.up.sql")).unwrap();
        let huge = std::fs::File::create(folder.path().join("1_a.up.sql")).unwrap();
        huge.set_len(LARGEST + 1).unwrap();
        assert!(message(folder.path()).contains("has 17 MB, and a migration may have 16"));
        huge.set_len(LARGEST).unwrap();
        assert!(read_folder(folder.path()).is_ok());
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_and_into_nothing_have_their_own_words() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        symlink(at("1_a.up.sql"), at("1_a.up.sql")).unwrap();
        assert!(message(folder.path()).ends_with("1_a.up.sql: its links lead in a circle"));
        std::fs::remove_file(at("1_a.up.sql")).unwrap();
        symlink(at("gone"), at("1_a.up.sql")).unwrap();
        assert!(message(folder.path()).ends_with("it is a link to what is not there"));
        std::fs::remove_file(at("1_a.up.sql")).unwrap();
        // Ruby is looked for below, but never through a link that leads back.
        symlink(folder.path(), at("back")).unwrap();
        assert!(read_folder(folder.path()).unwrap().files.is_empty());
        symlink(at("a"), at("b")).unwrap();
        symlink(at("b"), at("a")).unwrap();
        assert!(message(&at("a")).ends_with("its links lead in a circle"));
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            folder.path().join("1_a.up.sql"),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RWXU,
            0,
        )
        .unwrap();
        assert!(message(folder.path()).ends_with("is no regular file"));
    }
}
