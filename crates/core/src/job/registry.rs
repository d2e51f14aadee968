//! All jobs of this process, and the journals of those before and beside it.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::journal::{self, Journal};
use super::{JobContext, JobFailure, JobRecord, JobState, Progress};
use crate::clock::Clock;
use crate::connection::Database;
use crate::{Error, ErrorKind, Result};

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
        let held = Held { record: record.clone(), context: context.clone(), database: request.database };
        self.held().insert(id.clone(), held);
        (self.on_change)(&record);
        let (registry, running) = (self.clone(), work(context));
        let ending = id.clone();
        tokio::spawn(async move {
            let outcome = running.await.and_then(|value| serde_json::to_value(value).map_err(Error::from));
            registry.end(&ending, outcome, journal);
        });
        Ok(id)
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
        self.list().into_iter().find(|record| record.id == id).ok_or_else(|| no_such(id))
    }

    /// Asks a job of this process to end and cancels its statements on the server.
    pub async fn cancel(&self, id: &str) -> Result<()> {
        let (context, database) = {
            let held = self.held();
            let job = held.get(id).ok_or_else(|| no_such(id))?;
            if job.record.state.is_final() {
                return Err(Error::new(
                    ErrorKind::Precondition,
                    format!("{} has already ended", job.record.title),
                ));
            }
            (job.context.clone(), job.database.clone())
        };
        context.cancel();
        self.change(id, |record| record.state = JobState::Cancelling);
        if let Some(database) = database {
            for pid in context.backends() {
                database.cancel_backend(pid).await?;
            }
        }
        Ok(())
    }

    /// Waits for a job of this process to end.
    pub async fn wait(&self, id: &str) -> Result<JobRecord> {
        loop {
            let record = self.get(id)?;
            if record.state.is_final() {
                return Ok(record);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
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

    fn end(&self, id: &str, outcome: Result<serde_json::Value>, mut journal: Journal) {
        let ended = self.clock.now().to_rfc3339();
        self.change(id, |record| {
            record.ended_at = Some(ended);
            match outcome {
                Ok(value) => {
                    record.state = JobState::Done;
                    record.outcome = Some(value);
                }
                Err(error) => {
                    let cancelled = error.kind() == ErrorKind::Cancelled;
                    record.state = if cancelled { JobState::Cancelled } else { JobState::Failed };
                    record.failure = Some(JobFailure::from(&error));
                }
            }
        });
        if let Ok(record) = self.get(id) {
            // The job itself is over either way: a full disk here must not turn done into failed.
            let _ = journal.write(&record);
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

fn no_such(id: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("no job {id}")).hint("`evaldesk job list` shows all jobs.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;

    fn registry(folder: &std::path::Path) -> JobRegistry {
        let clock = FixedClock("2026-01-01T00:00:00Z".parse().unwrap());
        JobRegistry::new(folder, Arc::new(clock), Arc::new(|_| {}))
    }

    fn request() -> JobRequest {
        JobRequest { kind: "test".into(), title: "A job".into(), connection_id: None, database: None }
    }

    #[tokio::test]
    async fn a_job_ends_with_its_outcome_and_another_process_reads_it() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = registry(folder.path());
        let id = jobs.start(request(), |_| async { Ok(7) }).unwrap();
        assert_eq!(jobs.wait(&id).await.unwrap().outcome, Some(7.into()));
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        assert_eq!(registry(folder.path()).list()[0].state, JobState::Done);
    }

    #[tokio::test]
    async fn cancel_reaches_a_job_that_waits() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = registry(folder.path());
        let id = jobs
            .start(request(), |context| async move {
                context.cancelled().await;
                context.check()
            })
            .unwrap();
        jobs.cancel(&id).await.unwrap();
        assert_eq!(jobs.wait(&id).await.unwrap().state, JobState::Cancelled);
    }

    #[tokio::test]
    async fn a_job_whose_process_died_is_orphaned() {
        let folder = tempfile::tempdir().unwrap();
        let jobs = registry(folder.path());
        let record = jobs.first_record(&request());
        drop(Journal::create(folder.path(), &record).unwrap());
        assert_eq!(registry(folder.path()).get(&record.id).unwrap().state, JobState::Orphaned);
    }
}
