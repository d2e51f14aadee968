//! What is true against a real PostgreSQL, one module a feature, each test on a fresh database.

#![allow(clippy::unwrap_used)]

mod catalog;
mod catalog_fingerprint;
mod connection_database_yml;
mod connection_databases;
mod connection_import;
mod demo;
mod eval;
mod guard_asks;
mod guard_functions;
mod guard_reads;
mod harness;
mod health;
mod maintenance;
mod migrate;
mod migrate_adopt;
mod migrate_apply;
mod migrate_deep;
mod migrate_drift;
mod migrate_files;
mod migrate_files_rails;
mod migrate_journal;
mod migrate_ledger;
mod migrate_left;
mod migrate_lint;
mod migrate_locks;
mod migrate_partitioned;
mod migrate_plan;
mod migrate_rehearse;
mod migrate_repair;
mod migrate_resume;
mod migrate_session;
mod migrate_states;
mod migrate_wire;
mod profiles;
mod query_format;
mod query_run;
mod query_saved;
mod query_tab;
mod rails;
mod sql_split;
mod sql_statement;
