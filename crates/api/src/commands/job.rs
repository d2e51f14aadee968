//! Jobs, and the stream that tells of them.

use std::pin::Pin;

use evaldesk_core::job::JobRecord;
use futures_util::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::BroadcastStream;
use ts_rs::TS;

use super::{Done, NoArguments};
use crate::{Result, Session, SessionEvent};

/// The answer of every job command: it runs, and this is its id.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobStarted {
    pub job: String,
}

/// Which job.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct JobArguments {
    pub job: String,
}

/// Lists jobs of this and other processes, newest first.
#[expect(clippy::unused_async, reason = "every command is async")]
pub async fn job_list(session: &Session, _: NoArguments) -> Result<Vec<JobRecord>> {
    Ok(session.jobs().list())
}

/// Shows one job.
#[expect(clippy::unused_async, reason = "every command is async")]
pub async fn job_show(session: &Session, arguments: JobArguments) -> Result<JobRecord> {
    Ok(session.jobs().get(&arguments.job)?)
}

/// Asks a job to end; its statements on the server are cancelled.
pub async fn job_cancel(session: &Session, arguments: JobArguments) -> Result<Done> {
    session.jobs().cancel(&arguments.job).await?;
    Ok(Done {})
}

/// Tells what changes: jobs as they move, connections as they are saved.
#[expect(clippy::unused_async, reason = "every command is async")]
pub async fn session_events(session: &Session, _: NoArguments) -> Result<Pin<Box<dyn Stream<Item = SessionEvent> + Send>>> {
    let events = BroadcastStream::new(session.events());
    Ok(Box::pin(events.map(|event| event.unwrap_or(SessionEvent::Missed))))
}
