//! The shape of a database, read from the catalog so that two databases can be held against each other.
//!
//! One file of SQL an object kind. What the server prints differently by version is brought to one form, so the same
//! schema has the same fingerprint on 12 and on 18. Names of indexes, constraints and extended statistics do not count:
//! Rails, the guide and PostgreSQL itself name the same thing differently. Grants and publications are outside: they say
//! who works with the schema, and differ between environments on purpose.

mod canonical;
mod ledgers;
mod model;
mod name;
mod quick;
mod read;
mod scope;

pub use ledgers::{LedgerTable, ledger_tables};
pub use model::{
    Column, Constraint, Extension, Index, PartitionOf, Policy, Routine, SchemaSnapshot, Sequence,
    SequenceFacts, Statistics, Table, Trigger, UserType, View,
};
pub use name::ObjectName;
pub use quick::quick_fingerprint;
pub use scope::SnapshotScope;
