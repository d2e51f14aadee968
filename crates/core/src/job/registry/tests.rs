//! Jobs without a database: how they end, and what another process sees of them.

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

#[tokio::test]
async fn another_process_can_cancel_a_job_by_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = registry(folder.path());
    let id = jobs
        .start(request(), |context| async move {
            context.cancelled().await;
            context.check()
        })
        .unwrap();
    let elsewhere = registry(folder.path());
    elsewhere.cancel(&id).await.unwrap();
    assert_eq!(jobs.wait(&id).await.unwrap().state, JobState::Cancelled);
    assert_eq!(elsewhere.cancel(&id).await.unwrap_err().kind(), ErrorKind::Precondition);
    assert_eq!(elsewhere.cancel("../x").await.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn a_job_that_panics_has_failed() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = registry(folder.path());
    let id = jobs.start(request(), |_| async { if true { panic!("a bug") } else { Ok(1) } }).unwrap();
    assert_eq!(jobs.wait(&id).await.unwrap().state, JobState::Failed);
}

#[tokio::test]
async fn a_statement_that_ran_too_long_is_no_cancelled_job() {
    let folder = tempfile::tempdir().unwrap();
    let jobs = registry(folder.path());
    let timed_out = || Err::<(), _>(Error::new(ErrorKind::Cancelled, "canceling statement due to timeout"));
    let id = jobs.start(request(), |_| async move { timed_out() }).unwrap();
    assert_eq!(jobs.wait(&id).await.unwrap().state, JobState::Failed);
}
