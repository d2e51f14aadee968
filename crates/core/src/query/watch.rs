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
        futures_util::stream::unfold((watched, false), move |(mut watched, waits)| {
            let session = session.clone();
            async move {
                if waits {
                    tokio::time::sleep(BETWEEN).await;
                }
                watched.changed().await.ok()?;
                let session = session.upgrade()?;
                let closed = watched.borrow_and_update().closed;
                (!closed).then(|| (session.state(), (watched, true)))
            }
        })
    }
}
