//! A long way through a result: how far it is, and whether anybody still waits for it.

use tokio_util::sync::CancellationToken;

use crate::{Error, ErrorKind, Result};

/// Rows between two looks at whether it is still wanted.
const STEPS: u64 = 16 * 1024;

/// One walk through the rows of a result.
pub(in crate::query) struct Errand {
    cancelled: CancellationToken,
    told: Box<dyn Fn(u32) + Send>,
    done: u64,
    of: u64,
}

impl Errand {
    /// `told` hears how far it is, in percent.
    pub(in crate::query) fn new(cancelled: CancellationToken, told: impl Fn(u32) + Send + 'static) -> Self {
        Self { cancelled, told: Box::new(told), done: 0, of: 0 }
    }

    /// So many steps there will be at most.
    pub(super) fn expect(&mut self, steps: u64) {
        self.of = steps;
    }

    /// One row further.
    ///
    /// # Errors
    /// `Cancelled` when nobody waits for it any more.
    pub(in crate::query) fn step(&mut self) -> Result<()> {
        self.done += 1;
        if self.done.is_multiple_of(STEPS) { self.look() } else { Ok(()) }
    }

    fn look(&self) -> Result<()> {
        if self.cancelled.is_cancelled() {
            return Err(Error::new(ErrorKind::Cancelled, "something newer was asked of this result"));
        }
        let percent = (self.done * 100).checked_div(self.of).unwrap_or(0).min(100);
        (self.told)(u32::try_from(percent).unwrap_or(100));
        Ok(())
    }
}
