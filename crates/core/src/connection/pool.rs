//! The pool of a database: sessions that are looked at before they are lent.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::Connection as _;
use sqlx::pool::PoolConnectionMetadata;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};

use super::line::Line;
use super::options::{connect_options, prepare_session};
use super::pooled;

/// How long a caller waits for a free session where the profile sets no limit.
const FOR_LONG: Duration = Duration::from_secs(300);

/// How soon an idle session has to answer, or it counts as dead: after sleep nobody tells that the other side is gone.
const PROMPT: Duration = Duration::from_secs(2);

/// Pooled sessions take the way that the first one found open. Where a pooler hands its sessions on, each that is lent
/// is one transaction.
pub(super) fn pool(line: &Line, relay: Option<&Path>, shared: bool) -> PgPool {
    let limits = line.profile().timeouts;
    let (prepared, lent, deaths) = (line.clone(), line.clone(), Deaths::default());
    let options = PgPoolOptions::new()
        .max_connections(line.profile().pool_size)
        .min_connections(0)
        .idle_timeout(Duration::from_secs(300))
        .acquire_timeout(limits.connect_limit().unwrap_or(FOR_LONG))
        .test_before_acquire(false)
        .after_connect(move |session, _| {
            let line = prepared.clone();
            Box::pin(async move {
                match shared {
                    true => pooled::enter(session, line.profile()).await,
                    false => prepare_session(session, line.profile()).await,
                }
            })
        })
        .before_acquire(move |session, facts| {
            let (line, deaths) = (lent.clone(), deaths.clone());
            Box::pin(async move {
                let alive = deaths.spared(session, facts).await;
                Ok(alive && (!shared || pooled::enter(session, line.profile()).await.is_ok()))
            })
        });
    let options = match shared {
        true => options.after_release(|session, _| Box::pin(async move { Ok(pooled::leave(session).await) })),
        false => options,
    };
    let driver = connect_options(line, relay);
    // A statement that is kept would be a stranger's the next time.
    options.connect_lazy_with(if shared { driver.statement_cache_capacity(0) } else { driver })
}

/// When a session was last found dead: those that are older died with it, and each would be waited for in vain.
#[derive(Debug, Clone, Default)]
struct Deaths(Arc<Mutex<Option<Instant>>>);

impl Deaths {
    async fn spared(&self, session: &mut PgConnection, facts: PoolConnectionMetadata) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Used since the death, it has shown that it lives.
        if last.is_some_and(|death| facts.idle_for >= death.elapsed()) {
            return false;
        }
        let answered = tokio::time::timeout(PROMPT, session.ping()).await;
        if answered.is_err() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
        matches!(answered, Ok(Ok(())))
    }
}
