//! What ran, newest first, and one entry whole.

use evaldesk_api::commands::MigrationLogReply;
use evaldesk_api::core::migrate::Direction;
use evaldesk_api::core::migrate::log::{LogEntry, LogOutcome, LogPlace};
use evaldesk_api::core::sql::LockMode;

use super::word;
use crate::print::{Align, Facts, Table, dash, duration, line, note, tame};

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
            word::moment(&entry.started_at),
            entry.version.to_string(),
            way(entry).to_owned(),
            outcome(entry),
            if ran(entry) { format!("{}/{}", entry.statements_done, entry.statements_total) } else { dash() },
            took(entry).unwrap_or_else(dash),
            who(entry),
            entry.id.to_string(),
        ]);
        entry.error.iter().for_each(|error| table.under(error));
    }
    if log.entries.is_empty() {
        note("Nothing is written down.");
    } else {
        table.print();
    }
    note(&place(log));
}

/// A decision runs nothing: it has no statements and takes no time.
fn ran(entry: &LogEntry) -> bool {
    matches!(entry.outcome, LogOutcome::Running | LogOutcome::Done | LogOutcome::Failed | LogOutcome::Unknown)
}

fn took(entry: &LogEntry) -> Option<String> {
    entry.elapsed_ms.filter(|_| ran(entry)).map(|ms| duration(ms as f64))
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
        .fact("statements", statements(entry))
        .fact("started", word::moment(&entry.started_at))
        .fact("finished", entry.finished_at.as_deref().map(word::moment))
        .fact("took", took(entry))
        .fact("error", entry.error.clone())
        .fact("note", entry.note.clone())
        .fact("goes on with", entry.continues.map(|id| id.to_string()))
        .fact("who", who(entry))
        .fact("from", entry.host.clone())
        .fact("evaldesk", entry.app_version.clone())
        .fact("schema before", entry.fingerprint_before.clone())
        .fact("schema after", entry.fingerprint_after.clone())
        .fact("locks", entry.lock_trace.as_ref().map(locks));
    facts.print();
    for script in &entry.scripts {
        line(&format!("\n-- {} (SHA-384 {})", tame(&script.file), script.sha384));
        script.sql.iter().for_each(|sql| line(&tame(sql)));
    }
}

fn statements(entry: &LogEntry) -> Option<String> {
    ran(entry).then(|| format!("{} of {}", entry.statements_done, entry.statements_total))
}

/// One lock a line. A trace of another shape, from a newer Evaldesk, is shown as it was kept.
fn locks(trace: &serde_json::Value) -> String {
    let taken = trace.as_array().and_then(|taken| taken.iter().map(lock).collect::<Option<Vec<_>>>());
    taken.map_or_else(|| trace.to_string(), |taken| taken.join("\n"))
}

fn lock(taken: &serde_json::Value) -> Option<String> {
    let (relation, mode) = (taken["relation"].as_str()?, taken["mode"].clone());
    let mode: LockMode = serde_json::from_value(mode).ok()?;
    Some(format!("{} on {relation}, by statement {}", mode.sql(), taken["statement"].as_u64()?))
}

fn way(entry: &LogEntry) -> &'static str {
    if entry.direction == Direction::Up { "up" } else { "down" }
}

fn outcome(entry: &LogEntry) -> String {
    let word = serde_json::to_value(entry.outcome).ok();
    let word = word.and_then(|word| word.as_str().map(|word| word.replace('_', " "))).unwrap_or_default();
    if entry.interrupted { "broken off".to_owned() } else { word }
}

fn who(entry: &LogEntry) -> String {
    format!("{} as {}", entry.os_user, entry.db_user)
}
