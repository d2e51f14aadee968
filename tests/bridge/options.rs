//! The arguments: `--data-dir FOLDER [--port N]`, or `--watch-local ROOT` when it started itself as the watcher.

use std::path::PathBuf;

/// What the bridge was started for.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) folder: PathBuf,
    pub(crate) port: u16,
    pub(crate) watch: Option<PathBuf>,
}

impl Options {
    pub(crate) fn from_command_line() -> Result<Self, String> {
        let mut options = Self::default();
        let mut words = std::env::args_os().skip(1);
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{} needs a value", word.display()))?;
            match word.to_str() {
                Some("--data-dir") => options.folder = value.into(),
                Some("--port") => options.port = number(&value)?,
                Some("--watch-local") => options.watch = Some(value.into()),
                _ => return Err(format!("not understood: {}", word.display())),
            }
        }
        if options.watch.is_none() && options.folder.as_os_str().is_empty() {
            return Err("--data-dir FOLDER is needed".to_owned());
        }
        Ok(options)
    }
}

fn number(value: &std::ffi::OsStr) -> Result<u16, String> {
    value.to_string_lossy().parse().map_err(|_| format!("--port needs a number, not {}", value.display()))
}
