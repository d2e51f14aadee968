//! What is true against a real PostgreSQL, one module a feature, each test on a fresh database.

#![allow(clippy::unwrap_used)]

mod catalog;
mod catalog_fingerprint;
mod demo;
mod eval;
mod harness;
mod health;
mod maintenance;
mod migrate;
mod rails;
