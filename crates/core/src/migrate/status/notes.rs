//! What a person should know about a version here, in words. A sentence each, without capitals and full stops.

use sqlx::PgConnection;

use super::super::assess::Assessed;
use super::super::ledger::LedgerRow;
use super::super::log::{Log, LogEntry, LogFilter, LogOutcome};
use super::super::{Direction, LedgerKind, LedgerPlace, MigrationContext, ScriptRole, Version, rails};
use super::row::by;
use crate::Result;

/// Everything that is worth a sentence, the state's own reason first.
pub(super) fn of(assessed: &Assessed<'_>, spacing: bool) -> Vec<String> {
    let found = [
        running(assessed),
        broke_off(assessed),
        ruby_broke_off(assessed),
        conflict(assessed),
        changed(assessed, spacing),
        out_of_order(assessed),
        baselined(assessed),
        in_place(assessed),
        released(assessed),
        irreversible(assessed),
        failed(assessed),
        attention(assessed),
    ];
    found.into_iter().flatten().chain(assessed.migration.file_notes()).collect()
}

fn running(assessed: &Assessed<'_>) -> Option<String> {
    let entry = assessed.history.running()?;
    let doing = if entry.direction == Direction::Up { "applied" } else { "taken back" };
    let pid = entry.backend_pid.map_or(String::new(), |pid| format!(" (pid {pid})"));
    Some(format!("it is being {doing} right now by {}{pid}, since {}", by(entry), moment(&entry.started_at)))
}

fn broke_off(assessed: &Assessed<'_>) -> Option<String> {
    let partial = assessed.partial.as_ref()?;
    let entry = assessed.history.broken()?;
    let file = if partial.direction == Direction::Up { "up" } else { "down" };
    let why = entry.error.as_deref().map_or(String::new(), |error| format!(": {}", of_itself(entry, error)));
    let open = partial.open.map_or(String::new(), |open| {
        format!("; statement {} was sent, and only the catalog knows what became of it", open + 1)
    });
    Some(format!(
        "it broke off on {} after {} of {} statements of its {file} file{why}{open}",
        moment(&entry.started_at),
        partial.done,
        partial.total
    ))
}

/// Ours knows no statements of it: a verb that would do nothing is not offered.
fn ruby_broke_off(assessed: &Assessed<'_>) -> Option<String> {
    let migration = assessed.migration;
    (assessed.partial.is_some() && migration.ruby.is_some()).then(|| {
        format!(
            "it is Ruby now, which is not resumed statement by statement. {}",
            sentence(&migration.version)
        )
    })
}

/// Notes go without a full stop.
fn sentence(version: &Version) -> String {
    rails::what_is_left(version).trim_end_matches('.').to_owned()
}

/// An error names its version, and so does what stands above the note.
fn of_itself<'a>(entry: &LogEntry, error: &'a str) -> &'a str {
    error.strip_prefix(&format!("{} {}: ", entry.version, entry.name)).unwrap_or(error)
}

fn conflict(assessed: &Assessed<'_>) -> Option<String> {
    assessed.conflicts().then(|| {
        let problems = assessed.in_words().unwrap_or_default();
        format!("recorded as applied, but {problems}; the number may belong to another migration")
    })
}

fn changed(assessed: &Assessed<'_>, spacing: bool) -> Option<String> {
    if !assessed.has_changed() {
        return None;
    }
    let Some(entry) = assessed.history.bound() else {
        return Some("the file differs from the one that sqlx applied".to_owned());
    };
    let at = moment(entry.finished_at.as_deref().unwrap_or(&entry.started_at));
    let only = if spacing { ", in line ends or a byte order mark alone" } else { "" };
    Some(match entry.outcome {
        LogOutcome::Done => format!("the file differs from the one that {} applied on {at}{only}", by(entry)),
        _ => format!("the file differs from the one that it was recorded with on {at}{only}"),
    })
}

fn out_of_order(assessed: &Assessed<'_>) -> Option<String> {
    let newer = assessed.older_than.as_ref().filter(|_| !assessed.in_place())?;
    let accepted = if assessed.history.order_accepted { ", and accepted as it is" } else { "" };
    Some(format!("it is older than {newer}, which is applied already{accepted}"))
}

fn baselined(assessed: &Assessed<'_>) -> Option<String> {
    assessed.is_baselined().then(|| "recorded without having been run: its objects were there".to_owned())
}

fn in_place(assessed: &Assessed<'_>) -> Option<String> {
    assessed.in_place().then(|| {
        "its objects are there already, made by another tool or by hand; not recorded here".to_owned()
    })
}

fn released(assessed: &Assessed<'_>) -> Option<String> {
    assessed.released.then(|| {
        "the row of this number in schema_migrations is another migration's: ours has one of its own"
            .to_owned()
    })
}

fn irreversible(assessed: &Assessed<'_>) -> Option<String> {
    (assessed.is_recorded() && assessed.migration.down.is_none())
        .then(|| "there is no file that takes it back".to_owned())
}

fn failed(assessed: &Assessed<'_>) -> Option<String> {
    let entry = assessed.history.failed(assessed.is_recorded())?;
    let unsaid = if entry.interrupted {
        "whoever ran it was gone before its end"
    } else {
        "for a reason that nobody wrote down"
    };
    let (why, at) = (of_itself(entry, entry.error.as_deref().unwrap_or(unsaid)), moment(&entry.started_at));
    let migration = assessed.migration;
    // Rails has no transaction around it then, and what ran stays.
    if migration.ruby.as_ref().is_some_and(|ruby| ruby.no_transaction) {
        let left = sentence(&migration.version);
        return Some(format!("the last try, on {at}, broke off, and what ran of it stays: {why}. {left}"));
    }
    Some(format!("the last try, on {at}, came to nothing: {why}"))
}

fn attention(assessed: &Assessed<'_>) -> Option<String> {
    if assessed.is_recorded() && !assessed.conflicts() { assessed.in_words() } else { None }
}

/// What is to be said of a recorded version without a file.
pub(super) fn without_file(kind: LedgerKind, row: &LedgerRow, logged: bool) -> String {
    match (row.place, kind, logged) {
        (_, _, true) => "applied from a file that is not here any more; the log still has it".to_owned(),
        (LedgerPlace::Shared, LedgerKind::Rails | LedgerKind::Dbmate, false) => {
            format!("recorded by {}; there is no file of it here", kind.owner())
        }
        _ => "recorded by another tool or from another folder; there is no file of it here".to_owned(),
    }
}

/// "2026-11-25 09:30 UTC" of what the log holds.
fn moment(text: &str) -> String {
    match (text.get(..10), text.get(11..16)) {
        (Some(day), Some(time)) => format!("{day} {time} UTC"),
        _ => text.to_owned(),
    }
}

/// Whether a changed file differs in nothing that a server would see. Only then is the old text fetched.
pub(super) async fn differs_in_spacing(
    session: &mut PgConnection,
    context: &MigrationContext,
    assessed: &Assessed<'_>,
) -> Result<bool> {
    let Some(entry) = assessed.history.bound().filter(|_| assessed.has_changed()) else { return Ok(false) };
    let then = with_text(session, context, entry).await?;
    let then = then.as_ref().and_then(|entry| entry.script(ScriptRole::Up)?.sql.as_deref());
    Ok(then.is_some_and(|then| then.lines().eq(assessed.migration.up.sql.lines())))
}

async fn with_text(
    session: &mut PgConnection,
    context: &MigrationContext,
    entry: &LogEntry,
) -> Result<Option<LogEntry>> {
    let filter = LogFilter { id: Some(entry.id), with_text: true, ..LogFilter::default() };
    let log = Log::open(session, context).await?;
    Ok(log.entries(session, &filter).await?.pop())
}
