//! Who holds a migration lock, in words.

use std::time::Duration;

use sqlx::PgConnection;

use super::Locks;
use crate::migrate::activity::statement_head;
use crate::{Error, ErrorKind, Result};

/// The session that holds it.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct Holder {
    pid: i32,
    user_name: Option<String>,
    application: Option<String>,
    since: Option<String>,
    state: Option<String>,
    query: Option<String>,
}

/// Looks who holds a key; nobody where the holder has just ended.
pub(super) async fn read(session: &mut PgConnection, key: i64) -> Result<Option<Holder>> {
    Ok(sqlx::query_as(include_str!("holder.sql")).bind(key).fetch_optional(session).await?)
}

/// The error of somebody who waited in vain.
pub(super) fn refusal(holder: Option<&Holder>, locks: &Locks, patience: Duration) -> Error {
    let who = in_words(holder);
    let waited = patience.as_secs_f32();
    Error::new(
        ErrorKind::Refused,
        format!("{} is being migrated already: {who} holds the migration lock", locks.database),
    )
    .hint(format!(
        "Waited {waited} s. Wait for it to end and try again, or wait longer with --lock-wait SECONDS. Nothing was changed."
    ))
}

/// "pid 7 (maria, rake, connected since ..., active: select ...)"
pub(super) fn in_words(holder: Option<&Holder>) -> String {
    let Some(holder) = holder else { return "a session that has just ended".to_owned() };
    let user = holder.user_name.as_deref().unwrap_or("a user we may not see");
    let application = holder.application.as_ref().map(|name| format!(", {name}"));
    let since = holder.since.as_ref().map(|since| format!(", connected since {since}"));
    let runs = holder.runs().map(|runs| format!(", {runs}"));
    let more: String = [application, since, runs].into_iter().flatten().collect();
    format!("pid {} ({user}{more})", holder.pid)
}

impl Holder {
    fn runs(&self) -> Option<String> {
        let state = self.state.as_deref()?;
        let head = self.query.as_deref().and_then(statement_head);
        Some(head.map_or_else(|| state.to_owned(), |head| format!("{state}: {head}")))
    }
}
