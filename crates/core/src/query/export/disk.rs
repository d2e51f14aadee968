//! The thread that puts bytes where they belong, while others make the next: it writes them, sums them, and has the
//! system send them on to the disk, so that little is left to wait for at the end.

use std::fs::File;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use sha2::{Digest as _, Sha256};

/// Pieces that may wait.
const WAITING: usize = 8;
/// After how many bytes the system is asked to begin with the disk.
const SENT_ON: u64 = 8 * 1024 * 1024;

/// Where bytes go.
pub(super) enum Sink {
    File(Arc<File>),
    Stream(Box<dyn Write + Send>),
}

/// The thread and the way to it.
pub(super) struct Disk {
    to: Option<SyncSender<Vec<u8>>>,
    thread: Option<JoinHandle<io::Result<Written>>>,
}

/// What was written.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

impl Disk {
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn start(sink: Sink) -> io::Result<Self> {
        let (to, pieces) = sync_channel::<Vec<u8>>(WAITING);
        let work = move || {
            let mut writing = Writing { sink, sum: Sha256::new(), bytes: 0, sent_on: 0 };
            for piece in pieces {
                writing.put(&piece)?;
            }
            writing.end()
        };
        let thread = std::thread::Builder::new().name("export".to_owned()).spawn(work)?;
        Ok(Self { to: Some(to), thread: Some(thread) })
    }

    /// Hands over the next bytes; waits where too many wait already.
    ///
    /// # Errors
    /// What writing earlier ones said.
    pub(super) fn put(&mut self, bytes: Vec<u8>) -> io::Result<()> {
        match &self.to {
            Some(to) if to.send(bytes).is_ok() => Ok(()),
            _ => self.close().map(|_| ()),
        }
    }

    /// Waits until all of it is on the disk.
    ///
    /// # Errors
    /// What writing says.
    pub(super) fn close(&mut self) -> io::Result<Written> {
        self.to = None;
        let gone = || io::Error::other("the file was closed already");
        let ended = self.thread.take().ok_or_else(gone)?.join();
        ended.map_err(|_| io::Error::other("writing ended early"))?
    }
}

impl Drop for Disk {
    /// What is given up is not written on while its file is taken away.
    fn drop(&mut self) {
        let _ = self.close();
    }
}

struct Writing {
    sink: Sink,
    sum: Sha256,
    bytes: u64,
    /// How many of them the system was asked to send to the disk.
    sent_on: u64,
}

impl Writing {
    fn put(&mut self, piece: &[u8]) -> io::Result<()> {
        match &mut self.sink {
            Sink::File(file) => (&**file).write_all(piece)?,
            Sink::Stream(stream) => stream.write_all(piece)?,
        }
        self.sum.update(piece);
        self.bytes += piece.len() as u64;
        self.send_on();
        Ok(())
    }

    /// Begins, and does not wait.
    fn send_on(&mut self) {
        let Sink::File(file) = &self.sink else { return };
        let more = self.bytes - self.sent_on;
        if more >= SENT_ON {
            begin_writing(file, self.sent_on, more);
            self.sent_on = self.bytes;
        }
    }

    fn end(mut self) -> io::Result<Written> {
        match &mut self.sink {
            Sink::File(file) => file.sync_all()?,
            Sink::Stream(stream) => stream.flush()?,
        }
        let sum = self.sum.finalize();
        Ok(Written { bytes: self.bytes, sha256: sum.iter().map(|byte| format!("{byte:02x}")).collect() })
    }
}

/// Linux begins to write dirty pages that are said to be of no more use.
#[cfg(target_os = "linux")]
fn begin_writing(file: &File, from: u64, bytes: u64) {
    let bytes = std::num::NonZeroU64::new(bytes);
    let _ = rustix::fs::fadvise(file, from, bytes, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn begin_writing(_: &File, _: u64, _: u64) {}
