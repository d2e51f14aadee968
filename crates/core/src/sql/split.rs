//! A file of SQL into its statements. Never by `;` alone: bodies of functions and rules hold them too.
//!
//! Two readers have to agree on where a statement ends. The words (`cut`) follow quotes, parentheses and `begin atomic
//! ... end`; the parser knows the grammar. Where the parser has an error the server may still take the statement, so
//! the words decide there, if both at least see the same quotes and comments. Otherwise it is an error, not a guess.

mod agree;
mod cut;
mod refuse;

use super::lex::Unterminated;
use super::parse::{self, position};

/// One statement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text from its first word to its last, without the semicolon and the comments around it.
    pub text: String,
    /// The line it starts on, from 1.
    pub line: usize,
    /// The bytes of the source that it is.
    pub start: usize,
    pub end: usize,
}

/// Why a file cannot be cut into statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitError {
    /// What is wrong, in words.
    pub problem: String,
    /// The line it is on, from 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// Cuts a source into its statements; pieces that hold only comments are left out.
///
/// # Errors
/// A quote or comment that never ends, a command of psql, rows of `copy ... from stdin`, and a place where the two readers
/// disagree.
pub fn split(source: &str) -> Result<Vec<Statement>, SplitError> {
    let pieces = cut::pieces(source)?;
    // Where the parser cannot follow, it has no opinion.
    parse::with_room(source, || agree::check(source, &pieces)).unwrap_or(Ok(()))?;
    let lines = parse::Lines::of(source);
    let statement = |piece: &cut::Piece| Statement {
        text: source[piece.start..piece.end].to_owned(),
        line: lines.line(piece.start),
        start: piece.start,
        end: piece.end,
    };
    Ok(pieces.iter().map(statement).collect())
}

impl SplitError {
    fn at(source: &str, byte: usize, problem: impl Into<String>) -> Self {
        let (line, column) = position(source, byte);
        Self { problem: problem.into(), line, column }
    }

    fn unterminated(source: &str, open: Unterminated) -> Self {
        Self::at(source, open.start, format!("a {} never ends", open.what))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[&str]) {
        let found = split(source).unwrap();
        let found: Vec<_> = found.iter().map(|statement| statement.text.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn semicolons_inside_bodies_do_not_split() {
        check("select ';' ; do $$ begin null; end $$;", &["select ';'", "do $$ begin null; end $$"]);
        check(
            "create rule r as on insert to t do also (select 1; select 2); select 3",
            &["create rule r as on insert to t do also (select 1; select 2)", "select 3"],
        );
    }

    #[test]
    fn an_atomic_body_ends_at_its_own_end() {
        check(
            "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3;",
            &[
                "create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end",
                "select 3",
            ],
        );
    }

    #[test]
    fn a_transaction_is_no_atomic_body() {
        check("begin; select 1; end;", &["begin", "select 1", "end"]);
    }

    #[test]
    fn comments_alone_are_no_statement_and_lines_are_counted() {
        let found = split("\u{feff}-- head;\r\n\r\nselect 1; -- tail;\n/* ; */").unwrap();
        assert_eq!(found, [Statement { text: "select 1".into(), line: 3, start: 15, end: 23 }]);
    }

    #[test]
    fn what_the_parser_does_not_know_is_split_by_its_words() {
        check("frobnicate all (';', 1); select 2", &["frobnicate all (';', 1)", "select 2"]);
    }

    #[test]
    fn what_cannot_be_cut_says_where() {
        let error = split("select 1;\n  \\d runs").unwrap_err();
        assert_eq!((error.line, error.column), (2, 3));
        assert!(error.problem.starts_with("\\d is a command of psql, not SQL"), "{error:?}");
        assert_eq!(split("select\n'a").unwrap_err().line, 2);
        assert!(split("select 1 \\gexec").unwrap_err().problem.contains("psql"));
    }

    #[test]
    fn what_is_wrong_is_said_in_words_for_a_file_and_for_an_editor() {
        for text in [
            "\\i other.sql",
            "\\c other",
            "\\copy t from 'x'",
            "\\set a 1",
            "\\d",
            "copy t from stdin",
            "select 'a",
        ] {
            let problem = split(text).unwrap_err().problem;
            assert!(!problem.contains("migration") && !problem.contains("this file"), "{text}: {problem}");
        }
    }

    #[test]
    fn rows_after_copy_from_stdin_are_not_read_as_sql() {
        let error = split("create table t (a text);\ncopy t (a) from stdin;\nit's\n\\.\n").unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.problem.contains("from stdin"), "{error:?}");
        check("copy t to stdout", &["copy t to stdout"]);
    }

    #[test]
    fn where_the_two_readings_disagree_it_says_so() {
        // The server goes on with escapes in the next line; the parser's own scanner does not.
        let error = split("select 1;\nselect e'a'\n  '\\';'; select 2").unwrap_err();
        assert_eq!(error.line, 2);
        assert!(error.problem.contains("disagree"), "{error:?}");
    }
}
