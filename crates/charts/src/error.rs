//! What can go wrong with a drawing: only a backend that cannot write.

use std::fmt;

/// A chart that could not be drawn.
#[derive(Debug)]
pub struct ChartError(String);

/// The result of drawing.
pub type Result<T> = std::result::Result<T, ChartError>;

impl ChartError {
    pub(crate) fn new(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ChartError {}
