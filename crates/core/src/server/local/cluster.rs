//! Making the data folder: aside, and given its name only when it is whole.
//!
//! So a folder called `data` is always complete, and `data.new.<pid>` is always the rest of a start that was cut short.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::config::USER;
use super::engine::Engine;
use super::layout::Layout;
use super::private;
use super::settings;
use crate::connection::Secret;
use crate::job::{JobContext, Progress};
use crate::server::process::{Program, disk_full};
use crate::{Error, ErrorKind, Result};

/// How often to try to remove what an initdb may still be writing; initdb takes about half a second.
const TRIES: u32 = 20;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// What is where the data folder should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Data {
    /// Nothing, or an empty folder.
    Absent,
    /// A cluster of a major.
    Cluster(i32),
}

/// Looks at the data folder.
pub(super) fn look(layout: &Layout) -> Result<Data> {
    let data = layout.data();
    match std::fs::read_to_string(data.join("PG_VERSION")) {
        Ok(text) => parse_major(&text).map(Data::Cluster).ok_or_else(|| unknown_version(&data, &text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => look_without_version(&data),
        Err(error) => Err(cannot_enter(&data, error)),
    }
}

fn look_without_version(data: &Path) -> Result<Data> {
    match std::fs::read_dir(data) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Data::Absent),
        Err(error) => Err(cannot_enter(data, error)),
        Ok(entries) => look_into(data, entries),
    }
}

fn look_into(data: &Path, mut entries: std::fs::ReadDir) -> Result<Data> {
    if entries.next().is_none() {
        return Ok(Data::Absent);
    }
    Err(Error::new(
        ErrorKind::Precondition,
        format!("{} holds files but is no data folder: it has no PG_VERSION", data.display()),
    )
    .hint("Look at what lies there and move it away; then start again."))
}

/// "17" since 10; "9.6" before.
fn parse_major(text: &str) -> Option<i32> {
    text.trim().split('.').next()?.parse().ok()
}

fn unknown_version(data: &Path, text: &str) -> Error {
    let text = text.trim();
    Error::new(ErrorKind::Storage, format!("{}/PG_VERSION is damaged: it says \"{text}\"", data.display()))
        .hint("Restore the data folder from a backup, or `evaldesk local reset` to begin anew.")
}

fn cannot_enter(data: &Path, error: std::io::Error) -> Error {
    let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
    let made = Error::from(error).while_doing(&format!("cannot look into {}", data.display()));
    let made = if denied { made.of_kind(ErrorKind::PermissionDenied) } else { made };
    made.hint("Run Evaldesk as the user who made the local database.")
}

/// Refuses a cluster that belongs to another user: PostgreSQL would, in words that do not say what to do.
#[cfg(unix)]
pub(super) fn check_owner(layout: &Layout) -> Result<()> {
    if !layout.data().exists() {
        Ok(())
    } else {
        private::private_folder(&layout.data(), layout.run_as.as_ref())
    }
}

#[cfg(not(unix))]
pub(super) fn check_owner(_: &Layout) -> Result<()> {
    Ok(())
}

/// Removes what a start that was cut short left behind. True when there was something.
///
/// The initdb of a killed start may live a moment longer and still write: it is given that moment. What cannot be
/// removed even then stays until the next start, since it stands in nobody's way: every start builds in a folder of
/// its own.
pub(super) async fn clean(layout: &Layout) -> bool {
    // A password file that a kill -9 during initdb left.
    let _ = std::fs::remove_file(password_path(layout));
    let found = layout.half_made();
    for folder in &found {
        for _ in 0..TRIES {
            if private::remove_tree(folder).is_ok() {
                break;
            }
            tokio::time::sleep(BETWEEN_TRIES).await;
        }
    }
    !found.is_empty()
}

/// Makes the cluster.
pub(super) async fn make(
    layout: &Layout,
    engine: &Engine,
    password: &Secret,
    job: &JobContext,
) -> Result<()> {
    job.progress(Progress::phase("making the data folder"));
    let building = layout.building();
    let made = initdb(layout, engine, &building, password, job).await;
    let named = made.and_then(|()| finish(layout, &building));
    if named.is_err() {
        // The next start would do it too; a full disk should not have to wait for that.
        let _ = private::remove_tree(&building);
    }
    named
}

/// Makes a cluster in a folder that is not there yet.
pub(super) async fn initdb(
    layout: &Layout,
    engine: &Engine,
    into: &Path,
    password: &Secret,
    job: &JobContext,
) -> Result<()> {
    let file = PasswordFile::write(layout, password)?;
    Program::new(engine.program("initdb"))
        .arg("-D")
        .arg(into)
        .args(["-U", USER, "-E", "UTF8", "--auth=scram-sha-256"])
        .args(locale(engine.major))
        .arg("--pwfile")
        .arg(&file.0)
        .folder(&layout.home)
        .run_as(layout.run_as.as_ref())
        .limit(Duration::from_secs(300))
        .run("cannot make the data folder", job)
        .await?;
    Ok(())
}

/// One sort order on every machine. The built-in C.UTF-8 also knows the case of letters beyond ASCII.
fn locale(major: i32) -> &'static [&'static str] {
    if major >= 17 {
        &["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    } else {
        &["--locale=C"]
    }
}

/// Adds our line to postgresql.conf and gives the folder its name.
fn finish(layout: &Layout, building: &Path) -> Result<()> {
    use std::io::Write as _;
    let give_name = || {
        let mut conf = std::fs::OpenOptions::new().append(true).open(building.join("postgresql.conf"))?;
        conf.write_all(settings::INCLUDE.as_bytes())?;
        conf.sync_all()?;
        if layout.data().exists() {
            std::fs::remove_dir(layout.data())?;
        }
        std::fs::rename(building, layout.data())
    };
    give_name().map_err(|error: std::io::Error| match error.kind() {
        std::io::ErrorKind::StorageFull => disk_full("cannot make the data folder"),
        _ => Error::from(error).while_doing("cannot make the data folder"),
    })
}

fn password_path(layout: &Layout) -> PathBuf {
    layout.home.join("password.tmp")
}

/// The password for initdb: 0600, owned by the user who reads it, gone when this is dropped.
struct PasswordFile(PathBuf);

impl PasswordFile {
    fn write(layout: &Layout, password: &Secret) -> Result<Self> {
        let path = password_path(layout);
        let _ = std::fs::remove_file(&path);
        let file = Self(path);
        private::create_private(&file.0, &format!("{}\n", password.expose()), layout.run_as.as_ref())
            .map_err(|error| Error::from(error).while_doing("cannot hand the password to initdb"))?;
        Ok(file)
    }
}

impl Drop for PasswordFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::local::LocalConfig;

    #[test]
    fn what_lies_in_the_folder_decides() {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path())).unwrap();
        assert_eq!(look(&layout).unwrap(), Data::Absent);
        std::fs::create_dir(layout.data()).unwrap();
        assert_eq!(look(&layout).unwrap(), Data::Absent);
        std::fs::write(layout.data().join("notes.txt"), "mine").unwrap();
        assert_eq!(look(&layout).unwrap_err().kind(), ErrorKind::Precondition);
        std::fs::write(layout.data().join("PG_VERSION"), "15\n").unwrap();
        assert_eq!(look(&layout).unwrap(), Data::Cluster(15));
        std::fs::write(layout.data().join("PG_VERSION"), "").unwrap();
        assert_eq!(look(&layout).unwrap_err().kind(), ErrorKind::Storage);
    }

    #[test]
    fn a_password_file_is_closed_to_others_and_goes_away() {
        let top = tempfile::tempdir().unwrap();
        let layout = Layout::of(&LocalConfig::new(top.path())).unwrap();
        let file = PasswordFile::write(&layout, &Secret::new("x")).unwrap();
        let path = file.0.clone();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        }
        drop(file);
        assert!(!path.exists());
    }
}
