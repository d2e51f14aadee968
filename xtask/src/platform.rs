//! What this machine is, and what a person has to install where we cannot do it for them.

use std::fs;

use anyhow::{Result, bail};

use crate::shell;

/// The kinds of machine that differ in how libraries get onto them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Platform {
    /// Debian or a derivative: apt does it.
    Debian,
    /// Another Linux, by its `ID` and `ID_LIKE`.
    OtherLinux(String),
    MacOs,
    Windows,
}

/// Looks at the machine.
pub(crate) fn here() -> Platform {
    match std::env::consts::OS {
        "macos" => Platform::MacOs,
        "windows" => Platform::Windows,
        _ => linux(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
    }
}

/// Stops with the exact commands where something is missing that only a person can install.
pub(crate) fn require_toolchain() -> Result<()> {
    require_node()?;
    match here() {
        Platform::Debian => Ok(()),
        Platform::OtherLinux(family) if !has_webkit() => bail!("{}", advice_for_linux(&family)),
        Platform::MacOs if !has_xcode() => {
            bail!("the Command Line Tools for Xcode are missing. Install them with: xcode-select --install")
        }
        Platform::Windows if !has_msvc() => bail!(
            "no C++ linker was found. Install \"Visual Studio Build Tools\" with the workload \"Desktop development \
             with C++\", and on Windows 10 the \"WebView2 Evergreen Runtime\": \
             winget install Microsoft.VisualStudio.2022.BuildTools Microsoft.EdgeWebView2Runtime"
        ),
        _ => Ok(()),
    }
}

/// Stops where the tests' own tools cannot be installed by us.
pub(crate) fn require_test_tools() -> Result<()> {
    let Platform::OtherLinux(family) = here() else { return Ok(()) };
    let missing: Vec<&str> = [
        "Xvfb",
        "WebKitWebDriver",
        "chromium",
        "dbus-run-session",
        "gnome-keyring-daemon",
        "secret-tool",
        "import",
    ]
    .into_iter()
    .filter(|program| !shell::succeeds(shell::command("sh").args(["-c", &format!("command -v {program}")])))
    .collect();
    if !missing.is_empty() {
        bail!("for the tests, install with your package manager ({family}): {}", missing.join(", "));
    }
    Ok(())
}

/// The name that engine packages use for this machine.
pub(crate) fn engine_target() -> Result<&'static str> {
    Ok(match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "aarch64") => "darwin-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("windows", "x86_64") => "windows-x64",
        (os, architecture) => bail!("there is no PostgreSQL engine package for {os} on {architecture}"),
    })
}

fn linux(os_release: &str) -> Platform {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let family = format!("{} {}", value("ID"), value("ID_LIKE"));
    let debian = family.split_whitespace().any(|word| word == "debian" || word == "ubuntu");
    if debian { Platform::Debian } else { Platform::OtherLinux(family.trim().to_owned()) }
}

fn advice_for_linux(family: &str) -> String {
    let has = |name: &str| family.split_whitespace().any(|word| word.starts_with(name));
    let command = if has("fedora") || has("rhel") {
        "sudo dnf install webkit2gtk4.1-devel gcc gcc-c++ make pkgconf-pkg-config"
    } else if has("arch") {
        "sudo pacman -S --needed webkit2gtk-4.1 base-devel"
    } else if has("suse") || has("opensuse") {
        "sudo zypper install webkit2gtk3-devel gcc gcc-c++ make pkgconf-pkg-config"
    } else if has("alpine") {
        "doas apk add webkit2gtk-4.1-dev build-base pkgconf"
    } else if has("nixos") {
        "nix-shell -p webkitgtk_4_1 pkg-config gcc"
    } else {
        "the development package of WebKitGTK 4.1 (webkit2gtk-4.1.pc), a C compiler, make and pkg-config"
    };
    format!("WebKitGTK 4.1, which draws the window, is missing on this Linux ({family}). Install: {command}")
}

fn require_node() -> Result<()> {
    let Ok(version) = shell::read(shell::command("node").arg("--version")) else {
        bail!("Node is missing: the UI is built with it. Install Node 20 or newer (https://nodejs.org).");
    };
    let major: u32 =
        version.trim().trim_start_matches('v').split('.').next().unwrap_or("").parse().unwrap_or(0);
    if major < 20 {
        bail!("Node {} is too old: install Node 20 or newer (https://nodejs.org).", version.trim());
    }
    Ok(())
}

fn has_webkit() -> bool {
    shell::succeeds(shell::command("pkg-config").args(["--exists", "webkit2gtk-4.1"]))
}

fn has_xcode() -> bool {
    shell::succeeds(shell::command("xcode-select").arg("-p"))
}

fn has_msvc() -> bool {
    let installer = std::env::var("ProgramFiles(x86)").unwrap_or_default();
    std::path::Path::new(&installer)
        .join("Microsoft Visual Studio")
        .join("Installer")
        .join("vswhere.exe")
        .exists()
        || shell::succeeds(shell::command("where").arg("link.exe"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_of_debian_count_as_debian() {
        assert_eq!(linux("ID=debian\nVERSION_ID=\"12\"\n"), Platform::Debian);
        assert_eq!(linux("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"), Platform::Debian);
    }

    #[test]
    fn another_linux_is_told_its_own_command() {
        let Platform::OtherLinux(family) = linux("ID=fedora\n") else { panic!("fedora is no debian") };
        assert!(advice_for_linux(&family).contains("sudo dnf install webkit2gtk4.1-devel"));
        assert!(advice_for_linux("gentoo").contains("webkit2gtk-4.1.pc"));
    }
}
