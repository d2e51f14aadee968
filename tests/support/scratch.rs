//! Scratch databases: none of them outlives what made it.

use std::time::Duration;

use crate::TestDatabase;

/// Waits until every scratch database that is there now is gone, for at most a minute. The server is shared: a copy of
/// another test may be there for a while, one that is left behind stays.
pub async fn no_copy_is_left(test: &TestDatabase) {
    let left = "select string_agg(datname, ', ') from pg_database where datname like 'evaldesk_scratch_%'";
    let Some(mut known) = test.value(left).await else { return };
    for _ in 0..300 {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let Some(now) = test.value(left).await else { return };
        // Whatever was there first and is gone was somebody else's, or has been cleared away.
        known = known.split(", ").filter(|one| now.contains(one)).collect::<Vec<_>>().join(", ");
        if known.is_empty() {
            return;
        }
    }
    panic!("left behind: {known}");
}
