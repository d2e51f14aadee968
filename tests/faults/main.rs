//! What goes wrong on a user's machine: killed programs, taken ports, full disks, locked keyrings.

#![allow(clippy::unwrap_used)]

mod local_server;
mod migrate;
mod query_disk;
mod query_drafts;
