//! All jobs of this process, and the journals of those before and beside it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs::{self, File};
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::journal::{self, Journal};
use super::{JobContext, JobRecord, JobState, Progress};
use crate::clock::Clock;
use crate::connection::Database;
use crate::error::ErrorReport;
use crate::{Error, ErrorKind, Result};

/// How often a job looks whether another process wants it to end.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Called at every change of a job.
pub type OnChange = Arc<dyn Fn(&JobRecord) + Send + Sync>;

/// What a job is called and what it works on.
pub struct JobRequest {
    pub kind: String,
    pub title: String,
    pub connection_id: Option<String>,
    /// Where its server processes are cancelled.
    pub database: Option<Database>,
}

/// Starts, lists and cancels jobs.
#[derive(Clone)]
pub struct JobRegistry {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    on_change: OnChange,
    held: Arc<Mutex<BTreeMap<String, Held>>>,
}

struct Held {
    record: JobRecord,
    context: JobContext,
    database: Option<Database>,
    /// Cancelled once the record is final.
    ended: CancellationToken,
}

impl JobRegistry {
    /// Jobs with their journals in a folder.
    pub fn new(folder: impl Into<PathBuf>, clock: Arc<dyn Clock>, on_change: OnChange) -> Self {
        Self { folder: folder.into(), clock, on_change, held: Arc::default() }
    }

    /// Starts a job on the runtime and returns its id at once.
    ///
    /// # Errors
    /// `Storage` when its journal cannot be written: a job without a journal is not started.
    pub fn start<T, F, Fut>(&self, request: JobRequest, work: F) -> Result<String>
    where
        T: Serialize,
        F: FnOnce(JobContext) -> Fut,
        Fut: Future<Output = Result<T>> + Send + 'static,
    {
        let record = self.first_record(&request);
        let journal = Journal::create(&self.folder, &record)?;
        let id = record.id.clone();
        let context = self.context(&id);
        let held = Held {
            record: record.clone(),
            context: context.clone(),
            database: request.database,
            ended: CancellationToken::new(),
        };
        self.held().insert(id.clone(), held);
        (self.on_change)(&record);
        let (registry, running) = (self.clone(), work(context));
        let ending = id.clone();
        tokio::spawn(async move {
            let outcome = registry.run(&ending, running).await;
            registry.end(&ending, outcome, journal);
        });
        Ok(id)
    }

    /// A panic of the work is its failure: it must not leave a job behind that runs for ever.
    async fn run<T: Serialize>(
        &self,
        id: &str,
        work: impl Future<Output = Result<T>>,
    ) -> Result<serde_json::Value> {
        let ended = tokio::select! {
            ended = AssertUnwindSafe(work).catch_unwind() => ended,
            never = self.heed(id) => match never {},
        };
        let outcome =
            ended.unwrap_or_else(|_| Err(Error::internal("the job broke off with a bug of ours")))?;
        serde_json::to_value(outcome).map_err(Error::from)
    }

    /// Cancels the job when another process asks for it.
    async fn heed(&self, id: &str) -> Infallible {
        let asked = journal::cancel_request(&self.folder, id);
        while !asked.exists() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        // The job may end by itself in this moment.
        let _ = self.cancel(id).await;
        std::future::pending().await
    }

    /// Every job known here: this process's and those in the journals, newest first.
    pub fn list(&self) -> Vec<JobRecord> {
        let mut records = journal::read_all(&self.folder);
        let held = self.held();
        for record in &mut records {
            if let Some(own) = held.get(&record.id) {
                record.clone_from(&own.record);
            }
        }
        records
    }

    /// One job.
    pub fn get(&self, id: &str) -> Result<JobRecord> {
        if let Some(held) = self.held().get(id) {
            return Ok(held.record.clone());
        }
        journal::read_one(&self.folder, id).ok_or_else(|| no_such(id))
    }

    /// Asks a job to end and cancels its statements on the server. A job of another process is asked through its
    /// folder, and ends within a second.
    ///
    /// # Errors
    /// `NotFound`, `Precondition` when it has ended, and what the server says when its statements cannot be reached.
    pub async fn cancel(&self, id: &str) -> Result<()> {
        let own =
            self.held().get(id).map(|job| (job.record.clone(), job.context.clone(), job.database.clone()));
        let Some((record, context, database)) = own else { return self.ask_owner(id) };
        refuse_ended(&record)?;
        context.cancel();
        self.change(id, |record| {
            if !record.state.is_final() {
                record.state = JobState::Cancelling;
            }
        });
        for pid in context.backends() {
            let Some(database) = &database else { break };
            database.cancel_backend(pid).await?;
        }
        Ok(())
    }

    fn ask_owner(&self, id: &str) -> Result<()> {
        refuse_ended(&self.get(id)?)?;
        File::create(journal::cancel_request(&self.folder, id))
            .map(|_| ())
            .map_err(|error| Error::from(error).while_doing("the job's process cannot be asked to cancel it"))
    }

    /// Waits for a job of this process to end.
    ///
    /// # Errors
    /// `NotFound` where this process runs no such job.
    pub async fn wait(&self, id: &str) -> Result<JobRecord> {
        let ended = self.held().get(id).map(|job| job.ended.clone()).ok_or_else(|| no_such(id))?;
        ended.cancelled().await;
        self.get(id)
    }

    fn first_record(&self, request: &JobRequest) -> JobRecord {
        JobRecord {
            id: uuid::Uuid::now_v7().to_string(),
            kind: request.kind.clone(),
            title: request.title.clone(),
            connection_id: request.connection_id.clone(),
            state: JobState::Running,
            progress: Progress::phase("starting"),
            started_at: self.clock.now().to_rfc3339(),
            ended_at: None,
            outcome: None,
            failure: None,
        }
    }

    fn context(&self, id: &str) -> JobContext {
        let (registry, id) = (self.clone(), id.to_owned());
        JobContext::new(Arc::new(move |progress| registry.change(&id, |record| record.progress = progress)))
    }

    /// Written before it is told: whoever sees the end may end the process.
    fn end(&self, id: &str, outcome: Result<serde_json::Value>, mut journal: Journal) {
        let Some((mut record, context)) =
            self.held().get(id).map(|job| (job.record.clone(), job.context.clone()))
        else {
            return;
        };
        record.ended_at = Some(self.clock.now().to_rfc3339());
        match outcome {
            Ok(value) => (record.state, record.outcome) = (JobState::Done, Some(value)),
            Err(error) => {
                record.state = ended_by(&error, &context);
                record.failure = Some(ErrorReport::from(error).into());
            }
        }
        // The job itself is over either way: a full disk here must not turn done into failed.
        let _ = journal.write(&record);
        let _ = fs::remove_file(journal::cancel_request(&self.folder, id));
        if let Some(job) = self.held().get_mut(id) {
            // The list keeps the record; the sessions are given back.
            job.database = None;
        }
        self.change(id, |held| *held = record);
        if let Some(job) = self.held().get(id) {
            job.ended.cancel();
        }
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut JobRecord)) {
        let changed = {
            let mut held = self.held();
            let Some(job) = held.get_mut(id) else { return };
            change(&mut job.record);
            job.record.clone()
        };
        (self.on_change)(&changed);
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The server says "cancelled" of a statement that ran too long as well: only a request makes it a cancelled job.
fn ended_by(error: &Error, context: &JobContext) -> JobState {
    let cancelled = error.kind() == ErrorKind::Cancelled && context.is_cancelled();
    if cancelled { JobState::Cancelled } else { JobState::Failed }
}

fn refuse_ended(record: &JobRecord) -> Result<()> {
    if !record.state.is_final() {
        return Ok(());
    }
    let how = if record.state == JobState::Orphaned {
        "is orphaned: its process died"
    } else {
        "has already ended"
    };
    Err(Error::new(ErrorKind::Precondition, format!("{} {how}", record.title)))
}

fn no_such(id: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("no job {id}")).hint("`evaldesk job list` shows all jobs.")
}

#[cfg(test)]
mod tests;
