//! What a rehearsal measured.

use evaldesk_api::core::migrate::{Rehearsal, RehearsalSummary, RehearsedOutcome, RehearsedStatement};

use super::plan::one_line;
use super::word;
use crate::print::{Align, Table, duration, line, note, tame};

/// A line a statement: what it locked, rewrote and read, how long it took, and what was otherwise than planned.
pub(crate) fn rehearsal(rehearsal: &Rehearsal) {
    let mut table = Table::new(&[
        ("#", Align::Right),
        ("Statement", Align::Left),
        ("Outcome", Align::Left),
        ("Locks taken", Align::Left),
        ("Read", Align::Left),
        ("Took", Align::Right),
    ]);
    let mut last = None;
    for statement in &rehearsal.statements {
        if begins_a_script(last, statement) {
            table.under(&format!("version {}", statement.version));
        }
        last = Some(statement);
        table.row(row(statement));
        statement.note.iter().chain(&statement.differences).for_each(|text| table.under(text));
        statement.changes.iter().for_each(|text| table.under(&format!("schema: {text}")));
    }
    table.print();
    rehearsal.problems.iter().for_each(|problem| line(&tame(&format!("problem: {problem}"))));
    rehearsal.notes.iter().for_each(|text| note(&tame(text)));
    note(&tame(&in_words(&rehearsal.summary)));
}

/// A redo has one version twice, one way after the other: there the numbers begin anew.
fn begins_a_script(last: Option<&RehearsedStatement>, this: &RehearsedStatement) -> bool {
    last.is_none_or(|last| last.version != this.version || last.statement >= this.statement)
}

fn row(statement: &RehearsedStatement) -> [String; 6] {
    let took = match statement.outcome {
        RehearsedOutcome::Ran | RehearsedOutcome::Failed => duration(statement.elapsed_ms as f64),
        _ => "-".to_owned(),
    };
    let number = statement.statement.to_string();
    let outcome = outcome_word(statement.outcome).to_owned();
    [number, one_line(&statement.sql), outcome, locks(statement), read(statement), took]
}

fn outcome_word(outcome: RehearsedOutcome) -> &'static str {
    match outcome {
        RehearsedOutcome::Ran => "ran",
        RehearsedOutcome::Skipped => "not rehearsed",
        RehearsedOutcome::Depends => "depends on one that was not",
        RehearsedOutcome::Failed => "FAILED",
        RehearsedOutcome::NotReached => "not reached",
    }
}

fn locks(statement: &RehearsedStatement) -> String {
    let taken = statement.locks.iter().filter(|lock| !lock.held_before);
    let said: Vec<_> = taken.map(|lock| format!("{} on {}", lock.mode.sql(), lock.relation)).collect();
    if said.is_empty() { "-".to_owned() } else { said.join("; ") }
}

fn read(statement: &RehearsedStatement) -> String {
    let scans = statement.scans.as_deref().unwrap_or_default();
    match (statement.rewrites.as_slice(), scans) {
        ([], []) if statement.outcome == RehearsedOutcome::Ran && statement.scans.is_none() => {
            "not counted here".to_owned()
        }
        ([], []) => "-".to_owned(),
        ([], scans) => format!("scanned {}", scans.join(", ")),
        (rewrites, _) => format!("rewrote {}", rewrites.join(", ")),
    }
}

/// Earlier ones, newest first.
pub(crate) fn rehearsals(list: &[RehearsalSummary]) {
    let mut table = Table::new(&["At", "Where", "Versions", "Came to"].map(|head| (head, Align::Left)));
    for one in list {
        let versions: Vec<_> = one.versions.iter().map(ToString::to_string).collect();
        let place = format!("{:?}", one.place).to_lowercase();
        table.row([word::moment(&one.at), place, versions.join(", "), one.words.clone()]);
    }
    table.print();
}

fn in_words(summary: &RehearsalSummary) -> String {
    let held = duration(summary.locks_held_ms as f64);
    let took = duration(summary.elapsed_ms as f64);
    // Why it failed is the last thing that is said, as the error.
    let came_to =
        if summary.passed { format!("{}: {}. ", summary.database, summary.words) } else { String::new() };
    format!("{came_to}It took {took}, and held locks for {held}. Nothing was kept.")
}
