//! How a database is: size, connections, what it holds, and what needs attention.
//!
//! A check answers ok, attention, failed or skipped with why. It never answers a false ok: what this role may not
//! see is skipped.

mod check;
mod index_size;
mod overview;
mod size;

pub use check::{Attention, AttentionAction, Check, CheckState, ObjectName, Severity};
pub use index_size::{IndexSize, index_sizes};
pub use overview::{Activity, Overview, overview};
pub use size::{Count, EvaluationCounts, OtherTables, TableSize};
