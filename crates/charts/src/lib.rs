//! Series in, SVG or PNG out. No PostgreSQL.
//!
//! An SVG carries no style attribute and no script, so it may stand inside a page with a strict Content Security
//! Policy. Text is measured with a font that is compiled in; no system font is asked for.

mod error;
mod font;
mod format;
mod index_sizes;
mod png;
mod svg;
mod theme;

pub use error::ChartError;
pub use index_sizes::{IndexSizeBar, describe_index_sizes, index_sizes_png, index_sizes_svg};
pub use theme::{Size, Theme};
