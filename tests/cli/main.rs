//! The command line as a terminal has it: the built program, in a home of its own.

#![allow(clippy::unwrap_used)]

mod call;
mod connection;
mod help;
mod keyring;
mod local;
mod migrate;
mod run;
