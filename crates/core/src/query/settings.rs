//! What the workbench was told to keep and where: one small file, read again whenever it is asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::connection::write_private;
use crate::{Error, ErrorKind, Result};

/// Settings of the query workbench. Connections are named by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct QuerySettings {
    /// Connections whose runs are not written into the history.
    pub history_off: Vec<String>,
    /// Connections whose catalog is not read for completion.
    pub completion_off: Vec<String>,
    /// The folder of saved queries; absent, `queries` in the data folder.
    pub folder: Option<String>,
    /// The folder of saved queries of one connection, where it has its own.
    pub folders: BTreeMap<String, String>,
}

impl QuerySettings {
    /// Reads the settings of a folder; without a file they are the usual ones.
    ///
    /// # Errors
    /// `Storage`, and `InvalidArguments` naming the file where it cannot be read: nothing is guessed, since a history
    /// that somebody switched off must not be switched on by damage.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = path_of(folder);
        let wrong = |error: Error| error.while_doing(&format!("cannot read {}", path.display()));
        match std::fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(wrong(error.into())),
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                wrong(error.into()).hint("Mend the file, or move it away to begin with the usual settings.")
            }),
        }
    }

    /// Writes the settings.
    ///
    /// # Errors
    /// `InvalidArguments` for a folder that is no absolute path, `Storage` where the disk refuses.
    pub fn write(&self, folder: &Path) -> Result<()> {
        self.folder.iter().chain(self.folders.values()).try_for_each(|chosen| check_folder(chosen))?;
        std::fs::create_dir_all(folder)?;
        write_private(&path_of(folder), &serde_json::to_vec_pretty(self)?).map_err(|error| {
            Error::from(error).while_doing(&format!("cannot write {}", path_of(folder).display()))
        })
    }

    /// Whether runs on a connection are kept.
    pub fn keeps_history(&self, connection: &str) -> bool {
        !self.history_off.iter().any(|off| off == connection)
    }

    /// Whether the catalog of a connection is read for completion.
    pub fn completes(&self, connection: &str) -> bool {
        !self.completion_off.iter().any(|off| off == connection)
    }

    /// Where the saved queries of a connection are.
    pub fn folder_of(&self, connection: Option<&str>, usual: &Path) -> PathBuf {
        let own = connection.and_then(|connection| self.folders.get(connection));
        own.or(self.folder.as_ref()).map_or_else(|| usual.to_owned(), PathBuf::from)
    }
}

fn path_of(folder: &Path) -> PathBuf {
    folder.join("settings.json")
}

fn check_folder(chosen: &str) -> Result<()> {
    if Path::new(chosen).is_absolute() {
        return Ok(());
    }
    Err(Error::new(ErrorKind::InvalidArguments, format!("{chosen} is no absolute path"))
        .hint("Choose the folder by its whole path."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_switched_off_stays_off_and_damage_is_no_switch() {
        let folder = tempfile::tempdir().unwrap();
        assert!(QuerySettings::read(folder.path()).unwrap().keeps_history("a"));
        let settings = QuerySettings { history_off: vec!["a".into()], ..QuerySettings::default() };
        settings.write(folder.path()).unwrap();
        assert!(!QuerySettings::read(folder.path()).unwrap().keeps_history("a"));
        std::fs::write(folder.path().join("settings.json"), "{\"historyOff\": [").unwrap();
        assert!(QuerySettings::read(folder.path()).unwrap_err().message().contains("settings.json"));
    }

    #[test]
    fn a_connection_may_have_a_folder_of_its_own() {
        let folders = BTreeMap::from([("a".to_owned(), "/srv/a".to_owned())]);
        let settings = QuerySettings { folder: Some("/srv/all".into()), folders, ..QuerySettings::default() };
        let of = |connection| settings.folder_of(connection, Path::new("/usual"));
        assert_eq!(
            [of(Some("a")), of(Some("b")), of(None)],
            ["/srv/a", "/srv/all", "/srv/all"].map(PathBuf::from)
        );
        let relative = QuerySettings { folder: Some("queries".into()), ..QuerySettings::default() };
        assert!(relative.write(Path::new("/nowhere")).unwrap_err().message().contains("absolute"));
    }
}
