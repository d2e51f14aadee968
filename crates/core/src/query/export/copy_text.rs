//! The text format of COPY: a line a row, tabs between cells, `\N` for NULL, and its escapes
//! (<https://www.postgresql.org/docs/current/sql-copy.html>).

use std::convert::Infallible;

use super::row::Row;

/// Reads a line without its end.
pub(super) fn read(line: &[u8], row: &mut Row) {
    row.clear();
    for cell in line.split(|byte| *byte == b'\t') {
        if cell == b"\\N" {
            row.null();
        } else {
            let Ok(()) = row.cell(|bytes| {
                unescape(cell, bytes);
                Ok::<(), Infallible>(())
            });
        }
    }
}

fn unescape(cell: &[u8], into: &mut Vec<u8>) {
    let mut rest = cell;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        into.extend_from_slice(&rest[..at]);
        into.push(match rest.get(at + 1) {
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'v') => 11,
            Some(other) => *other,
            None => b'\\',
        });
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    into.extend_from_slice(rest);
}

/// Writes a cell with the escapes that a server reads back.
pub(super) fn escape(cell: &[u8], into: &mut Vec<u8>) {
    let mut rest = cell;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, 8..=13 | b'\\')) {
        into.extend_from_slice(&rest[..at]);
        into.push(b'\\');
        into.push(match rest[at] {
            8 => b'b',
            b'\t' => b't',
            b'\n' => b'n',
            11 => b'v',
            12 => b'f',
            b'\r' => b'r',
            other => other,
        });
        rest = &rest[at + 1..];
    }
    into.extend_from_slice(rest);
}
