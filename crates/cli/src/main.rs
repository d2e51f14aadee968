//! `evaldesk`: the same product for terminals, scripts and CI.
//!
//! Results go to stdout, prose and progress to stderr. Exit codes: 0 done, 1 failed, 2 usage, 3 no connection,
//! 4 refused.

mod arguments;
mod confirm;
mod exit;
mod follow;
mod print;
mod seconds;
mod target;
mod verbs;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Verb};
use evaldesk_api::core::ErrorKind;
use evaldesk_api::{ErrorReport, Result};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let json = arguments.common.json;
    if let Verb::Local(verbs::local::Local::Watch { root }) = &arguments.verb {
        return exit::code(evaldesk_api::watch_local(root.clone()), json);
    }
    exit::code(run(arguments), json)
}

fn run(arguments: Arguments) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        ErrorReport::new(ErrorKind::Internal, format!("the program cannot start: {error}"))
    })?;
    let outcome = runtime.block_on(verbs::run(arguments));
    // A keyring whose prompt nobody answers holds a thread: the program does not wait for it.
    runtime.shutdown_background();
    outcome
}
