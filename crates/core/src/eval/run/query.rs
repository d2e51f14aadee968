//! The question for a page of runs.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::super::Outcome;

/// Which runs, in which order. `RunQuery::default()` is the newest 50.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct RunQuery {
    /// Part of the name whatever the case, or an id.
    pub search: Option<String>,
    /// Any of these; empty: all.
    pub outcomes: Vec<Outcome>,
    /// Any of these stored words; empty: all.
    pub statuses: Vec<String>,
    /// Agents of the baseline span; empty: all.
    pub agents: Vec<String>,
    /// Who started it; empty: all.
    pub initiated_by: Vec<String>,
    /// ISO 8601, inclusive.
    pub created_since: Option<String>,
    /// ISO 8601, exclusive.
    pub created_before: Option<String>,
    pub sort: RunSort,
    pub ascending: bool,
    /// `older` or `newer` of another page with the same filter and order.
    pub cursor: Option<String>,
    pub direction: Direction,
    /// 1 to 500; None is 50.
    pub limit: Option<u32>,
    /// None is 60.
    pub stuck_minutes: Option<u32>,
    /// Leave the count out, where only the rows are wanted.
    pub without_total: bool,
}

/// The order of the list. Each is served by an index of the schema.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RunSort {
    #[default]
    Created,
    Name,
    Id,
}

/// Which side of the cursor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "PageDirection")]
pub enum Direction {
    /// Further along the order.
    #[default]
    Older,
    /// Back towards its beginning.
    Newer,
}
