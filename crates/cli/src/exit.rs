//! How the program ends: an `error:` line, a `hint:` line, and a code by the kind of failure.
//!
//! With `--json` the last line of stderr is the whole report as JSON; stdout stays the one document of the verb.

use std::process::ExitCode;

use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::error::ErrorPlace;
use evaldesk_api::{ErrorReport, Result};

use crate::print;

/// Prints the error of a verb, if any, and gives the code to end with.
pub(crate) fn code(outcome: Result<()>, json: bool) -> ExitCode {
    let Err(report) = outcome else { return ExitCode::SUCCESS };
    let written = if json { serde_json::to_string(&report).ok() } else { None };
    print::note(&written.unwrap_or_else(|| words(&report)));
    ExitCode::from(number(&report))
}

fn words(report: &ErrorReport) -> String {
    let sqlstate = report.sqlstate.as_deref().map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default();
    let mut words = format!("error: {}{sqlstate}", print::tame(&report.message));
    if let Some(place) = &report.place {
        words.push_str(&where_it_was(place));
    }
    for (what, text) in [("detail", &report.detail), ("hint", &report.hint)] {
        if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
            words.push_str(&format!("\n{what}: {}", print::tame(text)));
        }
    }
    words
}

/// As psql shows it: the line, a caret below the place; and what of a script was left.
fn where_it_was(place: &ErrorPlace) -> String {
    let mut words = String::new();
    if let (Some(excerpt), Some(caret)) = (&place.excerpt, place.caret) {
        let head = format!("LINE {}: ", place.line);
        let before = " ".repeat(head.chars().count() + caret as usize);
        words.push_str(&format!("\n{head}{}\n{before}^", print::tame(excerpt)));
    }
    if place.statements > 1 {
        let left = match place.not_run {
            0 => String::new(),
            1 => "; 1 after it was not run".to_owned(),
            more => format!("; {} after it were not run", print::count(more.into())),
        };
        let (statement, statements) = (place.statement, place.statements);
        let line = if place.excerpt.is_none() { format!(", in line {}", place.line) } else { String::new() };
        words.push_str(&format!("\nwhere: statement {statement} of {statements}{line}{left}"));
    }
    words
}

fn number(report: &ErrorReport) -> u8 {
    match report.code {
        // What the server says of a value (class 22) is no matter of usage: the statement ran.
        ErrorKind::InvalidArguments if report.sqlstate.is_none() => 2,
        ErrorKind::ConnectionRefused
        | ErrorKind::UnknownHost
        | ErrorKind::Timeout
        | ErrorKind::AuthenticationFailed
        | ErrorKind::Tls
        | ErrorKind::UnknownHostKey
        | ErrorKind::DatabaseMissing
        | ErrorKind::ServerTooOld
        | ErrorKind::SecretUnavailable => 3,
        ErrorKind::Refused | ErrorKind::LockTimeout => 4,
        _ => 1,
    }
}
