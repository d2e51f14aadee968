//! Measurements beside the peers of the field, each round one after the other on the same server.
//!
//! `cargo xtask bench migrate` (or `query`, `export`) builds what is measured and says where it lies.

// It reads the environment of its host, and speaks to the person who runs it.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod export;
mod folders;
mod migrate;
mod query;
mod runner;
mod view;
mod viewers;

#[tokio::main]
async fn main() {
    let subject = std::env::args().nth(1).unwrap_or_default();
    match subject.as_str() {
        "export" => export::bench().await,
        "migrate" => migrate::bench().await,
        "query" => query::bench().await,
        "view" => view::bench().await,
        "viewers" => viewers::bench().await,
        other => panic!(
            "nothing is measured under the name {other:?}; known are export, migrate, query, view and viewers"
        ),
    }
}
