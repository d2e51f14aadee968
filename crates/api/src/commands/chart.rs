//! Charts: a series of core's, drawn by plotters.

use evaldesk_charts::{IndexSizeBar, Theme};
use evaldesk_core::health::{self, IndexSize};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectionArguments;
use crate::{ErrorReport, Result, Session};

/// What to draw, for which paper.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChartArguments {
    pub connection: String,
    #[serde(default)]
    pub theme: Theme,
    /// In pixels; absent is 720.
    #[serde(default)]
    pub width: Option<u32>,
    /// The largest so many; absent is 20.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A drawn chart.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    /// One `svg` element without scripts or style attributes.
    pub svg: String,
    /// What it shows, in a sentence.
    pub description: String,
}

/// Lists index sizes, largest first: the chart's figures as a table.
pub async fn index_sizes(session: &Session, arguments: ConnectionArguments) -> Result<Vec<IndexSize>> {
    Ok(health::index_sizes(&arguments.open(session).await?).await?)
}

/// Draws index sizes.
pub async fn chart_index_sizes(session: &Session, arguments: ChartArguments) -> Result<Chart> {
    let database = session.database(&arguments.connection).await?;
    let sizes = health::index_sizes(&database).await?;
    let limit = arguments.limit.unwrap_or(20) as usize;
    let bars: Vec<IndexSizeBar> = sizes.iter().take(limit).map(bar).collect();
    let drawn = evaldesk_charts::index_sizes_svg(&bars, arguments.theme, arguments.width.unwrap_or(720));
    let svg = drawn.map_err(|error| ErrorReport::new(evaldesk_core::ErrorKind::Internal, format!("the chart cannot be drawn: {error}")))?;
    Ok(Chart { svg, description: evaldesk_charts::describe_index_sizes(&bars) })
}

fn bar(size: &IndexSize) -> IndexSizeBar {
    IndexSizeBar { name: size.index.clone(), table: size.table.clone(), bytes: size.bytes, scans: size.scans }
}
