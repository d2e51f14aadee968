//! How the program ends: an `error:` line, a `hint:` line, and a code by the kind of failure.

use std::process::ExitCode;

use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};

/// Prints the error of a verb, if any, and gives the code to end with.
pub(crate) fn code(outcome: Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(report) => {
            let detail =
                report.detail.as_deref().map(|detail| format!("\ndetail: {detail}")).unwrap_or_default();
            let sqlstate =
                report.sqlstate.as_deref().map(|state| format!(" (SQLSTATE {state})")).unwrap_or_default();
            fail(&format!("{}{sqlstate}{detail}", report.message), report.hint.as_deref(), number(&report))
        }
    }
}

/// Prints an error with its hint.
#[expect(clippy::print_stderr, reason = "errors go to stderr")]
pub(crate) fn fail(message: &str, hint: Option<&str>, code: u8) -> ExitCode {
    eprintln!("error: {message}");
    if let Some(hint) = hint {
        eprintln!("hint: {hint}");
    }
    ExitCode::from(code)
}

fn number(report: &ErrorReport) -> u8 {
    match report.code {
        ErrorKind::InvalidArguments => 2,
        ErrorKind::ConnectionRefused
        | ErrorKind::UnknownHost
        | ErrorKind::Timeout
        | ErrorKind::AuthenticationFailed
        | ErrorKind::Tls
        | ErrorKind::DatabaseMissing
        | ErrorKind::ServerTooOld
        | ErrorKind::SecretUnavailable => 3,
        ErrorKind::Refused | ErrorKind::LockTimeout => 4,
        _ => 1,
    }
}
