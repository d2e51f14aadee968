//! SQL inserts, several rows a statement. Names are quoted, values are literals that mean the same on every server.

use super::column::Kind;
use super::json::is_number;
use super::row::Row;
use super::target::Target;
use super::writer::{Columns, Writer};
use crate::query::QueryColumn;
use crate::sql::lex::{TokenKind, tokens};
use crate::{Error, ErrorKind, Ident, Result};

/// Rows of a statement, at most.
const ROWS: u64 = 500;
/// A statement is ended when it is longer than this.
const BYTES: u64 = 1024 * 1024;

/// Writes inserts into one table.
pub(super) struct Insert {
    columns: Columns,
    head: String,
    /// Rows of the statement that is open.
    rows: u64,
    /// Where it began in the file.
    begun: u64,
}

impl Insert {
    /// Into a table by its quoted name.
    pub(super) fn new(columns: Columns, table: String) -> Self {
        let names: Vec<String> = columns.distinct.iter().map(|name| Ident::new(name).to_string()).collect();
        let head = format!("insert into {table} ({}) values\n", names.join(", "));
        Self { columns, head, rows: 0, begun: 0 }
    }
}

impl Writer for Insert {
    fn begin(&mut self, _: &mut Target) -> Result<()> {
        Ok(())
    }

    fn row(&mut self, row: Row<'_>, target: &mut Target) -> Result<()> {
        if self.rows >= ROWS || (self.rows > 0 && target.bytes() - self.begun > BYTES) {
            self.end(target)?;
        }
        if self.rows == 0 {
            self.begun = target.bytes();
            target.buffer().extend_from_slice(self.head.as_bytes());
        }
        let out = target.buffer();
        out.extend_from_slice(if self.rows == 0 { b"(" } else { b",\n(" });
        for (n, kind) in self.columns.kinds.iter().enumerate() {
            if n > 0 {
                out.extend_from_slice(b", ");
            }
            literal(row.get(n), *kind, out);
        }
        out.push(b')');
        self.rows += 1;
        target.flush_if_full()
    }

    fn end(&mut self, target: &mut Target) -> Result<()> {
        if self.rows > 0 {
            target.buffer().extend_from_slice(b";\n");
        }
        self.rows = 0;
        target.flush_if_full()
    }

    fn notes(&self) -> Vec<String> {
        let many = format!("up to {ROWS} rows a statement");
        std::iter::once(many).chain(self.columns.renamed()).collect()
    }

    fn written_as(&self) -> Vec<String> {
        vec!["literal".to_owned(); self.columns.names.len()]
    }
}

/// A value as the server reads it back into a column of its type: a text without a type takes the column's.
fn literal(cell: Option<&[u8]>, kind: Kind, out: &mut Vec<u8>) {
    match (cell, kind) {
        (None, _) => out.extend_from_slice(b"null"),
        (Some(b"t"), Kind::Boolean) => out.extend_from_slice(b"true"),
        (Some(b"f"), Kind::Boolean) => out.extend_from_slice(b"false"),
        (Some(cell), kind) if kind.is_number() && is_number(cell) => out.extend_from_slice(cell),
        (Some(cell), _) => quoted(cell, out),
    }
}

/// Right whatever `standard_conforming_strings` is.
fn quoted(cell: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(if cell.contains(&b'\\') { b"E'" } else { b"'" });
    let mut rest = cell;
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'\'' | b'\\')) {
        out.extend_from_slice(&rest[..=at]);
        out.push(rest[at]);
        rest = &rest[at + 1..];
    }
    out.extend_from_slice(rest);
    out.push(b'\'');
}

/// The quoted name of the table to insert into: the one that was asked for, else the one that all columns come from.
///
/// # Errors
/// `InvalidArguments` where neither is known.
pub(super) fn table(asked: Option<&str>, columns: &[QueryColumn]) -> Result<String> {
    if let Some(asked) = asked.map(str::trim).filter(|asked| !asked.is_empty()) {
        return named(asked);
    }
    let first = columns.first().and_then(|column| column.table.clone());
    match first.filter(|table| columns.iter().all(|column| column.table.as_ref() == Some(table))) {
        Some(table) => Ok(table.qualified().to_string()),
        None => Err(Error::new(ErrorKind::InvalidArguments, "inserts need the name of a table")
            .hint("The columns do not all come from one table: name the table to insert into (on the command line --table NAME).")),
    }
}

/// A name as SQL reads it: what is not quoted is in lower case.
fn named(asked: &str) -> Result<String> {
    let wrong = || {
        Error::new(ErrorKind::InvalidArguments, format!("{asked} is no name of a table"))
            .hint("Write it as SQL does: schema.name, in double quotes where it needs them.")
    };
    let found = tokens(asked).map_err(|_| wrong())?;
    let mut parts = Vec::new();
    for (n, token) in found.iter().enumerate() {
        let text = token.text(asked);
        match (n % 2, token.kind) {
            (0, TokenKind::Word) => parts.push(Ident::new(text.to_lowercase()).to_string()),
            (0, TokenKind::QuotedName) => parts.push(text.to_owned()),
            (1, TokenKind::Symbol) if text == "." => {}
            _ => return Err(wrong()),
        }
    }
    if found.len() % 2 == 0 || parts.len() > 3 { Err(wrong()) } else { Ok(parts.join(".")) }
}
