//! A line a row, with the names of the columns first: CSV and TSV, each as a server reads it back.

use super::row::Row;
use super::target::Target;
use super::writer::{Columns, CopyAs, Writer};
use crate::Result;
use crate::query::copy_text;

/// What sets one such format apart from another.
pub(super) struct Dialect {
    separator: u8,
    line_end: &'static [u8],
    null: &'static [u8],
    /// Writes a cell that is not NULL; and whether it is alone in its line.
    cell: fn(&[u8], bool, &mut Vec<u8>),
    /// The server can write it by itself.
    copied: CopyAs,
    note: &'static str,
}

/// CSV by RFC 4180: lines end in CR LF, and quotes are doubled. NULL is nothing at all and an empty text is `""`, as
/// COPY has it, so that a server reads back what was there.
pub(super) static CSV: Dialect = Dialect {
    separator: b',',
    line_end: b"\r\n",
    null: b"",
    cell: csv_cell,
    copied: CopyAs::Csv,
    note: "RFC 4180: lines end in CR LF; NULL is empty without quotes, an empty text is \"\"",
};

/// TSV with the escapes of COPY's text format: a tab in a cell is `\t`, NULL is `\N`.
pub(super) static TSV: Dialect = Dialect {
    separator: b'\t',
    line_end: b"\n",
    null: b"\\N",
    cell: |cell, _, out| copy_text::escape(cell, out),
    copied: CopyAs::Text,
    note: "the text format of COPY with a header: \\N is NULL, \\t a tab, \\n a line feed, \\\\ a backslash",
};

/// Writes lines.
pub(super) struct Delimited {
    dialect: &'static Dialect,
    columns: Columns,
}

impl Delimited {
    pub(super) fn new(dialect: &'static Dialect, columns: Columns) -> Self {
        Self { dialect, columns }
    }

    fn line<'a>(&self, cells: impl Iterator<Item = Option<&'a [u8]>>, out: &mut Vec<u8>) {
        let alone = self.columns.names.len() == 1;
        for (n, cell) in cells.enumerate() {
            if n > 0 {
                out.push(self.dialect.separator);
            }
            match cell {
                None => out.extend_from_slice(self.dialect.null),
                Some(cell) => (self.dialect.cell)(cell, alone, out),
            }
        }
        out.extend_from_slice(self.dialect.line_end);
    }
}

impl Writer for Delimited {
    fn begin(&mut self, target: &mut Target) -> Result<()> {
        self.line(self.columns.names.iter().map(|name| Some(name.as_bytes())), target.buffer());
        target.flush_if_full()
    }

    fn row(&mut self, row: Row<'_>, target: &mut Target) -> Result<()> {
        self.line(row.iter(), target.buffer());
        target.flush_if_full()
    }

    fn end(&mut self, _: &mut Target) -> Result<()> {
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        vec![self.dialect.note.to_owned()]
    }

    fn written_as(&self) -> Vec<String> {
        vec!["text".to_owned(); self.columns.names.len()]
    }

    fn copied(&self) -> Option<CopyAs> {
        Some(self.dialect.copied)
    }
}

/// As the server does it (`CopyAttributeOutCSV`), so that a stored result gives the same file as the server.
fn csv_cell(cell: &[u8], alone: bool, out: &mut Vec<u8>) {
    // The last, alone in a line, would end the data where a server reads it from a file.
    let quoted =
        cell.is_empty() || cell.iter().any(|byte| SPECIAL[usize::from(*byte)]) || (alone && cell == b"\\.");
    if !quoted {
        out.extend_from_slice(cell);
        return;
    }
    out.reserve(cell.len() + 2);
    out.push(b'"');
    let mut rest = cell;
    while let Some(at) = rest.iter().position(|byte| *byte == b'"') {
        out.extend_from_slice(&rest[..=at]);
        out.push(b'"');
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Bytes that a cell must be quoted for.
static SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'"' as usize] = true;
    special[b',' as usize] = true;
    special[b'\r' as usize] = true;
    special[b'\n' as usize] = true;
    special
};
