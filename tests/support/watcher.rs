//! A small shell that outlives the test process by a moment, to stop its server and remove its files.
//!
//! It waits for the end of a pipe that only we hold: however we end, the kernel closes it.

use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::account::Account;

const SCRIPT: &str = r#"
trap '' INT TERM HUP
cat > /dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2> /dev/null)
if [ -n "$pid" ]; then
  kill -QUIT "$pid" 2> /dev/null
  tries=0
  while kill -0 "$pid" 2> /dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
fi
rm -rf "$1"
"#;

/// The running shell; dropping it, or dying, lets it do its work.
#[derive(Debug)]
pub(crate) struct Watcher(Child);

impl Watcher {
    /// Watches over the server in `folder/data`.
    pub(crate) fn over(folder: &Path, account: &Account) -> Self {
        let mut shell = account.command(Path::new("/bin/sh"), Path::new("/"));
        shell.args(["-c", SCRIPT, "evaldesk-test-watcher"]).arg(folder);
        // A group of its own: Ctrl+C reaches the tests, and the watcher only by their end.
        shell.process_group(0).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(shell.spawn().expect("cannot start /bin/sh"))
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
