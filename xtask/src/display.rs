//! The display: the reader's own, or a virtual one of ours.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::guarded::Guarded;
use crate::shell;

/// Whether a window could be shown to a person.
pub(crate) fn is_there() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(not(target_os = "linux")) || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// A display in memory, gone with this value.
pub(crate) struct VirtualDisplay {
    server: Guarded,
    name: String,
}

impl VirtualDisplay {
    /// Starts one of this size on a number that the server finds free by itself.
    pub(crate) fn start(size: &str) -> Result<Self> {
        let mut xvfb = shell::command("Xvfb");
        xvfb.args([
            "-displayfd",
            "1",
            "-screen",
            "0",
            &format!("{size}x24"),
            "-nolisten",
            "tcp",
            "-dpi",
            "96",
        ]);
        xvfb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = Guarded::spawn(&mut xvfb)?;
        let output = server.child().stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        let name = format!(":{}", number.trim());
        anyhow::ensure!(name.len() > 1, "Xvfb ended before it had a display");
        Ok(Self { server, name })
    }

    /// What DISPLAY has to be for a program to appear on it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Leaves it running after us, and tells its process id.
    pub(crate) fn keep(self) -> u32 {
        let id = self.server.id();
        self.server.keep();
        id
    }

    /// Takes a picture of all of it.
    pub(crate) fn picture(&self, path: &Path) -> Result<()> {
        let mut camera = shell::command("/usr/bin/import");
        camera.args(["-display", &self.name, "-window", "root"]).arg(path);
        shell::quiet("picture", &mut camera)
    }
}
