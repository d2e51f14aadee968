//! The text format of COPY: a line a row, tabs between cells, `\N` for NULL, and its escapes
//! (<https://www.postgresql.org/docs/current/sql-copy.html>). A backslash, a tab and a line end stand in no cell as
//! themselves.

use memchr::{memchr, memchr2};

use super::store::push_cell;

/// Where a cell is in its bytes; `None` is NULL.
type Span = Option<(usize, usize)>;

/// What a line holds for NULL.
pub(super) const NULL: &[u8] = b"\\N";

/// Appends the cells of one line to rows as a store keeps them; false where there are not so many, and what was appended
/// is for the caller to take back.
pub(super) fn append(line: &[u8], columns: usize, rows: &mut Vec<u8>) -> bool {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    rows.reserve(line.len() + 4 * columns);
    let (mut rest, mut cells) = (Some(line), 0);
    while let Some(bytes) = rest {
        rest = append_cell(bytes, rows);
        cells += 1;
    }
    cells == columns
}

/// Appends the first cell; says what follows the tab behind it.
fn append_cell<'a>(line: &'a [u8], rows: &mut Vec<u8>) -> Option<&'a [u8]> {
    match memchr2(b'\t', b'\\', line) {
        None => {
            push_cell(Some(line), rows);
            None
        }
        Some(end) if line[end] == b'\t' => {
            push_cell(Some(&line[..end]), rows);
            Some(&line[end + 1..])
        }
        Some(escape) => append_escaped(line, escape, rows),
    }
}

/// The same for a cell whose first escape is known.
fn append_escaped<'a>(line: &'a [u8], escape: usize, rows: &mut Vec<u8>) -> Option<&'a [u8]> {
    if escape == 0 && line.starts_with(NULL) {
        push_cell(None, rows);
        return line.get(NULL.len() + 1..);
    }
    let begun = rows.len();
    push_cell(Some(&line[..escape]), rows);
    let mut rest = &line[escape..];
    let after = loop {
        match rest {
            [b'\\', letter, behind @ ..] => {
                rows.push(meant(*letter));
                let plain = memchr2(b'\t', b'\\', behind).unwrap_or(behind.len());
                rows.extend_from_slice(&behind[..plain]);
                rest = &behind[plain..];
            }
            [b'\t', behind @ ..] => break Some(behind),
            _ => break None,
        }
    };
    let length = i32::try_from(rows.len() - begun - 4).unwrap_or(i32::MAX);
    rows[begun..begun + 4].copy_from_slice(&length.to_le_bytes());
    after
}

/// Finds the cells of the line that begins at a place; the escapes in it are undone where they stand. Returns where
/// the next line begins.
pub(super) fn read(lines: &mut [u8], from: usize, cells: &mut Vec<Span>) -> usize {
    cells.clear();
    let end = memchr(b'\n', &lines[from..]).map_or(lines.len(), |long| from + long);
    let (mut begun, mut at, mut escaped) = (from, from, false);
    while let Some(found) = memchr2(b'\t', b'\\', &lines[at..end]) {
        let place = at + found;
        if lines[place] == b'\\' {
            (at, escaped) = (end.min(place + 2), true);
        } else {
            cells.push(cell(lines, begun, place, escaped));
            (begun, at, escaped) = (place + 1, place + 1, false);
        }
    }
    cells.push(cell(lines, begun, end, escaped));
    lines.len().min(end + 1)
}

fn cell(lines: &mut [u8], from: usize, to: usize, escaped: bool) -> Span {
    if !escaped {
        return Some((from, to));
    }
    let cell = &mut lines[from..to];
    if cell == NULL { None } else { Some((from, from + unescape(cell))) }
}

/// Undoes escapes in place; says how long the cell is then.
fn unescape(cell: &mut [u8]) -> usize {
    let (mut read, mut written) = (0, 0);
    while let Some(byte) = cell.get(read).copied() {
        let escaped = if byte == b'\\' { cell.get(read + 1).copied() } else { None };
        cell[written] = escaped.map_or(byte, meant);
        read += if escaped.is_some() { 2 } else { 1 };
        written += 1;
    }
    written
}

/// The byte that a letter behind a backslash stands for.
fn meant(letter: u8) -> u8 {
    match letter {
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        other => other,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A line as both readers see it: each cell, `None` for NULL.
    fn check(line: &str, expected: &[Option<&str>]) {
        let (mut rows, mut stored) = (Vec::new(), Vec::new());
        assert!(append(line.as_bytes(), expected.len(), &mut rows), "{line:?}");
        expected.iter().for_each(|cell| push_cell(cell.map(str::as_bytes), &mut stored));
        assert_eq!(rows, stored, "{line:?}");
        let (mut lines, mut cells) = (line.as_bytes().to_vec(), Vec::new());
        assert_eq!(read(&mut lines, 0, &mut cells), line.len());
        let found: Vec<_> = cells.iter().map(|cell| cell.map(|(from, to)| &lines[from..to])).collect();
        assert_eq!(
            found,
            expected.iter().map(|cell| cell.map(str::as_bytes)).collect::<Vec<_>>(),
            "{line:?}"
        );
    }

    #[test]
    fn a_line_is_its_cells_with_their_escapes_undone() {
        check("\n", &[Some("")]);
        check("a\t\tb\n", &[Some("a"), Some(""), Some("b")]);
        check("\\N\t\\N\n", &[None, None]);
        check("\\\\N\ta\\\\N\t\\N\n", &[Some("\\N"), Some("a\\N"), None]);
        check("\\t\\n\\r\\\\\ta\\b\\f\\vb\tc\n", &[Some("\t\n\r\\"), Some("a\u{8}\u{c}\u{b}b"), Some("c")]);
        check("\\\\\\\\\t\\\\\n", &[Some("\\\\"), Some("\\")]);
        check("größe\\t😀\t\n", &[Some("größe\t😀"), Some("")]);
    }

    #[test]
    fn a_line_of_other_columns_is_none_of_these_rows() {
        for (line, columns) in [("a\tb\n", 1), ("a\tb\n", 3), ("\\N\n", 2), ("a\\tb\tc\n", 1)] {
            assert!(!append(line.as_bytes(), columns, &mut Vec::new()), "{line:?}");
        }
    }
}
