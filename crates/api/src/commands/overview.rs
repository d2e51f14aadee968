//! The overview of a database: its size and health, and what happened last.

use evaldesk_core::eval::{self, RunQuery, RunRow};
use evaldesk_core::health::{self, Overview};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectionArguments;
use crate::{ErrorReport, Result, Session};

/// How many runs the overview shows.
const RECENT: u32 = 10;

/// What the first screen of a connection shows.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OverviewReply {
    pub overview: Overview,
    /// The newest runs.
    pub recent: Vec<RunRow>,
    /// Why there are no runs to show, when they could not be read (tables missing, say).
    pub recent_problem: Option<ErrorReport>,
}

/// Reads the overview. Runs that cannot be read leave the rest standing.
pub async fn overview_show(session: &Session, arguments: ConnectionArguments) -> Result<OverviewReply> {
    let database = arguments.open(session).await?;
    let now = session.clock().now();
    let newest = RunQuery { limit: Some(RECENT), without_total: true, ..RunQuery::default() };
    let (overview, recent) =
        tokio::join!(health::overview(&database, now), eval::runs(&database, &newest, now));
    let (recent, recent_problem) = match recent {
        Ok(page) => (page.runs, None),
        Err(error) => (Vec::new(), Some(ErrorReport::from(error))),
    };
    Ok(OverviewReply { overview: overview?, recent, recent_problem })
}
