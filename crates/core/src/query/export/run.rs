//! An export from its beginning to its end.

use std::io::Write;

use tokio::sync::mpsc;

use super::manifest::ExportManifest;
use super::request::{ExportPlace, QueryExport, QueryExportRequest};
use super::server::{Asked, allow, statement};
use super::target::Target;
use super::work::{Done, Source, Unfinished, Work};
use crate::clock::Clock;
use crate::connection::Database;
use crate::job::{JobContext, Progress};
use crate::query::tabs::Reading;
use crate::{Error, ErrorKind, Result};

/// Pieces of COPY that may wait for the writer.
const WAITING: usize = 8;

/// Asks the server and writes what it answers into a file.
///
/// # Errors
/// What the server says; `Conflict` where the file is there; `Storage` where the disk refuses. Nothing is left then.
pub async fn export_query(
    database: &Database,
    request: &QueryExportRequest,
    place: &ExportPlace,
    clock: &dyn Clock,
    job: &JobContext,
) -> Result<QueryExport> {
    let (done, snapshot_at) = ask(database, request, Target::create(place)?, job).await?;
    let manifest = ExportManifest::of(database, request, place, clock, &done, Some(snapshot_at));
    finish(place, done, manifest).await
}

/// Writes the rows that a tab has, all of them, into a file.
///
/// # Errors
/// `Precondition` where rows are missing; otherwise as `export_query`.
pub async fn export_result(
    database: &Database,
    reading: Reading,
    request: &QueryExportRequest,
    place: &ExportPlace,
    clock: &dyn Clock,
    job: &JobContext,
) -> Result<QueryExport> {
    let done = keep(reading, request, || Target::create(place), job).await?;
    let manifest = ExportManifest::of(database, request, place, clock, &done, None);
    finish(place, done, manifest).await
}

/// Asks the server and passes on what it answers; returns how many rows those were.
///
/// # Errors
/// What the server says, and what the stream says. What was passed on by then stays.
pub async fn stream_query(
    database: &Database,
    request: &QueryExportRequest,
    to: Box<dyn Write + Send>,
    job: &JobContext,
) -> Result<u64> {
    let (done, _) = ask(database, request, Target::stream(to)?, job).await?;
    Ok(done.rows)
}

/// Passes on the rows that a tab has; returns how many.
///
/// # Errors
/// `Precondition` where rows are missing, and what the stream says.
pub async fn stream_result(
    reading: Reading,
    request: &QueryExportRequest,
    to: Box<dyn Write + Send>,
    job: &JobContext,
) -> Result<u64> {
    Ok(keep(reading, request, || Target::stream(to), job).await?.rows)
}

/// The server's rows through a writer, and the moment that they are of.
async fn ask(
    database: &Database,
    request: &QueryExportRequest,
    target: Target,
    job: &JobContext,
) -> Result<(Done, String)> {
    job.progress(Progress::phase("Asking the server"));
    let sql = statement(&request.text, &request.parameters)?;
    allow(database, &sql).await?;
    let mut asked = Asked::prepare(database, sql, job).await?;
    let (pid, snapshot_at) = (asked.pid, asked.snapshot_at.to_rfc3339());
    let work = Work::new(request, asked.columns.clone(), target, job)?;
    let (to, lines) = mpsc::channel(WAITING);
    let copied = work.copied();
    let mut writing = Box::pin(work.write(Source::Lines(lines)));
    let (read, done) = tokio::select! {
        biased;
        read = asked.read(copied, to) => (read, writing.await),
        done = &mut writing => (Ok(()), done),
    };
    if done.is_err() {
        // Nobody wants the rest. The session is still ours, and so is its process.
        let _ = database.cancel_backend(pid).await;
    }
    job.forget_backend(pid);
    // The writer knows that rows stopped coming and how far it came, the reader why.
    match (job.check().and(read), done) {
        (Ok(()), Ok(done)) => Ok((done, snapshot_at)),
        (Ok(()), Err(unfinished)) => Err(unfinished.said()),
        (Err(error), Err(unfinished)) => Err(unfinished.because(error)),
        (Err(error), Ok(_)) => Err(error),
    }
}

async fn keep(
    reading: Reading,
    request: &QueryExportRequest,
    target: impl FnOnce() -> Result<Target>,
    job: &JobContext,
) -> Result<Done> {
    if !reading.is_complete() {
        return Err(Error::new(ErrorKind::Precondition, "the result does not hold all of its rows")
            .hint("Wait until all rows are there, or export the statement, which asks the server again."));
    }
    let work = Work::new(request, reading.columns.clone(), target()?, job)?;
    work.write(Source::Store(Box::new(reading))).await.map_err(Unfinished::said)
}

/// The file at its place, and then its manifest beside it.
async fn finish(place: &ExportPlace, done: Done, manifest: ExportManifest) -> Result<QueryExport> {
    let beside = place.clone();
    let placed = tokio::task::spawn_blocking(move || {
        let aside = manifest.aside(&beside)?;
        done.target.put_in_place()?;
        aside.put_in_place().map(|at| (at, manifest))
    });
    let placed =
        placed.await.map_err(|error| Error::internal("writing an export ended early").caused_by(error))?;
    let (at, manifest) = placed?;
    Ok(QueryExport {
        path: place.path.display().to_string(),
        rows: manifest.rows,
        bytes: manifest.bytes,
        sha256: manifest.sha256,
        manifest: at.display().to_string(),
    })
}
