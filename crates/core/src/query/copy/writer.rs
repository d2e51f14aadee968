//! Rows written as text, in each of the formats.

use super::{MOST_BYTES, QueryCopyFormat, too_much};
use crate::query::state::{ColumnKind, QueryColumn};
use crate::sql::SafeSql;
use crate::{Ident, Result};

/// The text so far.
pub(super) struct Writer<'a> {
    format: QueryCopyFormat,
    columns: &'a [QueryColumn],
    chosen: &'a [usize],
    text: String,
    rows: u64,
}

impl<'a> Writer<'a> {
    pub(super) fn new(format: QueryCopyFormat, columns: &'a [QueryColumn], chosen: &'a [usize]) -> Self {
        Self { format, columns, chosen, text: String::new(), rows: 0 }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        let columns = self.columns;
        self.chosen.iter().map(move |at| columns[*at].name.as_str())
    }

    pub(super) fn head(&mut self) {
        let head = match self.format {
            QueryCopyFormat::Tsv => line(self.names().map(tsv), "\t"),
            QueryCopyFormat::Csv => line(self.names().map(csv), ","),
            QueryCopyFormat::Markdown => {
                let rule = vec!["---"; self.chosen.len()].join(" | ");
                format!("| {} |\n| {rule} |\n", self.names().map(markdown).collect::<Vec<_>>().join(" | "))
            }
            QueryCopyFormat::Json => "[".to_owned(),
            QueryCopyFormat::Insert => String::new(),
        };
        self.text.push_str(&head);
    }

    pub(super) fn row(&mut self, cells: &[Option<String>]) -> Result<()> {
        let values = || self.chosen.iter().map(|at| cells[*at].as_deref());
        let written = match self.format {
            QueryCopyFormat::Tsv => {
                line(values().map(|cell| cell.map_or_else(|| "\\N".to_owned(), tsv)), "\t")
            }
            QueryCopyFormat::Csv => line(values().map(|cell| cell.map_or_else(String::new, csv)), ","),
            QueryCopyFormat::Markdown => {
                let cells = values().map(|cell| cell.map_or_else(|| "NULL".to_owned(), markdown));
                format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
            }
            QueryCopyFormat::Json => self.json(cells)?,
            QueryCopyFormat::Insert => self.insert(cells),
        };
        self.text.push_str(&written);
        self.rows += 1;
        if self.text.len() > MOST_BYTES { Err(too_much()) } else { Ok(()) }
    }

    pub(super) fn end(mut self) -> String {
        if self.format == QueryCopyFormat::Json {
            self.text.push_str(if self.rows == 0 { "]\n" } else { "\n]\n" });
        }
        self.text
    }

    /// An object for each row; of two columns with one name both stand there, as in the result.
    fn json(&self, cells: &[Option<String>]) -> Result<String> {
        let mut fields = Vec::new();
        for at in self.chosen {
            let column = &self.columns[*at];
            let name = serde_json::to_string(&column.name)?;
            fields.push(format!("{name}: {}", json_value(column.kind, cells[*at].as_deref())?));
        }
        let comma = if self.rows == 0 { "" } else { "," };
        Ok(format!("{comma}\n  {{{}}}", fields.join(", ")))
    }

    /// Into the table that all columns come from, else into one that is called result.
    fn insert(&self, cells: &[Option<String>]) -> String {
        let mut sql = SafeSql::new("insert into ");
        let tables: Vec<_> = self.chosen.iter().map(|at| self.columns[*at].table.as_ref()).collect();
        sql = match tables
            .first()
            .copied()
            .flatten()
            .filter(|first| tables.iter().all(|table| *table == Some(*first)))
        {
            Some(table) => sql.name(&table.qualified()),
            None => sql.push("result"),
        };
        for (place, at) in self.chosen.iter().enumerate() {
            let column = &self.columns[*at];
            let name = column.column.as_ref().unwrap_or(&column.name);
            sql = sql.push(if place == 0 { " (" } else { ", " }).ident(&Ident::new(name));
        }
        for (place, at) in self.chosen.iter().enumerate() {
            sql = sql.push(if place == 0 { ") values (" } else { ", " });
            sql = match cells[*at].as_deref() {
                Some(value) => sql.literal(value),
                None => sql.push("null"),
            };
        }
        format!("{sql});\n")
    }
}

fn line(cells: impl Iterator<Item = String>, between: &str) -> String {
    let mut text = cells.collect::<Vec<_>>().join(between);
    text.push('\n');
    text
}

/// As COPY writes text: <https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.2>.
fn tsv(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// RFC 4180; an empty text is quoted, so that NULL stays apart.
fn csv(text: &str) -> String {
    if text.is_empty() || text.contains([',', '"', '\n', '\r']) || text == "\\." {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

fn markdown(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    text.replace("\r\n", "<br>").replace(['\n', '\r'], "<br>")
}

/// Numbers keep every digit: they are written as the server wrote them, what JSON has no number for as text.
fn json_value(kind: ColumnKind, cell: Option<&str>) -> Result<String> {
    let Some(text) = cell else { return Ok("null".to_owned()) };
    let raw = match kind {
        ColumnKind::Number | ColumnKind::Json => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
        ColumnKind::Boolean => return Ok(if text == "t" { "true" } else { "false" }.to_owned()),
        _ => false,
    };
    if raw { Ok(text.to_owned()) } else { Ok(serde_json::to_string(text)?) }
}
