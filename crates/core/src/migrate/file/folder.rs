//! Reading a folder: which of its files are migrations, and what a file must be to be read at all.
//!
//! Links to files are followed, links to folders are not: Ruby's own search does the same, and a circle has no end.

use std::fs::Metadata;
use std::path::{Path, PathBuf};

use super::name::{leading_digits, role_of};
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
}

/// Reads a folder's files.
///
/// # Errors
/// `NotFound` and `Storage` when it cannot be read; `InvalidArguments` for a thing that is named like a migration
/// and is no file, and for one too large.
pub(in crate::migrate) fn read_folder(folder: &Path) -> Result<Folder> {
    let mut found = Folder::default();
    let mut names = listed(folder)?;
    names.retain(|name| !name.starts_with('.'));
    for name in names.iter().filter(|name| name.ends_with(".sql")) {
        if leading_digits(name) == 0 && role_of(name).is_none() {
            found.left_out.push(name.clone());
        } else {
            found.files.push(read(folder, name)?);
        }
    }
    // Rails looks into subfolders too. Beside files of SQL nothing of the kind is expected.
    let deepest = if found.files.is_empty() { DEEPEST } else { 0 };
    found.files.extend(ruby_files(folder, "", deepest)?);
    Ok(found)
}

/// Rails' `[0-9]*_*.rb`, in this folder and those below.
fn ruby_files(folder: &Path, below: &str, deepest: usize) -> Result<Vec<RawFile>> {
    let mut found = Vec::new();
    for name in listed(&folder.join(below))? {
        let shown = format!("{below}{name}");
        if leading_digits(&name) > 0 && name.contains('_') && name.ends_with(".rb") {
            found.push(read(folder, &shown)?);
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

fn read(folder: &Path, name: &str) -> Result<RawFile> {
    let path = folder.join(name);
    let meta = std::fs::metadata(&path).map_err(|error| unreadable("", &path, error))?;
    check_kind(&path, &meta)?;
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

/// Why something cannot be read, and what to look at.
pub(in crate::migrate) fn unreadable(what: &str, path: &Path, error: std::io::Error) -> Error {
    use std::io::ErrorKind as Io;
    let (kind, why, hint) = match error.kind() {
        Io::NotFound if path.is_symlink() => (
            ErrorKind::NotFound,
            "it is a link to what is not there".to_owned(),
            "Mend the link, or remove it.",
        ),
        Io::NotFound => (
            ErrorKind::NotFound,
            "it is not there".to_owned(),
            "Look at the path; a connection's folder is in its settings.",
        ),
        Io::NotADirectory => {
            (ErrorKind::Storage, "it is no folder".to_owned(), "Name the folder that holds the files.")
        }
        Io::PermissionDenied => {
            (ErrorKind::Storage, error.to_string(), "Look who owns it and who may read there.")
        }
        _ if is_circle(&error) => (
            ErrorKind::Storage,
            "its links lead in a circle".to_owned(),
            "Remove the link that leads back to itself.",
        ),
        _ => (ErrorKind::Storage, error.to_string(), "Look at the disk and at the rights on it."),
    };
    Error::new(kind, format!("cannot read {what}{}: {why}", path.display())).hint(hint).caused_by(error)
}

#[cfg(unix)]
fn is_circle(error: &std::io::Error) -> bool {
    rustix::io::Errno::from_io_error(error) == Some(rustix::io::Errno::LOOP)
}

#[cfg(not(unix))]
fn is_circle(_: &std::io::Error) -> bool {
    false
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
