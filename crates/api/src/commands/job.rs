//! Jobs, and the stream that tells of them.

use std::pin::Pin;
use std::time::Duration;

use evaldesk_core::job::JobRecord;
use futures_util::{Stream, StreamExt as _};
use serde::{Deserialize, Serialize};
use tokio_stream::wrappers::{BroadcastStream, IntervalStream};
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
pub async fn job_list(session: &Session, _: NoArguments) -> Result<Vec<JobRecord>> {
    Ok(session.jobs().list())
}

/// Shows one job.
pub async fn job_show(session: &Session, arguments: JobArguments) -> Result<JobRecord> {
    Ok(session.jobs().get(&arguments.job)?)
}

/// Asks a job to end; its statements on the server are cancelled.
pub async fn job_cancel(session: &Session, arguments: JobArguments) -> Result<Done> {
    session.jobs().cancel(&arguments.job).await?;
    Ok(Done {})
}

/// How often the saved connections are looked at for changes by another program.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Tells what changes: jobs as they move, connections as they are saved, here or by another program.
pub async fn session_events(
    session: &Session,
    _: NoArguments,
) -> Result<Pin<Box<dyn Stream<Item = SessionEvent> + Send>>> {
    let own = BroadcastStream::new(session.events()).map(|event| event.unwrap_or(SessionEvent::Missed));
    Ok(Box::pin(futures_util::stream::select(own, written_elsewhere(session.clone()))))
}

fn written_elsewhere(session: Session) -> impl Stream<Item = SessionEvent> + Send {
    let mut seen = session.profiles().written_at();
    IntervalStream::new(tokio::time::interval(LOOK_EVERY)).filter_map(move |_| {
        let now = session.profiles().written_at();
        let changed = std::mem::replace(&mut seen, now) != now;
        std::future::ready(changed.then_some(SessionEvent::Connections))
    })
}
