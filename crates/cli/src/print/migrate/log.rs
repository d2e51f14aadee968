//! What ran, newest first, and one entry whole.

use evaldesk_api::commands::MigrationLogReply;
use evaldesk_api::core::migrate::Direction;
use evaldesk_api::core::migrate::log::{LogEntry, LogPlace};

use crate::print::{Align, Facts, Table, duration, line, note, tame};

/// A line an entry.
pub(crate) fn log(log: &MigrationLogReply) {
    let mut table = Table::new(&[
        ("Started", Align::Left),
        ("Migration ID", Align::Left),
        ("Way", Align::Left),
        ("Outcome", Align::Left),
        ("Statements", Align::Right),
        ("Took", Align::Right),
        ("Who", Align::Left),
        ("Id", Align::Left),
    ]);
    for entry in &log.entries {
        table.row([
            entry.started_at.clone(),
            entry.version.to_string(),
            way(entry).to_owned(),
            outcome(entry),
            format!("{}/{}", entry.statements_done, entry.statements_total),
            entry.elapsed_ms.map_or_else(|| "-".to_owned(), |ms| duration(ms as f64)),
            who(entry),
            entry.id.to_string(),
        ]);
        entry.error.iter().for_each(|error| table.under(error));
    }
    table.print();
    note(&place(log));
}

fn place(log: &MigrationLogReply) -> String {
    match (log.place, &log.path) {
        (LogPlace::Database, _) => "The log is kept in the database, in the schema evaldesk.".to_owned(),
        (LogPlace::File, Some(path)) => format!("The log is kept in {path}."),
        _ => "No log is kept: there is no consent to a schema, and no folder.".to_owned(),
    }
}

/// One entry with the texts of its files.
pub(crate) fn log_entry(entry: &LogEntry) {
    let mut facts = Facts::default();
    facts
        .fact("id", entry.id.to_string())
        .fact("version", format!("{} {}", entry.version, entry.name))
        .fact("way", way(entry).to_owned())
        .fact("outcome", outcome(entry))
        .fact("statements", format!("{} of {}", entry.statements_done, entry.statements_total))
        .fact("started", entry.started_at.clone())
        .fact("finished", entry.finished_at.clone())
        .fact("took", entry.elapsed_ms.map(|ms| duration(ms as f64)))
        .fact("error", entry.error.clone())
        .fact("note", entry.note.clone())
        .fact("goes on with", entry.continues.map(|id| id.to_string()))
        .fact("who", who(entry))
        .fact("from", entry.host.clone())
        .fact("evaldesk", entry.app_version.clone())
        .fact("schema before", entry.fingerprint_before.clone())
        .fact("schema after", entry.fingerprint_after.clone())
        .fact("locks", entry.lock_trace.as_ref().map(ToString::to_string));
    facts.print();
    for script in &entry.scripts {
        line(&format!("\n-- {} (SHA-384 {})", tame(&script.file), script.sha384));
        script.sql.iter().for_each(|sql| line(&tame(sql)));
    }
}

fn way(entry: &LogEntry) -> &'static str {
    if entry.direction == Direction::Up { "up" } else { "down" }
}

fn outcome(entry: &LogEntry) -> String {
    let word = serde_json::to_value(entry.outcome).ok();
    let word = word.and_then(|word| word.as_str().map(|word| word.replace('_', " "))).unwrap_or_default();
    if entry.interrupted { format!("{word}, interrupted") } else { word }
}

fn who(entry: &LogEntry) -> String {
    format!("{} as {}", entry.os_user, entry.db_user)
}
