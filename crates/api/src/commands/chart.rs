//! Charts: a series of core's, drawn by plotters.

use evaldesk_charts::{IndexSizeBar, Size, Theme};
use evaldesk_core::ErrorKind;
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
    /// In pixels; absent is 720 by 480. What does not fit is summed into a last line.
    #[serde(default)]
    pub width: Option<u32>,
    #[serde(default)]
    pub height: Option<u32>,
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
    let bars = bars(session, &arguments).await?;
    let svg =
        evaldesk_charts::index_sizes_svg(&bars, arguments.theme, arguments.size()).map_err(undrawable)?;
    Ok(Chart { svg, description: evaldesk_charts::describe_index_sizes(&bars) })
}

/// The same as a PNG, two pixels for one, and what it shows. It does not travel: bytes have no wire form.
pub async fn chart_index_sizes_png(
    session: &Session,
    arguments: ChartArguments,
) -> Result<(Vec<u8>, String)> {
    let bars = bars(session, &arguments).await?;
    let png =
        evaldesk_charts::index_sizes_png(&bars, arguments.theme, arguments.size()).map_err(undrawable)?;
    Ok((png, evaldesk_charts::describe_index_sizes(&bars)))
}

async fn bars(session: &Session, arguments: &ChartArguments) -> Result<Vec<IndexSizeBar>> {
    let database = session.database(&arguments.connection).await?;
    Ok(health::index_sizes(&database).await?.iter().map(bar).collect())
}

impl ChartArguments {
    fn size(&self) -> Size {
        Size { width: self.width.unwrap_or(720), height: self.height.unwrap_or(480) }
    }
}

fn bar(size: &IndexSize) -> IndexSizeBar {
    IndexSizeBar {
        table: size.table.clone(),
        index: size.index.clone(),
        method: size.method.clone(),
        bytes: size.bytes.unsigned_abs(),
        scans: size.scans.map(i64::unsigned_abs),
        valid: size.valid,
    }
}

fn undrawable(error: evaldesk_charts::ChartError) -> ErrorReport {
    ErrorReport::new(ErrorKind::InvalidArguments, format!("the chart cannot be drawn: {error}"))
        .hint("Ask for a wider or higher picture.")
}
