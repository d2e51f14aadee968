//! Printing. The only place of this crate that writes to stdout.

mod number;
mod table;

use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};
use serde::Serialize;

pub(crate) use number::{bytes, count, duration, signed};
pub(crate) use table::{Align, Table};

/// One JSON document.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<()> {
    let text = serde_json::to_string_pretty(value)
        .map_err(|error| ErrorReport::new(ErrorKind::Internal, format!("the reply is no JSON: {error}")))?;
    line(&text);
    Ok(())
}

/// One line of result. A closed pipe (`| head`) ends the program quietly, as it does other tools.
pub(crate) fn line(text: &str) {
    use std::io::Write as _;
    if writeln!(std::io::stdout(), "{text}").is_err() {
        std::process::exit(0);
    }
}

/// One line of prose.
#[expect(clippy::print_stderr, reason = "prose goes to stderr")]
pub(crate) fn note(text: &str) {
    eprintln!("{text}");
}
