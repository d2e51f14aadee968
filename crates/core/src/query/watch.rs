//! Watching a tab: the latest state, as often as somebody can look at it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;
use tokio::sync::watch::Receiver;

use super::board::Board;
use super::session::QuerySession;
use super::state::QueryState;

/// Between two states at least.
const BETWEEN: Duration = Duration::from_millis(30);

/// How long a run is new: its first rows should show as they come.
const NEW_MS: u64 = 400;

/// Between two states of a run that goes on: nobody reads a count faster, and to show it takes time from the rows.
const GOING_ON: Duration = Duration::from_millis(120);

impl QuerySession {
    /// The state now, and whenever it has changed; it ends when the tab is closed.
    pub fn watch(self: &Arc<Self>) -> impl Stream<Item = QueryState> + Send + use<> {
        let mut watched = self.board.subscribe();
        watched.mark_changed();
        let session = Arc::downgrade(self);
        futures_util::stream::unfold((watched, Duration::ZERO), move |(mut watched, pause)| {
            let session = session.clone();
            async move {
                rest(&watched, pause).await;
                watched.changed().await.ok()?;
                let session = session.upgrade()?;
                let closed = watched.borrow_and_update().closed;
                let state = session.state();
                let next = until_next(&state);
                (!closed).then_some((state, (watched, next)))
            }
        })
    }
}

/// Waits; a run that is over is told at once.
async fn rest(watched: &Receiver<Board>, pause: Duration) {
    tokio::time::sleep(pause.min(BETWEEN)).await;
    // A receiver of its own: what it has seen is still new to the other.
    let mut ended = watched.clone();
    tokio::select! {
        () = tokio::time::sleep(pause.saturating_sub(BETWEEN)) => {}
        _ = ended.wait_for(|board| !board.is_busy() || board.closed) => {}
    }
}

/// A large state is told less often, and so is one of a run that goes on.
fn until_next(state: &QueryState) -> Duration {
    let columns: usize = state.results.iter().map(|result| result.columns.len()).sum();
    let parts = state.statements.len() + columns + state.notices.len();
    let usual = if state.elapsed_ms > NEW_MS { GOING_ON } else { BETWEEN };
    usual.max(Duration::from_micros(u64::try_from(parts).unwrap_or(0) * 100))
}
