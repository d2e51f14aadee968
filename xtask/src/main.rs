//! Every chore of the project behind one command, so that a newcomer needs two of them and no manual.
//!
//! A chore is a list of steps (`step`): each says what it is for, looks whether it is done already, and
//! only then acts. The surprise: nothing here is asked of the reader's machine beyond Rust and Node; on
//! Debian the steps install the rest themselves, elsewhere `platform` says what to install.

// A command-line tool prints, and a host reads its environment: this crate is both.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods)]

mod apt;
mod arguments;
mod bench;
mod check;
mod client_tools;
mod display;
mod dist;
mod engines;
mod faults;
mod fingerprint;
mod fuzz;
mod guarded;
mod npm;
mod paths;
mod peers;
mod pip;
mod platform;
mod run;
mod screens;
mod setup;
mod shell;
mod step;
mod test;
mod typescript;
mod viewers;

use anyhow::{Result, bail};
use arguments::Arguments;

const HELP: &str = "cargo xtask COMMAND

  run [--release] [--keep]   set everything up, build the app and open it on a local database
                             (without a display: on a virtual one, with a picture under target/)
  test [PATTERN]             set everything up and run every test; EVALDESK_TEST_PG=15 or all picks servers
  gen                        write the TypeScript bindings from the Rust command table
  check                      formatting, clippy, svelte-check, eslint, cargo-deny
  screens [--quick]          a picture of every screen, light and dark, into target/screens/
  bench [launch]             launch time, memory and sizes of the release build, into target/bench.json
  bench frames               a million and ten million rows in the page: frames, jumps, memory, from Run to the last row
  bench query                a million rows in a tab beside psql: all rows, the first row, memory
  bench export               the same rows into files beside psql's \\copy, CSV and Parquet
  bench window               the same rows in the true window: the first painted, all browsable, memory
  bench viewers              the same rows in DbGate and pgAdmin
  bench view                 the same rows sorted, filtered and searched where they are
  bench migrate              200 small migrations beside sqlx-cli and dbmate, into target/bench-migrate.json
  faults                     break a migration at every boundary of its run, in every way, on every server
  fuzz guard [--cases N] [--seed S] [--pg 12,15,18]
                             statements at random, each that the guard calls a read run on real servers
  dist                       the .deb and the bare binaries, into target/dist/
  engines [MAJOR..|all]      fetch and check the pinned PostgreSQL engines into target/engines/";

fn main() {
    if let Err(error) = dispatch() {
        eprintln!("\nxtask: {error:#}");
        std::process::exit(1);
    }
}

fn dispatch() -> Result<()> {
    let mut arguments = Arguments::from_command_line();
    let command = arguments.next_word().unwrap_or_else(|| "help".to_owned());
    match command.as_str() {
        "run" => run::run(arguments),
        "test" => test::test(arguments),
        "gen" => typescript::generate(arguments),
        "check" => check::check(arguments),
        "screens" => screens::screens(arguments),
        "bench" => bench::bench(arguments),
        "faults" => faults::faults(arguments),
        "fuzz" => fuzz::fuzz(arguments),
        "dist" => dist::dist(arguments),
        "engines" => engines::fetch_named(arguments),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => bail!("there is no command {other:?}\n\n{HELP}"),
    }
}
