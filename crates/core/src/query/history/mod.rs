//! What was run: one line a run, by month, for its user alone. Secrets in a statement are blanked before it is written.
//!
//! The store is read newest first and looked through as bytes, so that a search over a hundred thousand runs answers
//! while somebody types. It never holds the value of a parameter or of a cell.

mod bytes;
mod entry;
mod message;
mod redact;
mod store;
#[cfg(test)]
mod tests;

pub use entry::{FinishedRun, QueryHistoryEntry, QueryHistoryError, QueryOutcome};
pub use redact::without_secrets;
pub use store::{HistoryBounds, HistoryQuery, HistoryStore};
