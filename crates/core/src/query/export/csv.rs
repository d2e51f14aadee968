//! CSV by RFC 4180: lines end in CR LF, and quotes are doubled. NULL is nothing at all and an empty text is `""`, as
//! COPY has it, so that a server reads back what was there.

use super::row::Row;
use super::target::Target;
use super::writer::{Columns, Writer};
use crate::Result;

/// Writes CSV with a header.
pub(super) struct Csv {
    columns: Columns,
}

impl Csv {
    pub(super) fn new(columns: Columns) -> Self {
        Self { columns }
    }
}

impl Writer for Csv {
    fn begin(&mut self, target: &mut Target) -> Result<()> {
        let names = self.columns.names.iter().map(|name| Some(name.as_bytes()));
        line(names, target.buffer());
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
        vec!["RFC 4180: lines end in CR LF; NULL is empty without quotes, an empty text is \"\"".to_owned()]
    }

    fn written_as(&self) -> Vec<String> {
        vec!["text".to_owned(); self.columns.names.len()]
    }
}

fn line<'a>(cells: impl Iterator<Item = Option<&'a [u8]>>, out: &mut Vec<u8>) {
    for (n, cell) in cells.enumerate() {
        if n > 0 {
            out.push(b',');
        }
        if let Some(cell) = cell {
            write(cell, out);
        }
    }
    out.extend_from_slice(b"\r\n");
}

fn write(cell: &[u8], out: &mut Vec<u8>) {
    // The last would end the data where a server reads it from a file.
    let quoted = cell.is_empty() || cell.iter().any(|byte| SPECIAL[usize::from(*byte)]) || cell == b"\\.";
    if !quoted {
        out.extend_from_slice(cell);
        return;
    }
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
const SPECIAL: [bool; 256] = {
    let mut special = [false; 256];
    special[b'"' as usize] = true;
    special[b',' as usize] = true;
    special[b'\r' as usize] = true;
    special[b'\n' as usize] = true;
    special
};
