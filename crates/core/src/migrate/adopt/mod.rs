//! Taking over a database that other tools have migrated: what they recorded, which of our versions stand there
//! already, and writing those down.
//!
//! Adopting runs none of the migrations and touches no table of another tool: rows of our own ledger and entries of
//! our own log are all that is written. Whoever migrated before can go on.

mod apply;
mod detect;
mod judge;
mod plan;
mod statements;
mod tool;
mod trace;
mod verdict;

pub use apply::{AdoptOutcome, apply_adopt};
pub use detect::detect;
pub use plan::{AdoptPlan, plan_adopt};
pub use tool::{FoundState, FoundTool, FoundVersion, MigrationTool};
pub use verdict::{AdoptVerdict, AdoptVersion, BoundBy};
