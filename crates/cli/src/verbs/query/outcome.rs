//! How a run ended: what failed where, what was not run, and what a transaction that was left open means.

use evaldesk_api::ErrorReport;
use evaldesk_api::Result;
use evaldesk_api::core::ErrorKind;
use evaldesk_api::core::error::ErrorPlace;
use evaldesk_api::core::query::history::without_secrets;
use evaldesk_api::core::query::{QueryState, QueryStatement, StatementOutcome, TransactionState};

use crate::print;

/// What the run of a text came to.
///
/// # Errors
/// Why a statement failed, with its place in the text; `Cancelled`; `Precondition` where a transaction was left open.
pub(super) fn outcome(state: &QueryState, text: &str) -> Result<()> {
    let left_open = state.transaction != TransactionState::None;
    let Some(mut error) = failure(state) else {
        return if left_open { Err(rolled_back()) } else { Ok(()) };
    };
    error.place = place(state, text, &error).map(Box::new);
    if left_open {
        print::note("The transaction that was open has been rolled back: nothing of it is kept.");
    }
    Err(error)
}

fn failure(state: &QueryState) -> Option<ErrorReport> {
    let of_statements = state.statements.iter().find_map(|statement| statement.error.clone());
    if let Some(mut error) = of_statements.or_else(|| state.error.clone()) {
        // What ran was understood: how it failed is no matter of usage any more. What the server says keeps its kind.
        if error.code == ErrorKind::InvalidArguments && error.sqlstate.is_none() {
            error.code = ErrorKind::Server;
        }
        return Some(error);
    }
    let cancelled = state.statements.iter().any(|statement| statement.outcome == StatementOutcome::Cancelled);
    cancelled.then(|| ErrorReport::new(ErrorKind::Cancelled, "the run was cancelled"))
}

fn rolled_back() -> ErrorReport {
    let message =
        "the transaction was still open at the end of the text, and was rolled back: nothing of it is kept";
    ErrorReport::new(ErrorKind::Precondition, message).hint(
        "One command is one session: end the text with commit where its changes shall stay, with rollback where not.",
    )
}

/// The statement that did not come to its end. What failed before anything was sent has no place.
fn place(state: &QueryState, text: &str, error: &ErrorReport) -> Option<ErrorPlace> {
    let ended = |statement: &&QueryStatement| statement.outcome != StatementOutcome::Done;
    let found = state.statements.iter().find(ended)?;
    let nothing_sent = found.index == 0 && found.outcome == StatementOutcome::Skipped;
    if nothing_sent || (state.statement_count < 2 && error.position.is_none()) {
        return None;
    }
    let place = ErrorPlace {
        statement: found.index + 1,
        statements: state.statement_count,
        not_run: state.statement_count.saturating_sub(found.index + 1),
        line: found.line,
        ..ErrorPlace::default()
    };
    let Some(position) = error.position else { return Some(place) };
    let place = place.at(text, position);
    // A line of a log must not hold what was typed as a secret.
    Some(if without_secrets(text) == text { place } else { place.without_excerpt() })
}
