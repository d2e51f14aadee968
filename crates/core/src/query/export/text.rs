//! TSV with the escapes of COPY's text format: a tab in a cell is `\t`, NULL is `\N`.

use super::copy_text::escape;
use super::row::Row;
use super::target::Target;
use super::writer::{Columns, Writer};
use crate::Result;

/// Writes TSV with a header.
pub(super) struct Text {
    columns: Columns,
}

impl Text {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns }
    }
}

impl Writer for Text {
    fn begin(&mut self, target: &mut Target) -> Result<()> {
        line(self.columns.names.iter().map(|name| Some(name.as_bytes())), target.buffer());
        target.flush_if_full()
    }

    fn row(&mut self, row: &Row, target: &mut Target) -> Result<()> {
        line(row.iter(), target.buffer());
        target.flush_if_full()
    }

    fn end(&mut self, _: &mut Target) -> Result<()> {
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        vec!["the text format of COPY with a header: \\N is NULL, \\t a tab, \\n a line feed, \\\\ a backslash".to_owned()]
    }

    fn written_as(&self) -> Vec<String> {
        vec!["text".to_owned(); self.columns.names.len()]
    }

    fn takes_copy_text(&self) -> bool {
        true
    }
}

fn line<'a>(cells: impl Iterator<Item = Option<&'a [u8]>>, out: &mut Vec<u8>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(b'\t');
        }
        match cell {
            None => out.extend_from_slice(b"\\N"),
            Some(cell) => escape(cell, out),
        }
    }
    out.push(b'\n');
}
