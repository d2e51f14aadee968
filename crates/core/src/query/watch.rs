//! Watching a tab: the latest state, as often as somebody can look at it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::Stream;

use super::session::QuerySession;
use super::state::QueryState;

/// Between two states at least.
const BETWEEN: Duration = Duration::from_millis(30);

impl QuerySession {
    /// The state now, and whenever it has changed; it ends when the tab is closed.
    pub fn watch(self: &Arc<Self>) -> impl Stream<Item = QueryState> + Send + use<> {
        let mut watched = self.board.subscribe();
        watched.mark_changed();
        let session = Arc::downgrade(self);
        futures_util::stream::unfold((watched, Duration::ZERO), move |(mut watched, pause)| {
            let session = session.clone();
            async move {
                tokio::time::sleep(pause).await;
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

/// A large state is told less often.
fn until_next(state: &QueryState) -> Duration {
    let columns: usize = state.results.iter().map(|result| result.columns.len()).sum();
    let parts = state.statements.len() + columns + state.notices.len();
    BETWEEN.max(Duration::from_micros(u64::try_from(parts).unwrap_or(0) * 100))
}
