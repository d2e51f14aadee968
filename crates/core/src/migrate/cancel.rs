//! A cancel that reaches the server: what applies a plan and what rehearses it both run under it.

use crate::Result;
use crate::connection::Database;
use crate::job::JobContext;

/// Runs work of the session `pid`. Cancel must reach a statement that runs, also where no registry watches the job.
pub(super) async fn until_cancelled<T>(
    database: &Database,
    pid: i32,
    job: &JobContext,
    running: impl Future<Output = Result<T>>,
) -> Result<T> {
    tokio::pin!(running);
    tokio::select! {
        biased;
        done = &mut running => return done,
        () = job.cancelled() => {}
    }
    // If the server cannot be asked, the job still ends at the next statement.
    let _ = database.cancel_backend(pid).await;
    running.await
}
