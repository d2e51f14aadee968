//! Rows from where they are to where they go, on a thread of their own.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::Receiver;

use super::disk::Written;
use super::insert;
use super::manifest::ExportColumn;
use super::request::{QueryExportFormat, QueryExportRequest};
use super::row::{Row, Span};
use super::target::Target;
use super::writer::{CopyAs, Writer, writer};
use crate::job::{JobContext, Progress};
use crate::query::tabs::Reading;
use crate::query::{QueryColumn, copy_text};
use crate::{Error, Result};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);

/// How much of COPY's lines goes to the writer at once, in bytes.
const PIECE: usize = 256 * 1024;

/// Where rows come from.
pub(super) enum Source {
    /// Lines of COPY.
    Lines(Receiver<Piece>),
    /// A result that a tab has.
    Store(Box<Reading>),
}

/// Whole lines of COPY.
pub(super) struct Piece {
    pub(super) lines: Vec<u8>,
    pub(super) rows: u64,
    /// They are as the file has them; otherwise they are in COPY's text format.
    pub(super) ready: bool,
    /// No more will come: rows that stop coming without it are not all of them.
    pub(super) last: bool,
}

impl Piece {
    pub(super) fn new(ready: bool) -> Self {
        Self { lines: Vec::with_capacity(PIECE + PIECE / 4), rows: 0, ready, last: false }
    }

    pub(super) fn row(&mut self, row: &[u8], end: &[u8]) {
        self.lines.extend_from_slice(row);
        self.lines.extend_from_slice(end);
        self.rows += 1;
    }

    /// The last one.
    pub(super) fn ends(self) -> Self {
        Self { last: true, ..self }
    }

    pub(super) fn is_full(&self) -> bool {
        self.lines.len() >= PIECE
    }
}

/// What is being written.
pub(super) struct Work {
    writer: Box<dyn Writer>,
    target: Target,
    columns: Vec<QueryColumn>,
    job: JobContext,
    rows: u64,
    /// How many there will be, where that is known.
    total: Option<u64>,
    told: Instant,
}

/// What is whole, and still aside where it is a file.
pub(super) struct Done {
    pub(super) target: Target,
    pub(super) written: Written,
    pub(super) rows: u64,
    pub(super) columns: Vec<ExportColumn>,
    pub(super) notes: Vec<String>,
}

impl Work {
    pub(super) fn new(
        request: &QueryExportRequest,
        columns: Vec<QueryColumn>,
        target: Target,
        job: &JobContext,
    ) -> Result<Self> {
        let table = match request.format {
            QueryExportFormat::Insert => insert::table(request.table.as_deref(), &columns)?,
            _ => String::new(),
        };
        let writer = writer(request.format, &columns, table)?;
        Ok(Self { writer, target, columns, job: job.clone(), rows: 0, total: None, told: Instant::now() })
    }

    /// What the server may write by itself.
    pub(super) fn copied(&self) -> Option<CopyAs> {
        self.writer.copied()
    }

    /// Begins; the rows may still be on their way.
    pub(super) async fn write(self, source: Source) -> Result<Done, Unfinished> {
        let written = tokio::task::spawn_blocking(move || self.all(source)).await;
        written.map_err(|error| Error::internal("writing an export ended early").caused_by(error))?
    }

    /// What stands after the rows is written only where all of them came: without it nobody takes half of a stream for the
    /// whole.
    fn all(mut self, source: Source) -> Result<Done, Unfinished> {
        let (begun, wrote) = (self.writer.begin(&mut self.target), self.rows(source));
        if let Err(error) = begun.and(wrote) {
            return Err(self.unfinished(error));
        }
        self.writer.end(&mut self.target)?;
        self.target.flush()?;
        self.job.progress(self.progress("Putting it on the disk"));
        let written = self.target.close()?;
        let described = self.columns.iter().zip(self.writer.written_as());
        let columns = described.map(|(column, written_as)| ExportColumn {
            name: column.name.clone(),
            type_name: column.type_name.clone(),
            written_as,
        });
        Ok(Done {
            written,
            rows: self.rows,
            columns: columns.collect(),
            notes: self.writer.notes(),
            target: self.target,
        })
    }

    fn rows(&mut self, source: Source) -> Result<()> {
        match source {
            Source::Lines(lines) => self.lines(lines),
            Source::Store(reading) => self.store(&reading),
        }
    }

    fn lines(&mut self, mut pieces: Receiver<Piece>) -> Result<()> {
        let mut cells = Vec::new();
        while let Some(piece) = pieces.blocking_recv() {
            let last = piece.last;
            if piece.ready {
                self.rows += piece.rows;
                self.target.pass(piece.lines)?;
            } else {
                self.parsed(piece.lines, &mut cells)?;
            }
            self.tell()?;
            if last {
                return Ok(());
            }
        }
        Err(stopped())
    }

    fn parsed(&mut self, mut lines: Vec<u8>, cells: &mut Vec<Span>) -> Result<()> {
        let mut at = 0;
        while at < lines.len() {
            at = copy_text::read(&mut lines, at, cells);
            self.row(Row::new(&lines, cells))?;
        }
        Ok(())
    }

    fn store(&mut self, reading: &Reading) -> Result<()> {
        self.total = Some(reading.rows());
        let (mut bytes, mut cells) = (Vec::new(), Vec::new());
        let mut place = 0;
        while place < reading.rows() {
            let mut reader = reading.at(place)?;
            // In the store's own order one reader goes on to the end.
            let mut left = if reading.order().is_none() { u64::MAX } else { 1 };
            while left > 0 && reader.row(&mut bytes, &mut cells)? {
                self.row(Row::new(&bytes, &cells))?;
                if self.rows.is_multiple_of(256) {
                    self.tell()?;
                }
                (left, place) = (left - 1, place + 1);
            }
        }
        Ok(())
    }

    fn row(&mut self, row: Row<'_>) -> Result<()> {
        self.writer.row(row, &mut self.target)?;
        self.rows += 1;
        Ok(())
    }

    /// Of a stream what was made stays, and whoever has it is told how far it goes.
    fn unfinished(mut self, error: Error) -> Unfinished {
        let stays = !self.target.is_file() && self.target.close().is_ok();
        Unfinished { error, rows: stays.then_some(self.rows) }
    }

    /// Tells how far it is, and ends where that was asked for.
    fn tell(&mut self) -> Result<()> {
        self.job.check()?;
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            self.job.progress(self.progress("Writing"));
        }
        Ok(())
    }

    fn progress(&self, phase: &str) -> Progress {
        let megabytes = self.target.bytes() as f64 / 1_000_000.0;
        Progress {
            done: Some(self.rows),
            total: self.total,
            unit: Some("rows".to_owned()),
            ..Progress::phase(phase).detail(format!("{megabytes:.1} MB"))
        }
    }
}

/// Why nothing more came is what whoever asked for the rows knows.
fn stopped() -> Error {
    Error::internal("the rows stopped coming")
}

/// Why an export is not whole.
pub(super) struct Unfinished {
    error: Error,
    /// How many rows of a stream went out.
    rows: Option<u64>,
}

impl From<Error> for Unfinished {
    fn from(error: Error) -> Self {
        Self { error, rows: None }
    }
}

impl Unfinished {
    /// The error of the writer, with how far it came.
    pub(super) fn said(self) -> Error {
        let Some(rows) = self.rows else { return self.error };
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        let message = format!(
            "{}; {rows} had been written by then, and what is there is not whole",
            self.error.message()
        );
        self.error.reworded(message)
    }

    /// The same, where the rows stopped coming because of another error.
    pub(super) fn because(self, error: Error) -> Error {
        Self { error, ..self }.said()
    }
}
