//! The few arguments of the desktop program. Scripts use the `evaldesk` command line; these are for launchers.

use std::ffi::OsString;
use std::path::PathBuf;

/// What the program was started for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    Window(Window),
    /// Watch over the private server in a folder; started by ourselves.
    Watch {
        root: PathBuf,
    },
}

/// How to open the window.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// A connection to open at once: "local", or a saved name.
    pub(crate) open: Option<String>,
    /// A file to write once the first screen is painted with data.
    pub(crate) ready_file: Option<PathBuf>,
}

impl Arguments {
    /// Reads the arguments after the program's name.
    pub(crate) fn parse(given: impl IntoIterator<Item = OsString>) -> Result<Self, String> {
        let mut window = Window::default();
        let mut given = given.into_iter();
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(format!("{} needs a value", argument.display()));
            match argument.to_str() {
                Some("--open") => window.open = Some(value()?.to_string_lossy().into_owned()),
                Some("--ready-file") => window.ready_file = Some(value()?.into()),
                Some("--watch-local") => return Ok(Self::Watch { root: value()?.into() }),
                _ => {
                    return Err(format!(
                        "unknown argument {}; known are --open NAME and --ready-file FILE",
                        argument.display()
                    ));
                }
            }
        }
        Ok(Self::Window(window))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(given: &[&str]) -> Result<Arguments, String> {
        Arguments::parse(given.iter().map(OsString::from))
    }

    #[test]
    fn a_launcher_may_name_a_connection() {
        let window = Window { open: Some("local".into()), ready_file: None };
        assert_eq!(parse(&["--open", "local"]), Ok(Arguments::Window(window)));
    }

    #[test]
    fn what_is_not_known_is_named() {
        assert!(parse(&["--frobnicate"]).unwrap_err().contains("--frobnicate"));
        assert!(parse(&["--open"]).unwrap_err().contains("needs a value"));
    }
}
