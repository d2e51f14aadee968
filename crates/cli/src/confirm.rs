//! Asking before something happens.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};

use crate::arguments::Common;

/// Asks a yes-or-no question on the terminal; `--yes` answers it.
///
/// # Errors
/// `Refused` without a terminal and without `--yes`, and when the answer is no.
#[expect(clippy::print_stderr, reason = "questions go to stderr, so that stdout stays the result")]
pub(crate) fn ask(common: &Common, question: &str) -> Result<()> {
    if common.yes {
        return Ok(());
    }
    if !std::io::stdin().is_terminal() {
        return Err(ErrorReport::new(ErrorKind::Refused, format!("{question} Nobody is here to answer."))
            .hint("Pass --yes to go on without being asked."));
    }
    eprint!("{question} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    let read = std::io::stdin().lock().read_line(&mut answer);
    if read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
        return Ok(());
    }
    Err(ErrorReport::new(ErrorKind::Refused, "nothing was changed"))
}
