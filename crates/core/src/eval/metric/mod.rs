//! Tokens, latency and judge score of results, whichever dialect wrote them.
//!
//! `measure.sql` tries the paths of the three dialects in order: A (what the code writes, nested), C (METRICS.md,
//! flat), B (the schema's comment). "No data" stays NULL and is never 0. A latency of 0, the placeholder
//! `{"total_ms": 1000}` and a judge that answered 0.5 to everything were not measured: they are left out of means
//! and counted.

mod aggregate;
mod verdict;

pub use aggregate::Measures;
pub(super) use aggregate::{AGGREGATE, AggregateRow, MEASURE};
pub use verdict::Verdict;
