//! The rows of a table, a page at a time.
//!
//! Pages follow the primary key (keyset), so a page deep in a table costs what the first one costs. Without a
//! key there is only an offset, and rows are named by ctid, which an update or a vacuum changes.

mod cursor;
mod filter;
mod page;
mod shape;
mod statement;

pub use filter::{ColumnFilter, FilterOp};
pub use page::{RowColumn, RowsPage, RowsQuery, SortBy, rows};
pub(super) use shape::Shape;
