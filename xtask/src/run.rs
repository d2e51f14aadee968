//! `cargo xtask run`: from a bare machine to the app, open on a local database with evaluation data in it.
//!
//! The app tells that its first screen is painted by writing `--ready-file`; on a machine without a
//! display that is the moment for the picture.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::arguments::Arguments;
use crate::display::{self, VirtualDisplay};
use crate::guarded::Guarded;
use crate::{engines, paths, setup, shell, step};

/// The first start makes a cluster, migrates it and loads data; a slow machine gets time for that.
const PAINTED_WITHIN: Duration = Duration::from_secs(180);
const CLOSED_WITHIN: Duration = Duration::from_secs(20);

/// The command.
pub(crate) fn run(mut arguments: Arguments) -> Result<()> {
    let release = arguments.flag("--release");
    let keep = arguments.flag("--keep");
    arguments.finish()?;
    setup::for_run()?;
    let app = build(release)?;
    if display::is_there() {
        println!("starting {}", paths::shown(&app));
        return shell::loud(&mut open_local(&app)?);
    }
    on_virtual_display(&app, keep)
}

/// Builds the app and the command line with the one set of features that the tests use too.
pub(crate) fn build(release: bool) -> Result<PathBuf> {
    println!("building the app (the first time takes some minutes)");
    let mut cargo = shell::cargo();
    cargo.args(["build", "--package", "evaldesk-desktop", "--package", "evaldesk-cli"]);
    if release {
        // Only a release carries the feature: it turns off what serves a development.
        cargo.args(["--release", "--features", "evaldesk-desktop/custom-protocol"]);
    }
    shell::loud(&mut cargo)?;
    Ok(paths::binary(if release { "release" } else { "debug" }, "evaldesk-desktop"))
}

fn open_local(app: &Path) -> Result<Command> {
    let mut command = shell::command(app);
    command.args(["--open", "local"]).env("EVALDESK_ENGINE", engines::product_folder()?);
    Ok(command)
}

fn on_virtual_display(app: &Path, keep: bool) -> Result<()> {
    println!("no display: opening the app on a virtual one");
    let screen = VirtualDisplay::start("1280x800")?;
    let ready = paths::scratch().join("ready.json");
    let _ = fs::remove_file(&ready);
    let log = shell::log_path("app")?;
    let mut app = start(&mut open_local(app)?, &screen, &ready, &log)?;
    let report = wait_until_painted(&mut app, &ready, &log)?;
    let picture = paths::target().join("evaldesk.png");
    screen.picture(&picture)?;
    println!("the first screen is painted: {report}");
    println!("its picture: {}", picture.display());
    println!("to see it live: run this where DISPLAY is set (a desktop, or `ssh -X` to this machine)");
    if keep {
        println!("left running: the app {} on the display {}; end both with kill", app.id(), screen.name());
        app.keep();
        println!("the display's process is {}", screen.keep());
        return Ok(());
    }
    if !app.end(CLOSED_WITHIN) {
        bail!(
            "the app did not close within {} s of being asked; its log is {}",
            CLOSED_WITHIN.as_secs(),
            log.display()
        );
    }
    println!("the app is closed");
    Ok(())
}

/// Starts the app on the virtual display, with its words going into a log.
pub(crate) fn start(
    command: &mut Command,
    screen: &VirtualDisplay,
    ready: &Path,
    log: &Path,
) -> Result<Guarded> {
    let file = File::create(log)?;
    command.arg("--ready-file").arg(ready).env("DISPLAY", screen.name()).env_remove("WAYLAND_DISPLAY");
    command.env("GDK_BACKEND", "x11").stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
    Guarded::spawn(command)
}

/// Waits for the app's word that its first screen is painted, and returns it.
pub(crate) fn wait_until_painted(app: &mut Guarded, ready: &Path, log: &Path) -> Result<serde_json::Value> {
    let started = Instant::now();
    loop {
        // Half a file is no JSON yet: look again.
        if let Some(report) = fs::read(ready).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
            return Ok(report);
        }
        let gone = app.is_gone();
        if gone || started.elapsed() > PAINTED_WITHIN {
            let what = if gone { "the app ended" } else { "the app showed nothing" };
            bail!(
                "{what} after {}; the end of {}:\n{}",
                step::seconds(started),
                log.display(),
                shell::tail(log, 60)
            );
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
