//! What writes rows in a format.

use super::column::{Kind, distinct};
use super::delimited::{CSV, Delimited, TSV};
use super::insert::Insert;
use super::json::Json;
use super::parquet::Parquet;
use super::request::QueryExportFormat;
use super::row::Row;
use super::target::Target;
use crate::Result;
use crate::query::QueryColumn;

/// Writes the rows of one export.
pub(super) trait Writer: Send {
    /// What stands before the rows.
    fn begin(&mut self, target: &mut Target) -> Result<()>;
    /// One row.
    fn row(&mut self, row: Row<'_>, target: &mut Target) -> Result<()>;
    /// What stands after the rows.
    fn end(&mut self, target: &mut Target) -> Result<()>;
    /// What a reader of the file has to know.
    fn notes(&self) -> Vec<String>;
    /// What each column is in the file.
    fn written_as(&self) -> Vec<String>;
    /// How the server writes the very same lines, where it can.
    fn copied(&self) -> Option<CopyAs> {
        None
    }
}

/// The formats of COPY that are formats of ours too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CopyAs {
    Text,
    /// With another end of line.
    Csv,
}

/// The columns as writers want them.
#[derive(Debug, Clone)]
pub(super) struct Columns {
    pub(super) names: Vec<String>,
    /// The same, each different.
    pub(super) distinct: Vec<String>,
    pub(super) kinds: Vec<Kind>,
}

impl Columns {
    pub(super) fn of(columns: &[QueryColumn]) -> Self {
        let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
        Self {
            distinct: distinct(&names),
            kinds: columns.iter().map(|column| Kind::of(&column.type_name)).collect(),
            names,
        }
    }

    /// Said where names had to be changed.
    pub(super) fn renamed(&self) -> Option<String> {
        (self.names != self.distinct).then(|| "columns of one name are numbered: a, a_2".to_owned())
    }
}

/// The writer of a format. `table` is the quoted name that inserts go into.
pub(super) fn writer(
    format: QueryExportFormat,
    columns: &[QueryColumn],
    table: String,
) -> Result<Box<dyn Writer>> {
    let columns = Columns::of(columns);
    Ok(match format {
        QueryExportFormat::Csv => Box::new(Delimited::new(&CSV, columns)),
        QueryExportFormat::Tsv => Box::new(Delimited::new(&TSV, columns)),
        QueryExportFormat::Json => Box::new(Json::array(columns)),
        QueryExportFormat::Jsonl => Box::new(Json::lines(columns)),
        QueryExportFormat::Insert => Box::new(Insert::new(columns, table)),
        QueryExportFormat::Parquet => Box::new(Parquet::new(columns)?),
    })
}
