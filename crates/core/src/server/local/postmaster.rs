//! Is the server of this data folder alive, and which process is it?
//!
//! `postmaster.pid` outlives a `kill -9`, and its number may by then be anyone's. So a process counts as the server
//! only when it stands in this data folder (or was started with `-D` of it), and nothing else is ever signalled.

use std::path::{Path, PathBuf};

/// What `postmaster.pid` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PidFile {
    pub(super) pid: i32,
    /// A single-user session, which no client can reach.
    pub(super) single_user: bool,
    pub(super) port: Option<u16>,
    pub(super) socket_folder: Option<PathBuf>,
    /// On its way down.
    pub(super) stopping: bool,
}

/// What became of the server of a data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Postmaster {
    /// No pid file.
    Gone,
    /// A pid file whose process is not, or no longer, this server.
    Stale(PidFile),
    /// It runs.
    Alive(PidFile),
}

impl Postmaster {
    /// Looks now.
    pub(super) fn of(data: &Path) -> Self {
        match read_pid_file(data) {
            None => Self::Gone,
            Some(file) if is_server_of(file.pid, data) => Self::Alive(file),
            Some(file) => Self::Stale(file),
        }
    }

    /// The pid file of a server that runs.
    pub(super) fn alive(self) -> Option<PidFile> {
        match self {
            Self::Alive(file) => Some(file),
            Self::Gone | Self::Stale(_) => None,
        }
    }
}

fn read_pid_file(data: &Path) -> Option<PidFile> {
    parse(&std::fs::read_to_string(data.join("postmaster.pid")).ok()?)
}

/// Lines: pid, data folder, start time, port, socket folder, address, shared memory, state.
fn parse(text: &str) -> Option<PidFile> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    // A single-user session writes its pid negated.
    let pid = lines.first()?.parse::<i32>().ok()?;
    Some(PidFile {
        pid: pid.checked_abs()?,
        single_user: pid < 0,
        port: lines.get(3).and_then(|port| port.parse().ok()),
        socket_folder: lines.get(4).filter(|folder| !folder.is_empty()).map(PathBuf::from),
        stopping: lines.get(7) == Some(&"stopping"),
    })
}

/// Whether a process is a PostgreSQL process of this data folder.
#[cfg(target_os = "linux")]
pub(super) fn is_server_of(pid: i32, data: &Path) -> bool {
    stands_in(pid, data) || was_started_with(pid, data)
}

/// Every process of ours changes into its data folder. Only the owner and root may look; a zombie stands nowhere.
#[cfg(target_os = "linux")]
fn stands_in(pid: i32, data: &Path) -> bool {
    let process = PathBuf::from(format!("/proc/{pid}"));
    let is_postgres =
        std::fs::read_to_string(process.join("comm")).is_ok_and(|name| name.starts_with("postgres"));
    let Ok(folder) = std::fs::read_link(process.join("cwd")) else { return false };
    is_postgres && data.canonicalize().is_ok_and(|data| data == folder)
}

#[cfg(target_os = "linux")]
fn was_started_with(pid: i32, data: &Path) -> bool {
    let Ok(line) = std::fs::read(format!("/proc/{pid}/cmdline")) else { return false };
    let words: Vec<&[u8]> = line.split(|byte| *byte == 0).collect();
    let program =
        words.first().is_some_and(|word| word.ends_with(b"postgres") || word.ends_with(b"postmaster"));
    let folder = data.as_os_str().as_encoded_bytes();
    program && words.windows(2).any(|pair| pair[0] == b"-D" && pair[1] == folder)
}

/// Elsewhere the process list says how it was started, in one line.
#[cfg(all(unix, not(target_os = "linux")))]
pub(super) fn is_server_of(pid: i32, data: &Path) -> bool {
    let listed =
        std::process::Command::new("/bin/ps").args(["-p", &pid.to_string(), "-o", "command="]).output();
    let wanted = format!("-D {}", data.display());
    listed.is_ok_and(|listed| {
        let line = String::from_utf8_lossy(&listed.stdout);
        line.contains("postgres") && line.contains(&wanted)
    })
}

/// Where neither is to be had, PostgreSQL's own check at start decides.
#[cfg(not(unix))]
pub(super) fn is_server_of(_: i32, data: &Path) -> bool {
    data.join("postmaster.opts").exists()
}

/// Processes that a killed server left behind: they stand in the data folder, and it has no postmaster.
#[cfg(target_os = "linux")]
pub(super) fn strays(data: &Path) -> Vec<i32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(|pid| stands_in(*pid, data)).collect()
}

#[cfg(not(target_os = "linux"))]
pub(super) fn strays(_: &Path) -> Vec<i32> {
    Vec::new()
}

/// The signals that a server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGINT: rolls back, ends sessions, writes a checkpoint.
    Fast,
    /// SIGQUIT: ends at once; the next start recovers from the log.
    Immediate,
    /// SIGKILL, for one that answers nothing else; as safe as a power cut.
    Kill,
    /// SIGCONT, since a stopped process takes no other.
    Continue,
}

/// Signals a process after making sure that it is this data folder's. False when it is not, or is gone.
#[cfg(unix)]
pub(super) fn signal(pid: i32, data: &Path, signal: Signal) -> bool {
    use rustix::process::{Pid, Signal as Unix, kill_process};
    let unix = match signal {
        Signal::Fast => Unix::INT,
        Signal::Immediate => Unix::QUIT,
        Signal::Kill => Unix::KILL,
        Signal::Continue => Unix::CONT,
    };
    let Some(process) = Pid::from_raw(pid) else { return false };
    is_server_of(pid, data) && kill_process(process, unix).is_ok()
}

#[cfg(not(unix))]
pub(super) fn signal(_: i32, _: &Path, _: Signal) -> bool {
    false
}

/// Whether any process has a number; a zombie counts, since PostgreSQL's own check takes it for a server too.
#[cfg(unix)]
pub(super) fn exists(pid: i32) -> bool {
    rustix::process::Pid::from_raw(pid)
        .is_some_and(|pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
pub(super) fn exists(_: i32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pid_file_is_read_whole_or_cut_off() {
        let whole = "4711\n/x/data\n1700000000\n5433\n/x/run\n127.0.0.1\n  1 2\nready   \n";
        let file = parse(whole).unwrap();
        assert_eq!((file.pid, file.port), (4711, Some(5433)));
        assert_eq!(file.socket_folder, Some(PathBuf::from("/x/run")));
        assert_eq!(parse("4711\n/x/data\n").unwrap().port, None);
        assert!(!file.stopping && !file.single_user);
        assert!(parse("-4711\n").unwrap().single_user);
        assert_eq!(parse(""), None);
    }

    #[cfg(unix)]
    #[test]
    fn another_process_with_the_number_is_stale_and_is_never_signalled() {
        let data = tempfile::tempdir().unwrap();
        let own = i32::try_from(std::process::id()).unwrap();
        std::fs::write(data.path().join("postmaster.pid"), format!("{own}\n{}\n", data.path().display()))
            .unwrap();
        assert!(matches!(Postmaster::of(data.path()), Postmaster::Stale(_)));
        assert!(!signal(own, data.path(), Signal::Kill));
    }
}
