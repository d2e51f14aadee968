//! The rules of the house that a test can hold, read from the sources themselves.

#![allow(clippy::unwrap_used)]

mod architecture;
mod bindings;
mod core_modules;
mod core_purity;
mod crates;
mod migrations;
mod permissions;
mod sources;
mod sql_commands;
mod test_files;
mod ui_imports;
