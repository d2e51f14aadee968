//! Programs that we started and that must not outlive us: ended by their own id, politely first.

use std::process::{Child, Command};
use std::time::{Duration, Instant};

use anyhow::Result;

/// A child that is ended when this value goes away.
pub(crate) struct Guarded {
    child: Child,
    ended: bool,
}

impl Guarded {
    pub(crate) fn spawn(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command.spawn().map_err(|error| anyhow::anyhow!("cannot start {program}: {error}"))?;
        Ok(Self { child, ended: false })
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Whether it has ended by itself.
    pub(crate) fn is_gone(&mut self) -> bool {
        self.ended = self.ended || self.child.try_wait().is_ok_and(|status| status.is_some());
        self.ended
    }

    /// Asks it to end, waits, and says whether it went by itself; a stubborn one is killed.
    pub(crate) fn end(&mut self, patience: Duration) -> bool {
        if self.is_gone() {
            return true;
        }
        self.ask_to_end();
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if self.is_gone() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.ended = true;
        false
    }

    /// Leaves it running after us.
    pub(crate) fn keep(mut self) {
        self.ended = true;
    }

    fn ask_to_end(&self) {
        if cfg!(unix) {
            let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        if !self.ended {
            self.end(Duration::from_secs(5));
        }
    }
}
