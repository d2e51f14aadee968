//! COPY's text format: tab between columns, newline between rows, `\N` for NULL, backslash escapes.
//!
//! jsonb refuses `\u0000` and text refuses the byte 0; a COPY would fail in the middle, so this writer refuses first.

use std::fmt::Write as _;
use std::io;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{Error, Result};

/// Rows of one table, ready to be sent.
#[derive(Debug, Default)]
pub(super) struct CopyText {
    bytes: Vec<u8>,
    rows: u64,
    in_row: bool,
    scratch: Vec<u8>,
}

impl CopyText {
    /// Rows written.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Bytes written.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// What to send.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// A number.
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.begin();
        let mut text = String::with_capacity(20);
        // Writing to a String cannot fail.
        let _ = write!(text, "{number}");
        self.bytes.extend_from_slice(text.as_bytes());
        self
    }

    /// Text, escaped.
    pub(super) fn text(&mut self, text: &str) -> Result<&mut Self> {
        self.begin();
        if text.as_bytes().contains(&0) {
            return Err(Error::internal(
                "demo data holds the character U+0000, which PostgreSQL's text refuses",
            ));
        }
        escape(&mut self.bytes, text.as_bytes());
        Ok(self)
    }

    /// Text or NULL.
    pub(super) fn optional(&mut self, text: Option<&str>) -> Result<&mut Self> {
        match text {
            Some(text) => self.text(text),
            None => Ok(self.null()),
        }
    }

    /// A moment, as Rails stores it: UTC, no zone, microseconds.
    pub(super) fn moment(&mut self, at: DateTime<Utc>) -> &mut Self {
        self.begin();
        self.bytes.extend_from_slice(at.format("%Y-%m-%d %H:%M:%S%.6f").to_string().as_bytes());
        self
    }

    /// A moment or NULL.
    pub(super) fn optional_moment(&mut self, at: Option<DateTime<Utc>>) -> &mut Self {
        match at {
            Some(at) => self.moment(at),
            None => self.null(),
        }
    }

    /// JSON, or SQL NULL, which is another thing than JSON's null.
    pub(super) fn json(&mut self, value: Option<&Value>) -> Result<&mut Self> {
        let Some(value) = value else { return Ok(self.null()) };
        self.begin();
        self.scratch.clear();
        serde_json::to_writer(&mut self.scratch as &mut dyn io::Write, value)?;
        refuse_nul(&self.scratch)?;
        escape(&mut self.bytes, &self.scratch);
        Ok(self)
    }

    /// Ends the row.
    pub(super) fn end(&mut self) {
        self.bytes.push(b'\n');
        self.rows += 1;
        self.in_row = false;
    }

    fn null(&mut self) -> &mut Self {
        self.begin();
        self.bytes.extend_from_slice(b"\\N");
        self
    }

    fn begin(&mut self) {
        if self.in_row {
            self.bytes.push(b'\t');
        }
        self.in_row = true;
    }
}

/// serde_json writes U+0000 as `\u0000`; a doubled backslash before it means the six characters themselves.
fn refuse_nul(json: &[u8]) -> Result<()> {
    let mut escaped = false;
    for (at, byte) in json.iter().enumerate() {
        if escaped && json[at..].starts_with(b"u0000") {
            return Err(Error::internal("demo data holds \\u0000, which jsonb refuses"));
        }
        escaped = !escaped && *byte == b'\\';
    }
    Ok(())
}

fn escape(into: &mut Vec<u8>, text: &[u8]) {
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        let letter = match byte {
            b'\\' => b'\\',
            b'\t' => b't',
            b'\n' => b'n',
            b'\r' => b'r',
            _ => continue,
        };
        into.extend_from_slice(&text[from..at]);
        into.extend_from_slice(&[b'\\', letter]);
        from = at + 1;
    }
    into.extend_from_slice(&text[from..]);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(fill: impl FnOnce(&mut CopyText)) -> String {
        let mut copy = CopyText::default();
        fill(&mut copy);
        copy.end();
        String::from_utf8(copy.into_bytes()).unwrap()
    }

    #[test]
    fn whatever_copy_reads_as_structure_is_escaped() {
        let row = written(|copy| {
            copy.number(-7).text("a\tb\\N\nc\r").unwrap().optional(None).unwrap();
        });
        assert_eq!(row, "-7\ta\\tb\\\\N\\nc\\r\t\\N\n");
    }

    #[test]
    fn an_escape_inside_json_survives_copy() {
        let row = written(|copy| {
            copy.json(Some(&json!({"t": "line\nnext \"x\" \\"}))).unwrap().json(Some(&Value::Null)).unwrap();
        });
        assert_eq!(row, "{\"t\":\"line\\\\nnext \\\\\"x\\\\\" \\\\\\\\\"}\tnull\n");
    }

    #[test]
    fn the_character_that_jsonb_refuses_is_refused_here() {
        let mut copy = CopyText::default();
        assert!(copy.json(Some(&json!({"t": "a\u{0}b"}))).is_err());
        assert!(copy.text("a\u{0}").is_err());
        assert!(CopyText::default().json(Some(&json!("a\\u0000"))).is_ok());
    }
}
