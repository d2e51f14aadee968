//! An export from its beginning to its end.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::{self, Receiver};
use ts_rs::TS;

use super::manifest::{ExportColumn, ExportManifest, ExportedConnection, VERSION};
use super::row::Row;
use super::server::{Asked, allow, statement};
use super::target::{Target, Written};
use super::writer::{Writer, writer};
use super::{copy_text, insert};
use crate::clock::Clock;
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::query::history::without_secrets;
use crate::query::tabs::Reading;
use crate::query::{QueryColumn, QueryParameter};
use crate::{Error, ErrorKind, Result};

/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// Pieces of COPY that may wait for the writer.
const WAITING: usize = 8;

/// What a file is written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum QueryExportFormat {
    Csv,
    Tsv,
    Json,
    Jsonl,
    Parquet,
    Insert,
}

/// What to export where.
#[derive(Debug, Clone)]
pub struct QueryExportRequest {
    /// The statement: it is run where no result is at hand, and named in the manifest.
    pub text: String,
    pub parameters: Vec<QueryParameter>,
    pub format: QueryExportFormat,
    pub path: PathBuf,
    /// Of inserts: the table, as SQL names it.
    pub table: Option<String>,
    pub overwrite: bool,
}

/// What came of an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QueryExport {
    pub path: String,
    pub rows: u64,
    pub bytes: u64,
    /// Of the file, in hexadecimal.
    pub sha256: String,
    /// The path of the manifest.
    pub manifest: String,
}

/// Where rows come from.
enum Source {
    /// Lines of COPY.
    Lines(Receiver<Vec<u8>>),
    /// A result that a tab has.
    Store(Box<Reading>),
}

/// Asks the server and writes what it answers.
///
/// # Errors
/// What the server says; `Conflict` where the file is there; `Storage` where the disk refuses. Nothing is left then.
pub async fn export_query(
    database: &Database,
    request: &QueryExportRequest,
    clock: &dyn Clock,
    job: &JobContext,
) -> Result<QueryExport> {
    let target = Target::create(&request.path, request.overwrite)?;
    job.progress(Progress::phase("Asking the server"));
    let sql = statement(&request.text, &request.parameters)?;
    allow(database, &sql).await?;
    let asked = Asked::prepare(database, sql, job).await?;
    let (pid, columns, snapshot_at) = (asked.pid, asked.columns.clone(), asked.snapshot_at);
    let (to, lines) = mpsc::channel(WAITING);
    let work = Work::new(request, columns, target, job)?;
    let writing = tokio::task::spawn_blocking(move || work.write(Source::Lines(lines)));
    let read = asked.read(to).await;
    job.forget_backend(pid);
    let done = ended(writing.await)?;
    // Rows that stopped coming look like a file that is complete: the server's error counts.
    job.check()?;
    read?;
    finish(database, request, clock, done, Some(snapshot_at.to_rfc3339())).await
}

/// Writes the rows that a tab has, all of them.
///
/// # Errors
/// `Precondition` where rows are missing; otherwise as `export_query`.
pub async fn export_result(
    database: &Database,
    reading: Reading,
    request: &QueryExportRequest,
    clock: &dyn Clock,
    job: &JobContext,
) -> Result<QueryExport> {
    if !reading.is_complete() {
        return Err(Error::new(ErrorKind::Precondition, "the result does not hold all of its rows")
            .hint("Wait until all rows are there, or export the statement, which asks the server again."));
    }
    let target = Target::create(&request.path, request.overwrite)?;
    let work = Work::new(request, reading.columns.clone(), target, job)?;
    let done =
        ended(tokio::task::spawn_blocking(move || work.write(Source::Store(Box::new(reading)))).await)?;
    finish(database, request, clock, done, None).await
}

fn ended(ended: std::result::Result<Result<Done>, tokio::task::JoinError>) -> Result<Done> {
    ended.map_err(|error| Error::internal("writing an export ended early").caused_by(error))?
}

/// What is written, on a thread of its own.
struct Work {
    writer: Box<dyn Writer>,
    target: Target,
    columns: Vec<QueryColumn>,
    job: JobContext,
    rows: u64,
    /// How many there will be, where that is known.
    total: Option<u64>,
    told: Instant,
}

/// A file that is whole and still aside.
struct Done {
    target: Target,
    written: Written,
    rows: u64,
    columns: Vec<ExportColumn>,
    notes: Vec<String>,
}

impl Work {
    fn new(
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

    fn write(mut self, source: Source) -> Result<Done> {
        self.writer.begin(&mut self.target)?;
        match source {
            Source::Lines(lines) => self.lines(lines)?,
            Source::Store(reading) => self.store(&reading)?,
        }
        self.writer.end(&mut self.target)?;
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

    /// A line may end in another piece than it began in.
    fn lines(&mut self, mut pieces: Receiver<Vec<u8>>) -> Result<()> {
        let (mut row, mut begun) = (Row::default(), Vec::new());
        while let Some(mut piece) = pieces.blocking_recv() {
            if !begun.is_empty() {
                begun.append(&mut piece);
                piece = std::mem::take(&mut begun);
            }
            let whole = piece.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
            begun.extend_from_slice(&piece[whole..]);
            self.piece(&piece[..whole], &mut row)?;
            self.tell()?;
        }
        Ok(())
    }

    fn piece(&mut self, lines: &[u8], row: &mut Row) -> Result<()> {
        if self.writer.takes_copy_text() && !self.columns.is_empty() {
            self.rows += lines.iter().filter(|byte| **byte == b'\n').count() as u64;
            self.target.buffer().extend_from_slice(lines);
            return self.target.flush_if_full();
        }
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            copy_text::read(&line[..line.len() - 1], row);
            self.row(row)?;
        }
        Ok(())
    }

    fn store(&mut self, reading: &Reading) -> Result<()> {
        self.total = Some(reading.rows());
        let mut row = Row::default();
        for n in 0..reading.rows() {
            let mut reader = reading.at(n)?;
            // In the store's own order one reader goes on to the end.
            let goes_on = reading.order().is_none();
            while reader.next_row() {
                read(&mut reader, self.columns.len(), &mut row)?;
                self.row(&row)?;
                if self.rows.is_multiple_of(256) {
                    self.tell()?;
                }
                if !goes_on {
                    break;
                }
            }
            if goes_on {
                break;
            }
        }
        Ok(())
    }

    fn row(&mut self, row: &Row) -> Result<()> {
        self.rows += 1;
        self.writer.row(row, &mut self.target)
    }

    /// Tells how far it is, and ends where that was asked for.
    fn tell(&mut self) -> Result<()> {
        self.job.check()?;
        if self.told.elapsed() >= TELL_EVERY {
            self.told = Instant::now();
            let megabytes = self.target.bytes() as f64 / 1_000_000.0;
            let progress = Progress {
                done: Some(self.rows),
                total: self.total,
                unit: Some("rows".to_owned()),
                ..Progress::phase("Writing").detail(format!("{megabytes:.1} MB"))
            };
            self.job.progress(progress);
        }
        Ok(())
    }
}

fn read(reader: &mut crate::query::RowReader, columns: usize, row: &mut Row) -> Result<()> {
    row.clear();
    for _ in 0..columns {
        match reader.length()? {
            None => row.null(),
            Some(length) => row.cell(|bytes| reader.take(length, bytes))?,
        }
    }
    Ok(())
}

/// The manifest, and then the file at its place.
async fn finish(
    database: &Database,
    request: &QueryExportRequest,
    clock: &dyn Clock,
    done: Done,
    snapshot_at: Option<String>,
) -> Result<QueryExport> {
    let manifest = manifest(database, request, clock, &done, snapshot_at);
    let path = request.path.clone();
    let placed = tokio::task::spawn_blocking(move || {
        done.target.put_in_place()?;
        manifest.write(&path).map(|at| (at, manifest))
    });
    let placed =
        placed.await.map_err(|error| Error::internal("writing an export ended early").caused_by(error))?;
    let (at, manifest) = placed?;
    Ok(QueryExport {
        path: shown(&request.path),
        rows: manifest.rows,
        bytes: manifest.bytes,
        sha256: manifest.sha256,
        manifest: shown(&at),
    })
}

fn manifest(
    database: &Database,
    request: &QueryExportRequest,
    clock: &dyn Clock,
    done: &Done,
    snapshot_at: Option<String>,
) -> ExportManifest {
    let source = if snapshot_at.is_some() { "the server was asked" } else { "the rows that the tab had" };
    let name = request.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    ExportManifest {
        version: VERSION,
        file: name,
        format: request.format,
        sql: without_secrets(&request.text),
        parameters: request.parameters.clone(),
        connection: ExportedConnection::of(database.profile()),
        server: database.version().text.clone(),
        source: source.to_owned(),
        snapshot_at,
        exported_at: clock.now().to_rfc3339(),
        rows: done.rows,
        bytes: done.written.bytes,
        sha256: done.written.sha256.clone(),
        columns: done.columns.clone(),
        notes: done.notes.clone(),
        evaldesk: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
