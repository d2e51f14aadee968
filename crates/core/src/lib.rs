//! The PostgreSQL domain of Evaldesk.
//!
//! Arrows point downward only: base (error, ident, sql, clock, audit, job, connection, server) <
//! catalog < query < { migrate, eval, health, maintenance, demo }. Nothing here knows Tauri, clap or plotters, and
//! nothing reads the environment, the home directory or the wall clock: the host passes them in.

pub mod audit;
pub mod catalog;
pub mod clock;
pub mod connection;
pub mod demo;
pub mod error;
pub mod eval;
pub mod health;
pub mod ident;
pub mod job;
pub mod maintenance;
pub mod migrate;
mod private_file;
pub mod query;
pub mod server;
pub mod sql;
pub mod user_file;

pub use error::{Error, ErrorKind, Result};
pub use ident::{Ident, QualifiedName, RowId};
