//! Printing. The only place of this crate that writes to stdout.

mod connection;
mod explain;
mod facts;
mod job;
mod maintenance;
pub(crate) mod migrate;
mod number;
mod query;
mod run;
mod span;
mod table;

use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};
use serde::Serialize;

pub(crate) use connection::{connection, mode, server_facts};
pub(crate) use explain::explained;
pub(crate) use facts::Facts;
pub(crate) use job::job;
pub(crate) use maintenance::{vacuum_outcome, vacuum_plan};
pub(crate) use number::{bytes, count, duration, rows, signed};
pub(crate) use query::{notices, query};
pub(crate) use run::{dash, outcome_word, result, run};
pub(crate) use span::{span, span_tree};
pub(crate) use table::{Align, Table};

/// One JSON document.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| ErrorReport::new(ErrorKind::Internal, format!("the reply is no JSON: {error}")))?;
    line(&text);
    Ok(())
}

/// One line of result. A closed pipe (`| head`) ends the program quietly, as it does other tools; a result that
/// cannot be written (a full disk) is a failure.
pub(crate) fn line(text: &str) {
    use std::io::Write as _;
    let Err(error) = writeln!(std::io::stdout(), "{text}") else { return };
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        std::process::exit(0);
    }
    note(&format!("error: the result cannot be written: {error}"));
    std::process::exit(1);
}

/// One line of prose. Nobody to read it is no error.
pub(crate) fn note(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Words of the server must not move the cursor or colour the terminal.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' && c != '\t' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_server_keep_their_lines_and_lose_their_escapes() {
        assert_eq!(tame("a\x1b[2J\nb\u{9b}"), "a\u{fffd}[2J\nb\u{fffd}");
    }
}
