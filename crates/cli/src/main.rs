//! `evaldesk`: the same product for terminals, scripts and CI.
//!
//! Results go to stdout, prose and progress to stderr. Exit codes: 0 done, 1 failed, 2 usage, 3 no connection,
//! 4 refused.

mod arguments;
mod confirm;
mod exit;
mod follow;
mod print;
mod target;
mod verbs;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Verb};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Verb::Local(verbs::local::Local::Watch { root }) = &arguments.verb {
        return exit::code(evaldesk_api::watch_local(root.clone()));
    }
    match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => exit::code(runtime.block_on(verbs::run(arguments))),
        Err(error) => exit::fail(&format!("the program cannot start: {error}"), None, 1),
    }
}
