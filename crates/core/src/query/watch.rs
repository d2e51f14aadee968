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
const GOING_ON: Duration = Duration::from_millis(200);

/// How long to rest after a state, and whether first rows end that: they are what everybody waits for.
struct Rest {
    pause: Duration,
    for_rows: bool,
}

impl QuerySession {
    /// The state now, and whenever it has changed; it ends when the tab is closed.
    pub fn watch(self: &Arc<Self>) -> impl Stream<Item = QueryState> + Send + use<> {
        let mut watched = self.board.subscribe();
        watched.mark_changed();
        let session = Arc::downgrade(self);
        let at_once = Rest { pause: Duration::ZERO, for_rows: false };
        futures_util::stream::unfold((watched, at_once), move |(mut watched, rest)| {
            let session = session.clone();
            async move {
                rest.over(&watched).await;
                watched.changed().await.ok()?;
                let session = session.upgrade()?;
                let closed = watched.borrow_and_update().closed;
                let state = session.state();
                let next = Rest::after(&state);
                (!closed).then_some((state, (watched, next)))
            }
        })
    }
}

impl Rest {
    fn after(state: &QueryState) -> Self {
        Self { pause: until_next(state), for_rows: state.results.iter().all(|result| result.rows == 0) }
    }

    /// Waits; first rows are told at once, and so is a run that is over.
    async fn over(&self, watched: &Receiver<Board>) {
        // A receiver of its own: what it has seen is still new to the other.
        let mut awaited = watched.clone();
        tokio::select! {
            () = tokio::time::sleep(self.pause.min(BETWEEN)) => {}
            _ = awaited.wait_for(|board| self.for_rows && board.has_rows()) => return,
        }
        tokio::select! {
            () = tokio::time::sleep(self.pause.saturating_sub(BETWEEN)) => {}
            _ = awaited.wait_for(|board| !board.is_busy() || board.closed) => {}
        }
    }
}

/// A large state is told less often, and so is one of a run that goes on.
fn until_next(state: &QueryState) -> Duration {
    let columns: usize = state.results.iter().map(|result| result.columns.len()).sum();
    let parts = state.statements.len() + columns + state.notices.len();
    let usual = if state.elapsed_ms > NEW_MS { GOING_ON } else { BETWEEN };
    usual.max(Duration::from_micros(u64::try_from(parts).unwrap_or(0) * 100))
}
