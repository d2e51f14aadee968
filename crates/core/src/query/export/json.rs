//! JSON: an array of objects, or an object a line. Numbers keep every digit that the server wrote; NaN and the
//! infinities, which JSON does not know, are texts. A json column is embedded as it is.

use std::borrow::Cow;

use super::column::Kind;
use super::row::Row;
use super::target::Target;
use super::writer::{Columns, Writer};
use crate::Result;

/// Writes JSON.
pub(super) struct Json {
    columns: Columns,
    /// Each column's name as a key, with the colon.
    keys: Vec<Vec<u8>>,
    array: bool,
    rows: u64,
}

impl Json {
    /// One array of objects.
    pub(super) fn array(columns: Columns) -> Self {
        Self::new(columns, true)
    }

    /// An object a line.
    pub(super) fn lines(columns: Columns) -> Self {
        Self::new(columns, false)
    }

    fn new(columns: Columns, array: bool) -> Self {
        let key = |name: &String| {
            let mut key = Vec::new();
            string(name.as_bytes(), &mut key);
            key.push(b':');
            key
        };
        Self { keys: columns.distinct.iter().map(key).collect(), columns, array, rows: 0 }
    }
}

impl Writer for Json {
    fn begin(&mut self, target: &mut Target) -> Result<()> {
        if self.array {
            target.buffer().push(b'[');
        }
        Ok(())
    }

    fn row(&mut self, row: Row<'_>, target: &mut Target) -> Result<()> {
        let out = target.buffer();
        if self.array {
            out.extend_from_slice(if self.rows == 0 { b"\n" } else { b",\n" });
        }
        out.push(b'{');
        for (n, (key, kind)) in self.keys.iter().zip(&self.columns.kinds).enumerate() {
            if n > 0 {
                out.push(b',');
            }
            out.extend_from_slice(key);
            value(row.get(n), *kind, out);
        }
        out.push(b'}');
        if !self.array {
            out.push(b'\n');
        }
        self.rows += 1;
        target.flush_if_full()
    }

    fn end(&mut self, target: &mut Target) -> Result<()> {
        if self.array {
            target.buffer().extend_from_slice(b"\n]\n");
        }
        Ok(())
    }

    fn notes(&self) -> Vec<String> {
        let numbers = "numbers have every digit that the server wrote: read them as decimals. NaN and the infinities are texts";
        std::iter::once(numbers.to_owned()).chain(self.columns.renamed()).collect()
    }

    fn written_as(&self) -> Vec<String> {
        let name = |kind: &Kind| match kind {
            kind if kind.is_number() => "number",
            Kind::Boolean => "boolean",
            Kind::Json => "as it is",
            _ => "string",
        };
        self.columns.kinds.iter().map(|kind| name(kind).to_owned()).collect()
    }
}

fn value(cell: Option<&[u8]>, kind: Kind, out: &mut Vec<u8>) {
    match (cell, kind) {
        (None, _) => out.extend_from_slice(b"null"),
        (Some(b"t"), Kind::Boolean) => out.extend_from_slice(b"true"),
        (Some(b"f"), Kind::Boolean) => out.extend_from_slice(b"false"),
        (Some(cell), kind) if kind.is_number() && is_number(cell) => out.extend_from_slice(cell),
        // Its own line ends are between its tokens: within its texts they would be escaped.
        (Some(cell), Kind::Json) if std::str::from_utf8(cell).is_ok() => {
            out.extend(cell.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
        }
        (Some(cell), _) => string(cell, out),
    }
}

/// Whether a text is a number of JSON, as every finite number of the server is.
pub(super) fn is_number(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    digits.first().is_some_and(u8::is_ascii_digit)
        && digits.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'))
}

/// A text in quotes.
fn string(bytes: &[u8], out: &mut Vec<u8>) {
    let text = readable(bytes);
    let mut rest = text.as_bytes();
    out.push(b'"');
    while let Some(at) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) {
        out.extend_from_slice(&rest[..at]);
        match rest[at] {
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            byte @ (b'"' | b'\\') => out.extend_from_slice(&[b'\\', byte]),
            byte => out.extend_from_slice(format!("\\u{byte:04x}").as_bytes()),
        }
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// The text, with bytes that are no UTF-8 (from a database in SQL_ASCII) as `\xHH`.
pub(super) fn readable(bytes: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02X}"));
        }
    }
    Cow::Owned(text)
}
