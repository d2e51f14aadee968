//! A disk that is full after a few megabytes: a file system in memory, in a mount namespace of its own.

use std::path::Path;
use std::process::Command;

/// This very test binary again, with a small disk at a folder; arguments for it are still to be added.
///
/// An ordinary user is root in a user namespace for the mount, and itself again in another inside it.
pub fn on_a_small_disk(folder: &Path, megabytes: u32) -> Command {
    let us = rustix::process::geteuid();
    let (outer, inner) = match us.is_root() {
        true => ("--mount", String::new()),
        false => {
            let (uid, gid) = (us.as_raw(), rustix::process::getegid().as_raw());
            ("-rm", format!("unshare --user --map-user={uid} --map-group={gid}"))
        }
    };
    let mount = format!("mount -t tmpfs -o size={megabytes}m,mode=755 tmpfs \"$0\" && exec {inner} \"$@\"");
    let mut command = Command::new("unshare");
    command.args([outer, "sh", "-c", &mount]).arg(folder).arg(std::env::current_exe().unwrap());
    command
}
