//! Who keeps the migrating session waiting.

use std::fmt;

use sqlx::PgConnection;

use crate::Result;
use crate::migrate::activity::statement_head;

/// A session that holds what ours waits for, or stands in the queue before it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct InTheWay {
    pid: i32,
    user_name: Option<String>,
    application: Option<String>,
    state: Option<String>,
    since: Option<String>,
    query: Option<String>,
}

impl InTheWay {
    /// Looks who they are, by a session beside the one that waits.
    pub(super) async fn read(session: &mut PgConnection, waiting: i32) -> Result<Vec<Self>> {
        Ok(sqlx::query_as(include_str!("in_the_way.sql")).bind(waiting).fetch_all(session).await?)
    }

    /// The one that has been at it longest, with how many more there are.
    pub(super) fn first(found: &[Self]) -> Option<String> {
        let more = if found.len() > 1 { format!(" and {} more", found.len() - 1) } else { String::new() };
        found.first().map(|one| format!("{one}{more}"))
    }
}

impl fmt::Display for InTheWay {
    /// "pid 7 (maria, psql, idle in transaction since ...: update t set a = ?)"
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user_name.as_deref().unwrap_or("the server itself");
        write!(f, "pid {} ({user}", self.pid)?;
        for part in [&self.application, &self.state].into_iter().flatten() {
            write!(f, ", {part}")?;
        }
        if let Some(since) = &self.since {
            write!(f, " since {since}")?;
        }
        match self.query.as_deref().and_then(statement_head) {
            Some(head) => write!(f, ": {head})"),
            None => f.write_str(")"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_one_in_the_way_is_told_without_the_values_it_works_with() {
        let one = InTheWay {
            pid: 7,
            user_name: Some("etl".into()),
            application: Some("psql".into()),
            state: Some("idle in transaction".into()),
            since: Some("2026-01-01T00:00:00Z".into()),
            query: Some("update t set name = 'Ada' where id = 12".into()),
        };
        let told = "pid 7 (etl, psql, idle in transaction since 2026-01-01T00:00:00Z: update t set name = ? where id = ?) and 1 more";
        assert_eq!(InTheWay::first(&[one.clone(), one]).as_deref(), Some(told));
        assert_eq!(InTheWay::first(&[]), None);
    }
}
