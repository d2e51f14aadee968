//! The command line as a terminal has it: the built program, in a home of its own.

#![allow(clippy::unwrap_used)]

mod call;
mod connection;
mod connection_import;
mod connection_way;
mod database;
mod guard;
mod help;
mod hints;
mod interop;
mod job;
mod json;
mod keyring;
mod local;
mod migrate;
mod password;
mod query_broken;
mod query_error;
mod query_explain;
mod query_history;
mod query_place;
mod query_rows;
mod query_script;
mod query_timeout;
mod run;
mod tls;
mod url;
