//! The `.sql` files below the folder. Hidden folders are passed over, and symlinks to folders are not followed.

use std::fs::{self, DirEntry};
use std::path::Path;

use chrono::{DateTime, Utc};

use super::{QueryFile, front};
use crate::{Error, Result};

/// More files than these are not listed: the folder is not one of queries.
const MOST: usize = 5_000;
/// How deep folders in folders are looked into.
const DEPTH: usize = 12;
/// How much of a file is read for its head.
const HEAD: u64 = 8 * 1024;

/// All files, by their paths.
pub(super) fn files(root: &Path) -> Result<Vec<QueryFile>> {
    let mut found = Vec::new();
    if root.exists() {
        let real = root.canonicalize()?;
        below(&real, &real, "", 0, &mut found)
            .map_err(|error| error.while_doing(&format!("cannot list {}", root.display())))?;
    }
    found.sort_by(|a, b| a.path.to_lowercase().cmp(&b.path.to_lowercase()).then_with(|| a.path.cmp(&b.path)));
    Ok(found)
}

fn below(root: &Path, folder: &Path, prefix: &str, depth: usize, found: &mut Vec<QueryFile>) -> Result<()> {
    for entry in fs::read_dir(folder)?.filter_map(std::result::Result::ok) {
        if found.len() >= MOST {
            return Ok(());
        }
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if name.starts_with('.') {
        } else if kind.is_dir() && depth < DEPTH {
            // A folder that may not be read hides nothing but itself.
            let _ = below(root, &entry.path(), &format!("{path}/"), depth + 1, found);
        } else if !kind.is_dir() && name.to_ascii_lowercase().ends_with(".sql") {
            found.extend(look(root, &entry, path));
        }
    }
    Ok(())
}

/// One file; nothing where it is none, or a symlink leads out.
fn look(root: &Path, entry: &DirEntry, path: String) -> Option<QueryFile> {
    let real = entry.path().canonicalize().ok().filter(|real| real.starts_with(root) && real.is_file())?;
    let mut file = QueryFile { title: title(&path), path, ..QueryFile::default() };
    if entry.file_name().to_str().is_none() {
        file.problem = Some("its name is no text in UTF-8".to_owned());
    } else if let Err(error) = read_head(&real, &mut file) {
        file.problem = Some(error.message().to_owned());
    }
    Some(file)
}

fn read_head(real: &Path, file: &mut QueryFile) -> Result<()> {
    use std::io::Read as _;
    let opened = fs::File::open(real)?;
    let metadata = opened.metadata()?;
    file.bytes = metadata.len();
    file.modified_at = metadata.modified().ok().map(|at| DateTime::<Utc>::from(at).to_rfc3339());
    let mut head = Vec::new();
    opened.take(HEAD).read_to_end(&mut head).map_err(Error::from)?;
    front::read(String::from_utf8_lossy(&head).trim_start_matches('\u{feff}'), file);
    Ok(())
}

/// A file's name without its folders and its ending.
pub(super) fn title(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.get(..name.len() - ".sql".len()).unwrap_or(name).to_owned()
}
