//! The one real parser of SQL, and where in a text its findings are.
//!
//! It reads PostgreSQL's grammar and goes on after an error, so that a text is understood while it is typed. It is not
//! the server's own parser: what it calls an error a server may still take, and `split` does not rest on it alone.

mod lines;
mod stack;

pub(crate) use lines::Lines;
pub(crate) use stack::with_room;

use squawk_syntax::ast::{self, AstNode as _};
use squawk_syntax::{Parse, SourceFile};

/// A syntax tree with its errors.
pub(crate) type Parsed = Parse<SourceFile>;

/// What the parser does not understand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxProblem {
    pub message: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The byte it is at.
    pub start: usize,
}

/// Parses a text. There is always a tree. Only inside of `with_room`.
pub(crate) fn parse(sql: &str) -> Parsed {
    SourceFile::parse(sql)
}

/// The statements of a tree, without the empty ones between two semicolons.
pub(crate) fn statements(parsed: &Parsed) -> impl Iterator<Item = ast::Stmt> {
    let stmts: Vec<_> = parsed.syntax_node().children().filter_map(ast::Stmt::cast).collect();
    stmts.into_iter().filter(|statement| !matches!(statement, ast::Stmt::EmptyStmt(_)))
}

/// The errors of a text, first things first. A text that goes too deep is one itself.
pub fn problems(sql: &str) -> Vec<SyntaxProblem> {
    with_room(sql, || of(&parse(sql), sql)).unwrap_or_else(|| vec![too_deep()])
}

/// A text that nobody parses.
pub(crate) fn too_deep() -> SyntaxProblem {
    let message = "it is nested or chained too deep to be looked into".to_owned();
    SyntaxProblem { message, line: 1, column: 1, start: 0 }
}

pub(crate) fn of(parsed: &Parsed, sql: &str) -> Vec<SyntaxProblem> {
    let lines = Lines::of(sql);
    let errors = parsed.errors().into_iter();
    errors.map(|error| at(&lines, usize::from(error.range().start()), error.message())).collect()
}

fn at(lines: &Lines<'_>, start: usize, message: &str) -> SyntaxProblem {
    let (line, column) = lines.position(start);
    SyntaxProblem { message: message.to_owned(), line, column, start }
}

/// The line and the column, both from 1, of a byte; the column in characters.
pub fn position(sql: &str, byte: usize) -> (usize, usize) {
    Lines::of(sql).position(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_line_and_a_column() {
        let found = problems("select 1;\nselect 'größe' frm;\n\ncreate tabel t ();");
        assert_eq!(found.first().map(|problem| problem.line), Some(4), "{found:?}");
        assert!(problems("select 1; select 2").is_empty());
    }

    #[test]
    fn a_column_counts_characters() {
        assert_eq!(position("größe x", "größe ".len()), (1, 7));
        assert_eq!(position("a\nb", 2), (2, 1));
    }
}
