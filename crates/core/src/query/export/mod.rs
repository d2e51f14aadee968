//! Exporting a whole result: from its store where that is complete, else by asking the server again.
//!
//! Rows come as the server's own text and are written while they come, so memory does not grow with them. The file is
//! written aside (`.partial`), flushed and renamed, with a manifest beside it that says what it is.

mod column;
mod delimited;
mod disk;
mod insert;
mod json;
mod manifest;
mod parquet;
mod partial;
mod request;
mod row;
mod run;
mod server;
mod target;
#[cfg(test)]
mod tests;
mod work;
mod writer;

pub use manifest::{ExportColumn, ExportManifest, ExportedConnection};
pub use request::{ExportPlace, QueryExport, QueryExportFormat, QueryExportRequest};
pub use run::{export_query, export_result, stream_query, stream_result};
pub use server::is_plain_query;
