//! Checks of the server and of what the database holds at all.

use sqlx::FromRow;

use super::run_all::Subject;
use super::{Answer, Attention, AttentionAction, Severity};
use crate::Result;
use crate::catalog::EvaluationSchema;
use crate::connection::Database;

/// The four tables are there, and this role may read them.
pub(super) fn missing_tables(schema: &EvaluationSchema) -> Answer {
    if !schema.complete {
        return Answer::Found(vec![missing(schema)]);
    }
    let unreadable: Vec<_> = schema.tables.iter().filter(|table| !table.readable).collect();
    if unreadable.is_empty() {
        return Answer::Ok("All four tables are there.".to_owned());
    }
    let found = unreadable.iter().map(|table| {
        Attention::new(
            Severity::Attention,
            format!("{} cannot be read", table.name),
            "This role has no SELECT on it, so what is shown of it is incomplete.",
        )
        .object("table", table.schema.as_deref(), &table.name)
    });
    Answer::Found(found.collect())
}

fn missing(schema: &EvaluationSchema) -> Attention {
    let elsewhere: Vec<String> = schema
        .tables
        .iter()
        .filter(|table| table.schema.is_none())
        .flat_map(|table| table.elsewhere.iter().map(|other| format!("{other}.{}", table.name)))
        .collect();
    let title = match schema.missing.as_slice() {
        [one] => format!("{one} is missing"),
        all if all.len() == schema.tables.len() => "The evaluation tables are missing".to_owned(),
        several => format!("{} evaluation tables are missing", several.len()),
    };
    if elsewhere.is_empty() {
        return Attention::new(Severity::Failed, title, schema.missing.join(", "))
            .action(AttentionAction::Migrate);
    }
    let detail = format!("{} is there, but its schema is not in the search_path.", elsewhere.join(", "));
    Attention::new(Severity::Failed, title, detail)
}

/// Upstream still repairs the server's major.
pub(super) fn version(subject: &Subject<'_>) -> Answer {
    let version = subject.database.version();
    match version.notice(subject.now.date_naive()) {
        None => Answer::Ok(format!("PostgreSQL {} is maintained.", version.major)),
        Some(notice) => {
            let title = format!("PostgreSQL {} needs a look", version.major);
            Answer::Found(vec![Attention::new(Severity::Attention, title, notice).object(
                "server",
                None,
                &version.text,
            )])
        }
    }
}

#[derive(FromRow)]
struct Idle {
    sessions: i64,
    oldest_seconds: Option<i64>,
    hidden: i64,
    name: Option<String>,
}

/// Nobody holds a transaction open without working: it stops vacuum and keeps locks.
pub(super) async fn idle_in_transaction(database: &Database) -> Result<Answer> {
    let idle: Idle = sqlx::query_as(include_str!("idle.sql")).fetch_one(database.pool()).await?;
    let minutes = idle.oldest_seconds.unwrap_or(0) / 60;
    if minutes >= 5 {
        let who = idle.name.filter(|name| !name.is_empty()).unwrap_or_else(|| "a session".to_owned());
        let plural = if idle.sessions == 1 { "session is" } else { "sessions are" };
        return Ok(Answer::Found(vec![
            Attention::new(
                Severity::Attention,
                format!("{} {plural} idle in a transaction", idle.sessions),
                format!("{who} has held one open for {minutes} min; vacuum cannot pass it."),
            )
            .action(AttentionAction::ShowActivity),
        ]));
    }
    if idle.hidden > 0 {
        return Ok(Answer::Skipped(format!(
            "This role does not see what {} sessions of others do (pg_read_all_stats would).",
            idle.hidden
        )));
    }
    Ok(Answer::Ok("No transaction has been idle for five minutes.".to_owned()))
}
