//! What can go wrong while drawing.

/// A chart that could not be drawn.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChartError {
    /// The picture is too small for a single row, or absurdly large.
    #[error("a chart of {width} by {height} cannot be drawn: it takes {least} to {most} pixels a side")]
    Size { width: u32, height: u32, least: u32, most: u32 },
    /// plotters refused.
    #[error("the chart could not be drawn: {0}")]
    Draw(String),
    /// The picture could not be encoded.
    #[error("the picture could not be encoded: {0}")]
    Encode(#[from] ::png::EncodingError),
}
