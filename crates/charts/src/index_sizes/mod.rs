//! The sizes of indexes as horizontal bars, the largest first.
//!
//! A dashed outline is an index that nothing has read since the statistics began; colour is the access method, which
//! the legend names too. What does not fit is summed into one last line and never dropped silently.

mod draw;
mod layout;
mod words;

use plotters::prelude::{BitMapBackend, SVGBackend};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{ChartError, Size, Theme, png, svg};
use layout::Layout;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct IndexSizeBar {
    pub table: String,
    pub index: String,
    /// The access method: btree, gin, ...
    pub method: String,
    pub bytes: u64,
    /// Scans since the statistics began; None where they are not known.
    pub scans: Option<u64>,
    pub valid: bool,
}

/// Pixels of a PNG for each of the size asked for, so that text is sharp.
const PNG_SCALE: i32 = 2;

/// The chart in a sentence or two, for who does not see it.
pub fn describe_index_sizes(bars: &[IndexSizeBar]) -> String {
    words::description(bars)
}

/// Draws the chart as SVG.
///
/// # Errors
/// `Size` for a picture that no row fits in.
pub fn index_sizes_svg(bars: &[IndexSizeBar], theme: Theme, size: Size) -> Result<String, ChartError> {
    let layout = Layout::new(bars, size.check()?, 1)?;
    let mut drawn = String::new();
    draw::draw(SVGBackend::with_string(&mut drawn, (size.width, size.height)), &layout, theme)?;
    Ok(svg::finish(&drawn, words::TITLE, &words::description(bars), &layout.hints()))
}

/// Draws the chart as PNG, with two pixels for each of the size.
///
/// # Errors
/// `Size` for a picture that no row fits in.
pub fn index_sizes_png(bars: &[IndexSizeBar], theme: Theme, size: Size) -> Result<Vec<u8>, ChartError> {
    let layout = Layout::new(bars, size.check()?, PNG_SCALE)?;
    let scale = PNG_SCALE.unsigned_abs();
    let drawn = Size { width: size.width * scale, height: size.height * scale };
    let mut pixels = vec![0; drawn.width as usize * drawn.height as usize * 3];
    let canvas = BitMapBackend::with_buffer(&mut pixels, (drawn.width, drawn.height));
    draw::draw(canvas, &layout, theme)?;
    png::encode(&pixels, drawn)
}

#[cfg(test)]
mod tests;
