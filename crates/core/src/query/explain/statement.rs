//! Which statement is explained: the one at the cursor, without an `explain` that it begins with.

use crate::query::offset::{byte_at, units_before};
use crate::sql::lex::{self, Token, TokenKind};
use crate::sql::split::{self, SplitError};
use crate::{Error, ErrorKind, Result};

/// A statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) sql: String,
    /// The byte of the text that it starts at.
    pub(super) start: usize,
    /// From 1.
    pub(super) line: usize,
}

/// What PostgreSQL has a plan for, by the first word.
const PLANNED: [&str; 9] =
    ["select", "with", "values", "table", "insert", "update", "delete", "merge", "declare"];

/// Chooses the statement at a UTF-16 unit of a text; between two, the one before.
///
/// # Errors
/// `InvalidArguments` where there is none, where the text cannot be cut, and where PostgreSQL has no plan for it.
pub(super) fn choose(text: &str, offset: u32) -> Result<Chosen> {
    let statements = split::split(text).map_err(|error| unclear(&error))?;
    let byte = byte_at(text, offset);
    let found = statements.iter().rev().find(|statement| statement.start <= byte).or(statements.first());
    let Some(found) = found else {
        return Err(Error::new(ErrorKind::InvalidArguments, "there is no statement to explain here")
            .hint("Write one, and put the cursor into it where there are several."));
    };
    let tokens = words(&found.text)?;
    let skipped = tokens.get(explained(&found.text, &tokens)..).unwrap_or_default();
    let Some(first) = skipped.first() else {
        return Err(Error::new(ErrorKind::InvalidArguments, "explain has no statement after it")
            .hint("Write the statement without explain: it is added here."));
    };
    plannable(&found.text, skipped)?;
    let sql = found.text[first.start..].to_owned();
    let start = found.start + first.start;
    Ok(Chosen { line: split_line(text, start), sql, start })
}

impl Chosen {
    /// Where it stands, in UTF-16 units.
    pub(super) fn span(&self, text: &str) -> (u32, u32) {
        (units_before(text, self.start), units_before(text, self.start + self.sql.len()))
    }
}

fn split_line(text: &str, byte: usize) -> usize {
    text[..byte].matches('\n').count() + 1
}

fn unclear(error: &SplitError) -> Error {
    let SplitError { problem, line, column } = error;
    Error::new(ErrorKind::InvalidArguments, format!("line {line}, column {column}: {problem}"))
        .hint("Nothing was sent to the server.")
}

fn words(sql: &str) -> Result<Vec<Token>> {
    let tokens = lex::tokens(sql)
        .map_err(|open| Error::new(ErrorKind::InvalidArguments, format!("a {} never ends", open.what)))?;
    Ok(tokens.into_iter().filter(|token| token.kind != TokenKind::Comment).collect())
}

/// How many tokens an `explain` with its options takes; ours stand for them.
fn explained(sql: &str, tokens: &[Token]) -> usize {
    let is = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.is_word(sql, word));
    if !is(0, "explain") {
        return 0;
    }
    if tokens.get(1).is_some_and(|token| token.kind == TokenKind::Open) && !begins_query(sql, tokens.get(2)) {
        let closing = tokens.iter().position(|token| token.kind == TokenKind::Close);
        return closing.map_or(tokens.len(), |at| at + 1);
    }
    let mut at = 1;
    while ["analyze", "analyse", "verbose"].iter().any(|option| is(at, option)) {
        at += 1;
    }
    at
}

/// `explain (select 1)` has no options.
fn begins_query(sql: &str, token: Option<&Token>) -> bool {
    token.is_some_and(|token| {
        token.kind == TokenKind::Open
            || ["select", "with", "values", "table"].iter().any(|word| token.is_word(sql, word))
    })
}

fn plannable(sql: &str, tokens: &[Token]) -> Result<()> {
    let first = tokens.iter().find(|token| token.kind != TokenKind::Open);
    let word = first.map(|token| token.text(sql).to_ascii_lowercase()).unwrap_or_default();
    let makes_table = word == "create" && tokens.iter().any(|token| token.is_word(sql, "as"));
    if PLANNED.contains(&word.as_str()) || makes_table {
        return Ok(());
    }
    let hint = match word.as_str() {
        "execute" => {
            "Explain the statement that was prepared: a prepared statement is known to its own session only."
        }
        "call" | "do" => "Explain the statements in it one by one: PostgreSQL plans each when it is reached.",
        "create" | "alter" | "drop" => "What it locks and rewrites is shown by `evaldesk migrate lint`.",
        _ => "Explain one of these; a word that is none of them may be mistyped.",
    };
    let message = format!(
        "PostgreSQL has no plan for {}: it plans SELECT, VALUES, INSERT, UPDATE, DELETE, MERGE and CREATE TABLE ... AS",
        word.to_uppercase()
    );
    Err(Error::new(ErrorKind::InvalidArguments, message).hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, offset: u32, expected: &str) {
        assert_eq!(choose(text, offset).unwrap().sql, expected);
    }

    #[test]
    fn the_statement_at_the_cursor_is_explained() {
        check("select 1; select 2", 3, "select 1");
        check("select 1; select 2", 10, "select 2");
        check("select '😀'; select 2;\n\n", 99, "select 2");
        check("-- first\nselect 1", 0, "select 1");
    }

    #[test]
    fn an_explain_that_is_there_is_taken_off() {
        check("explain (analyze, buffers) select 1", 0, "select 1");
        check("EXPLAIN ANALYZE verbose /* x */ select 1", 0, "select 1");
        check("explain (select 1)", 0, "(select 1)");
        let chosen = choose("explain\n select 1", 0).unwrap();
        assert_eq!((chosen.start, chosen.line), (9, 2));
    }

    #[test]
    fn what_has_no_plan_is_refused_by_its_name() {
        for (text, named) in
            [("vacuum t", "VACUUM"), ("execute q", "EXECUTE"), ("create table t (a int)", "CREATE")]
        {
            let error = choose(text, 0).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArguments);
            assert!(error.message().contains(named), "{}", error.message());
        }
        assert!(choose(" -- nothing", 0).is_err());
        assert!(choose("explain analyze", 0).is_err());
        check("create table t as select 1", 0, "create table t as select 1");
        check("(select 1) union (select 2)", 0, "(select 1) union (select 2)");
    }

    #[test]
    fn a_quote_that_never_ends_says_where() {
        let error = choose("select 1;\nselect 'a", 0).unwrap_err();
        assert!(error.message().starts_with("line 2, column 8"), "{}", error.message());
    }
}
