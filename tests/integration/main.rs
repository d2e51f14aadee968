//! What is true against a real PostgreSQL, one module a feature, each test on a fresh database.

#![allow(clippy::unwrap_used)]

mod demo;
mod harness;
mod maintenance;
mod migrate;
mod rails;
