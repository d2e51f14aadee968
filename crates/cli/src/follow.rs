//! Following a job on the terminal: progress on stderr, Ctrl-C cancels it on the server.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::job::{JobRecord, JobState, Progress};
use evaldesk_api::{ErrorReport, Result, Session};
use serde::de::DeserializeOwned;

/// How often the line on the terminal is written anew.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Waits for a job to end and returns its outcome.
///
/// # Errors
/// What the job failed with; `Cancelled` after Ctrl-C, or after the TERM that a supervisor sends.
pub(crate) async fn follow(session: &Session, id: &str) -> Result<serde_json::Value> {
    watch(session, id, Line::default(), None).await
}

/// The same with a limit of time that cancels it; without a word where what comes is on standard output.
///
/// # Errors
/// As `follow`, and `Cancelled` at the limit.
pub(crate) async fn follow_within(
    session: &Session,
    id: &str,
    limit: Option<Duration>,
    silent: bool,
) -> Result<serde_json::Value> {
    watch(session, id, Line { silent, ..Line::default() }, limit).await
}

async fn watch(
    session: &Session,
    id: &str,
    mut line: Line,
    mut limit: Option<Duration>,
) -> Result<serde_json::Value> {
    let begun = Instant::now();
    let mut late = None;
    let mut signals = Signals::listen()?;
    loop {
        let record = session.jobs().get(id)?;
        if record.state.is_final() {
            line.clear();
            return outcome(record).map_err(|error| late.map_or(error, too_long));
        }
        line.show(&record, begun.elapsed());
        tokio::select! {
            () = tokio::time::sleep(BETWEEN_LOOKS) => {}
            Ok(_) = session.jobs().wait(id) => {}
            () = signals.next() => cancel(session, id).await,
            () = over(begun, limit) => {
                late = limit.take();
                cancel(session, id).await;
            }
        }
    }
}

/// When a limit is reached; never without one.
async fn over(begun: Instant, limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep_until((begun + limit).into()).await,
        None => std::future::pending().await,
    }
}

fn too_long(limit: Duration) -> ErrorReport {
    let message = format!("it took longer than {} s, and was cancelled", limit.as_secs_f64());
    ErrorReport::new(ErrorKind::Cancelled, message)
        .hint("--timeout SECONDS gives it more time, --timeout 0 any.")
}

/// The outcome of a job as the type that its command names.
///
/// # Errors
/// `Internal` where it is none: the command line and the facade are built together.
pub(crate) fn read<T: DeserializeOwned>(outcome: serde_json::Value) -> Result<T> {
    serde_json::from_value(outcome).map_err(|error| {
        ErrorReport::new(ErrorKind::Internal, format!("the job's outcome is of another kind: {error}"))
    })
}

/// A job that ended in this moment has its own outcome; a server that cannot be reached leaves the job to notice.
async fn cancel(session: &Session, id: &str) {
    match session.jobs().cancel(id).await {
        Err(error) if error.kind() != ErrorKind::Precondition => {
            crate::print::note(&format!("The cancel did not reach the server: {error}"));
        }
        _ => {}
    }
}

/// Listened to all the time: one that comes while the line is written must not be lost.
#[cfg(unix)]
pub(crate) struct Signals(tokio::signal::unix::Signal, tokio::signal::unix::Signal);

#[cfg(unix)]
impl Signals {
    pub(crate) fn listen() -> Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let heard =
            |kind| signal(kind).map_err(|error| ErrorReport::from(evaldesk_api::core::Error::from(error)));
        Ok(Self(heard(SignalKind::interrupt())?, heard(SignalKind::terminate())?))
    }

    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}

#[cfg(not(unix))]
pub(crate) struct Signals;

#[cfg(not(unix))]
impl Signals {
    pub(crate) fn listen() -> Result<Self> {
        Ok(Self)
    }

    pub(crate) async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn outcome(record: JobRecord) -> Result<serde_json::Value> {
    match (record.state, record.failure) {
        (JobState::Done, _) => Ok(record.outcome.unwrap_or_default()),
        (_, Some(failure)) => {
            let mut report = ErrorReport::from(failure);
            // What began was understood: how it failed is no matter of usage any more. What the server says keeps its kind.
            if report.code == ErrorKind::InvalidArguments && report.sqlstate.is_none() {
                report.code = ErrorKind::Server;
            }
            Err(report)
        }
        (state, None) => {
            Err(ErrorReport::new(ErrorKind::Internal, format!("the job ended as {state:?} without a reason")))
        }
    }
}

/// How often a job that goes on is told of where nobody watches.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// One line of a terminal that is written over; without a terminal a line for each new phase, and one now and then for
/// how far it is and who is in the way.
#[derive(Default)]
struct Line {
    silent: bool,
    phase: String,
    dirty: bool,
    told: Duration,
}

impl Line {
    fn show(&mut self, record: &JobRecord, elapsed: Duration) {
        if self.silent {
            return;
        }
        let text = describe(&record.progress, elapsed);
        let mut err = std::io::stderr();
        if err.is_terminal() {
            let _ = write!(err, "\r\x1b[K{text}");
            let _ = err.flush();
            self.dirty = true;
        } else if self.phase != record.progress.phase {
            let _ = writeln!(err, "{}", crate::print::tame(&record.progress.phase));
            self.told = elapsed;
        } else if elapsed >= self.told + SIGN_OF_LIFE {
            let _ = writeln!(err, "{text}");
            self.told = elapsed;
        }
        self.phase.clone_from(&record.progress.phase);
    }

    fn clear(&mut self) {
        if self.dirty {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

fn describe(progress: &Progress, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    let figures = match (progress.done, progress.total) {
        (Some(done), Some(total)) => {
            format!(
                ", {} of {} {}",
                crate::print::count(done),
                crate::print::count(total),
                progress.unit.as_deref().unwrap_or("")
            )
        }
        (Some(done), None) => {
            format!(", {} {}", crate::print::count(done), progress.unit.as_deref().unwrap_or(""))
        }
        _ => String::new(),
    };
    let detail = progress.detail.as_deref().map(|detail| format!(": {detail}")).unwrap_or_default();
    let text = format!("{}{detail}{figures} ({seconds} s, Ctrl-C cancels)", progress.phase);
    // One line stays one line, whatever a statement holds.
    crate::print::tame(&text).replace(['\n', '\t'], " ")
}
