//! What the server's catalog says about tables, and their rows a page at a time.
//!
//! One file and one `.sql` an object. Letters of the catalog that we don't know (a constraint kind of a newer
//! server) pass through as they are, so every kind here is text and not an enum.

mod budget;
mod cell;
mod column;
mod constraint;
pub mod drift;
mod evaluation;
pub mod fingerprint;
mod index;
mod name;
mod rows;
mod table;

pub(crate) use budget::{took_too_long, within};
pub use cell::{Cell, CellQuery, CellValue, cell};
pub use column::ColumnInfo;
pub use constraint::{ConstraintInfo, ForeignKey};
pub use evaluation::{
    EVALUATION_TABLES, EvaluationSchema, EvaluationTable, evaluation_schema, explain_missing,
};
pub use index::{IndexInfo, IndexKey};
pub use name::TableName;
pub use rows::{ColumnFilter, FilterOp, RowColumn, RowsPage, RowsQuery, SortBy, rows};
pub use table::{TableDetail, TableSummary, count_exact, table, tables};
