//! Who is in the way of a session that waits for a lock.

use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use ts_rs::TS;

use crate::Result;

/// A session that holds what another waits for, or stands in the queue before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct Blocker {
    pub pid: i32,
    /// Absent for the server's own processes.
    pub user_name: Option<String>,
    pub application: Option<String>,
    /// As the server says it: "active", "idle in transaction".
    pub state: Option<String>,
    /// Since when its transaction runs, in UTC.
    pub since: Option<String>,
    /// The start of its statement.
    pub query: Option<String>,
}

/// Reads who keeps a session waiting.
pub(super) async fn blockers(session: &mut PgConnection, pid: i32) -> Result<Vec<Blocker>> {
    Ok(sqlx::query_as(include_str!("blocker.sql")).bind(pid).fetch_all(session).await?)
}

/// One line for a progress display.
pub(super) fn in_words(blockers: &[Blocker]) -> Option<String> {
    let first = blockers.first()?;
    let user = first.user_name.as_deref().unwrap_or("the server itself");
    let application = first.application.as_deref().map_or(String::new(), |name| format!(", {name}"));
    let state = first.state.as_deref().map_or(String::new(), |state| format!(", {state}"));
    let since = first.since.as_deref().map_or(String::new(), |since| format!(" since {since}"));
    let more = if blockers.len() > 1 { format!(" and {} more", blockers.len() - 1) } else { String::new() };
    Some(format!("waits for pid {} ({user}{application}{state}){since}{more}", first.pid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blocker_is_told_in_one_line() {
        let one = Blocker {
            pid: 7,
            user_name: Some("etl".into()),
            application: None,
            state: Some("idle in transaction".into()),
            since: Some("2026-01-01T00:00:00Z".into()),
            query: None,
        };
        let words = in_words(&[one.clone(), one]).unwrap();
        assert_eq!(words, "waits for pid 7 (etl, idle in transaction) since 2026-01-01T00:00:00Z and 1 more");
        assert_eq!(in_words(&[]), None);
    }
}
