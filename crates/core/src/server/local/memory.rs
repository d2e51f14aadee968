//! `server.json`: what one start tells the next. Only hints: the truth is in the data folder and its pid file.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::layout::Layout;
use super::private;
use crate::Result;

/// What is remembered between starts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Memory {
    /// Where the server's own files are: elsewhere than this file when root made the cluster.
    pub(super) home: PathBuf,
    /// The port of the last start, tried again first so that copied addresses keep working.
    pub(super) port: Option<u16>,
    /// The engine of the last start.
    pub(super) engine: PathBuf,
    /// "17.10"
    pub(super) version: String,
}

/// What was remembered; a file that is cut off is kept beside and counts as none.
pub(super) fn load(layout: &Layout) -> Memory {
    let path = layout.memory();
    let Ok(text) = std::fs::read_to_string(&path) else {
        return Memory::default();
    };
    serde_json::from_str(&text).unwrap_or_else(|_| {
        let _ = std::fs::rename(&path, private::sibling(&path, "broken"));
        Memory::default()
    })
}

/// Remembers, aside and renamed.
pub(super) fn save(layout: &Layout, memory: &Memory) -> Result<()> {
    private::write_private(&layout.memory(), &(serde_json::to_string_pretty(memory)? + "\n"), None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::local::LocalConfig;

    #[test]
    fn a_cut_off_file_is_kept_beside() {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path())).unwrap();
        let memory = Memory { port: Some(5433), ..Memory::default() };
        save(&layout, &memory).unwrap();
        assert_eq!(load(&layout), memory);
        std::fs::write(layout.memory(), "{\"port\": 54").unwrap();
        assert_eq!(load(&layout), Memory::default());
        assert!(top.path().join("server.json.broken").exists());
    }
}
