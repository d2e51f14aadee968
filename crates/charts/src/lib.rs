//! Charts by plotters: series in, SVG or PNG out. No PostgreSQL here, and no font of the system.

mod error;
mod font;
mod index_sizes;
mod name;
mod size;
mod theme;

pub use error::{ChartError, Result};
pub use index_sizes::{IndexSizeBar, describe_index_sizes, index_sizes_png, index_sizes_svg};
pub use theme::Theme;
