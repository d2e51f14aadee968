//! How many runs each filter would keep, over the whole population and not over the page.
//!
//! A facet that takes too long is not counted, and says so: a number that covers a part only would be a lie.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Result;
use crate::connection::Database;

/// The facets of the runs list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RunFacets {
    pub outcome: Facet,
    pub status: Facet,
    /// The agent of the baseline span; it reads one span a run, so it is the first to give up.
    pub agent: Facet,
    pub initiated_by: Facet,
}

/// One facet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Facet {
    /// The most frequent first, at most 50; values nobody has are not there.
    pub values: Vec<FacetValue>,
    /// Why it was not counted; None when it was.
    pub not_counted: Option<String>,
}

/// One value and how many runs have it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, sqlx::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct FacetValue {
    /// None: the runs that say nothing.
    pub value: Option<String>,
    pub count: i64,
}

/// Counts the runs by each facet, each within its own two seconds.
pub async fn run_facets(
    database: &Database,
    now: DateTime<Utc>,
    stuck_minutes: Option<u32>,
) -> Result<RunFacets> {
    count::facets(database, now, stuck_minutes).await
}

mod count;
