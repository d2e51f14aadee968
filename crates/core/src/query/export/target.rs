//! Where an export goes: a file that is put in its place at the end, or a stream.

use std::io::{self, Write};

use super::disk::{Disk, Sink, Written};
use super::partial::{Partial, cannot};
use super::request::ExportPlace;
use crate::{Error, Result};

/// How much is gathered before it is handed on.
const FULL: usize = 256 * 1024;

/// What is being written. A file that is dropped before its end leaves nothing.
pub(super) struct Target {
    disk: Disk,
    /// None of a stream.
    partial: Option<Partial>,
    buffer: Vec<u8>,
    handed_on: u64,
}

impl Target {
    /// Begins a file. What is at its place stays until the end, and without `overwrite` for good.
    ///
    /// # Errors
    /// `Conflict` where a file is there, or another export writes to it; `Storage` where the disk refuses.
    pub(super) fn create(place: &ExportPlace) -> Result<Self> {
        let (partial, file) = Partial::create(place)?;
        Self::of(Sink::File(file), Some(partial))
    }

    /// Begins a stream.
    ///
    /// # Errors
    /// `Storage` when the system gives no thread.
    pub(super) fn stream(to: Box<dyn Write + Send>) -> Result<Self> {
        Self::of(Sink::Stream(to), None)
    }

    fn of(sink: Sink, partial: Option<Partial>) -> Result<Self> {
        let disk = Disk::start(sink).map_err(|error| said(partial.as_ref(), error))?;
        Ok(Self { disk, partial, buffer: Vec::with_capacity(FULL * 2), handed_on: 0 })
    }

    /// Whether it is a file, of which nothing is left when it fails.
    pub(super) fn is_file(&self) -> bool {
        self.partial.is_some()
    }

    /// Where to append; afterwards `flush_if_full`.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.buffer
    }

    /// Bytes so far.
    pub(super) fn bytes(&self) -> u64 {
        self.handed_on + self.buffer.len() as u64
    }

    pub(super) fn flush_if_full(&mut self) -> Result<()> {
        if self.buffer.len() < FULL { Ok(()) } else { self.flush() }
    }

    /// Hands on bytes past the buffer.
    pub(super) fn pass(&mut self, bytes: Vec<u8>) -> Result<()> {
        self.flush()?;
        self.hand_on(bytes)
    }

    /// Hands on what the buffer has.
    pub(super) fn flush(&mut self) -> Result<()> {
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(FULL * 2));
        self.hand_on(full)
    }

    fn hand_on(&mut self, bytes: Vec<u8>) -> Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.handed_on += bytes.len() as u64;
        self.disk.put(bytes).map_err(|error| said(self.partial.as_ref(), error))
    }

    /// Waits for the disk and says what it came to; a file is not at its place yet.
    ///
    /// # Errors
    /// `Storage` where the disk refuses.
    pub(super) fn close(&mut self) -> Result<Written> {
        self.flush()?;
        self.disk.close().map_err(|error| said(self.partial.as_ref(), error))
    }

    /// Puts the file at its place.
    ///
    /// # Errors
    /// `Conflict` where another program made a file there meanwhile.
    pub(super) fn put_in_place(mut self) -> Result<()> {
        self.partial.take().map_or(Ok(()), Partial::put_in_place)
    }
}

fn said(partial: Option<&Partial>, error: io::Error) -> Error {
    match partial {
        Some(partial) => cannot(partial.path(), error),
        None => Error::from(error).while_doing("the rows cannot be written"),
    }
}
