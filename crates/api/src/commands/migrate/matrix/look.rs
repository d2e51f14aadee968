//! Looking at every connection at once, each as far as it lets itself be looked at.

use evaldesk_core::connection::{ConnectionProfile, SecretPolicy};
use evaldesk_core::migrate;
use evaldesk_core::server::local::LocalState;
use futures_util::future::join_all;

use super::seen::{self, Seen};
use crate::{ErrorReport, Result, Session};

/// What is known of one connection.
pub(super) struct Looked {
    pub(super) seen: Option<Seen>,
    /// Why `seen` is of an earlier time.
    pub(super) why: Option<String>,
}

/// Looks at all of them side by side: one that does not answer keeps no other waiting.
pub(super) async fn at_all(
    session: &Session,
    profiles: &[ConnectionProfile],
    origin: &str,
    open: bool,
) -> Vec<Looked> {
    join_all(profiles.iter().map(|profile| at_one(session, profile, origin, open))).await
}

async fn at_one(session: &Session, profile: &ConnectionProfile, origin: &str, open: bool) -> Looked {
    let why = match may_look(session, profile, open).await {
        Some(why) => why,
        None => match status(session, profile).await {
            Ok(mut seen) => {
                seen.drift = before(session, profile, origin).and_then(|before| before.drift);
                seen::keep(session, profile, &seen);
                return Looked { seen: Some(seen), why: None };
            }
            Err(error) => error.message,
        },
    };
    Looked { seen: before(session, profile, origin), why: Some(why) }
}

/// What was seen of it last, with these files.
fn before(session: &Session, profile: &ConnectionProfile, origin: &str) -> Option<Seen> {
    seen::last(session, profile).filter(|seen| seen.origin == origin)
}

/// Why not, if not: to look must start no server, and open nothing that nobody asked to be opened.
async fn may_look(session: &Session, profile: &ConnectionProfile, open: bool) -> Option<String> {
    if session.open_connections().contains(&profile.id) {
        return None;
    }
    if !open {
        return Some("not open".to_owned());
    }
    if profile.secret_policy == SecretPolicy::Command {
        return Some("its password comes from a command, which is not run for a look".to_owned());
    }
    if profile.is_on_private_server() && !local_runs(session).await {
        return Some("the local server does not run".to_owned());
    }
    None
}

async fn local_runs(session: &Session) -> bool {
    let Ok(server) = session.local().server() else { return false };
    server.status().await.is_ok_and(|status| status.state == LocalState::Running)
}

async fn status(session: &Session, profile: &ConnectionProfile) -> Result<Seen> {
    let database = session.database(&profile.id).await?;
    let context = session.migration_context(&profile.id)?;
    let status = migrate::migration_status(&database, &context).await.map_err(ErrorReport::from)?;
    Ok(Seen::of(status, session.clock().now().to_rfc3339()))
}
