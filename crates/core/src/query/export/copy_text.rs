//! The text format of COPY: a line a row, tabs between cells, `\N` for NULL, and its escapes
//! (<https://www.postgresql.org/docs/current/sql-copy.html>).

use super::row::Span;

/// Finds the cells of the line that begins at a place; the escapes in it are undone where they stand. Returns where
/// the next line begins.
pub(super) fn read(lines: &mut [u8], from: usize, cells: &mut Vec<Span>) -> usize {
    cells.clear();
    let (mut begun, mut escaped) = (from, false);
    for at in from..lines.len() {
        match lines[at] {
            b'\\' => escaped = true,
            b'\t' => {
                cells.push(cell(lines, begun, at, escaped));
                (begun, escaped) = (at + 1, false);
            }
            b'\n' => {
                cells.push(cell(lines, begun, at, escaped));
                return at + 1;
            }
            _ => {}
        }
    }
    cells.push(cell(lines, begun, lines.len(), escaped));
    lines.len()
}

fn cell(lines: &mut [u8], from: usize, to: usize, escaped: bool) -> Span {
    if !escaped {
        return Some((from, to));
    }
    let cell = &mut lines[from..to];
    if cell == b"\\N" { None } else { Some((from, from + unescape(cell))) }
}

/// Undoes escapes in place; says how long the cell is then.
fn unescape(cell: &mut [u8]) -> usize {
    let (mut read, mut written) = (0, 0);
    while let Some(byte) = cell.get(read).copied() {
        let escaped = if byte == b'\\' { cell.get(read + 1).copied() } else { None };
        cell[written] = match escaped {
            None => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'v') => 11,
            Some(other) => other,
        };
        read += if escaped.is_some() { 2 } else { 1 };
        written += 1;
    }
    written
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
