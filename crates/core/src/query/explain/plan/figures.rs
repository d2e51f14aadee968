//! What single kinds of nodes say of themselves: sorts, hashes, caches, bitmaps; triggers and compiling.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How something was sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainSort {
    /// "quicksort", "top-N heapsort", "external merge".
    pub method: String,
    /// Of all processes.
    pub bytes: u64,
    /// The largest of one process: `work_mem` is for each.
    pub most_bytes: u64,
    pub on_disk: bool,
}

/// A hash table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainHash {
    pub buckets: u64,
    /// Above 1 it went through temporary files.
    pub batches: u64,
    /// As planned.
    pub planned_batches: u64,
    /// At its peak.
    pub bytes: u64,
    /// Written aside by an aggregate.
    pub disk_bytes: u64,
}

/// A cache of the inner side's results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainMemoize {
    pub hits: u64,
    pub misses: u64,
    pub evictions: u64,
    pub overflows: u64,
    pub bytes: u64,
}

/// How a table was reached through an index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainHeap {
    /// Rows that an index-only scan had to look up in the table all the same.
    pub fetches: u64,
    pub exact_blocks: u64,
    /// Pages of which the bitmap had no room to remember rows.
    pub lossy_blocks: u64,
    pub removed_by_recheck: u64,
}

/// A trigger that fired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainTrigger {
    pub name: String,
    /// The foreign key or other constraint that it stands for.
    pub constraint: Option<String>,
    pub relation: Option<String>,
    pub calls: u64,
    pub total_ms: Option<f64>,
}

/// What compiling expressions took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ExplainJit {
    pub functions: u64,
    pub total_ms: Option<f64>,
}
