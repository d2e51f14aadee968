//! A statement that runs in no tab since its rows go to a file or a stream as they come. It is a run like any: the history
//! has its line.

use evaldesk_core::connection::ConnectionProfile;
use evaldesk_core::query::history::{FinishedRun, QueryHistoryError, QueryOutcome};
use evaldesk_core::{Error, ErrorKind};

use super::Session;

/// What is run so.
pub(crate) struct PassedOn {
    pub(crate) profile: ConnectionProfile,
    pub(crate) text: String,
    /// Whether its rows go to a reader, who may have enough before their end.
    pub(crate) to_reader: bool,
}

impl Session {
    /// Waits for it and writes it down, unless it never reached the server. `rows` says how many it gave.
    pub(crate) async fn pass_on<T>(
        &self,
        passed: PassedOn,
        rows: impl Fn(&T) -> u64,
        work: impl Future<Output = evaldesk_core::Result<T>>,
    ) -> evaldesk_core::Result<T> {
        let at = self.clock().now();
        let done = work.await;
        let Some((outcome, error)) = ended(done.as_ref().err(), passed.to_reader) else { return done };
        let (rows, session) = (done.as_ref().ok().map(rows), self.clone());
        let took = (self.clock().now() - at).num_milliseconds();
        let written = move || {
            let run = FinishedRun {
                sql: passed.text.trim().trim_end_matches(';'),
                profile: &passed.profile,
                at,
                duration_ms: u64::try_from(took).unwrap_or_default(),
                rows,
                outcome,
                error,
            };
            // A history that cannot be written undoes no run.
            let _ = session.remember_run(&run);
        };
        let _ = tokio::task::spawn_blocking(written).await;
        done
    }
}

/// How it ended; nothing where it was refused before anything was sent.
fn ended(error: Option<&Error>, to_reader: bool) -> Option<(QueryOutcome, Option<QueryHistoryError>)> {
    let Some(error) = error else { return Some((QueryOutcome::Done, None)) };
    let said = QueryHistoryError {
        sqlstate: error.server().map(|server| server.sqlstate.clone()),
        message: error.message().to_owned(),
    };
    match error.kind() {
        ErrorKind::Cancelled => Some((QueryOutcome::Cancelled, None)),
        ErrorKind::Storage if to_reader => Some((QueryOutcome::Cancelled, None)),
        ErrorKind::Storage => Some((QueryOutcome::Failed, Some(said))),
        _ => error.server().is_some().then_some((QueryOutcome::Failed, Some(said))),
    }
}
