//! A file of SQL into its statements. Never by `;` alone: bodies of functions hold them too.
//!
//! Two forms of body have to be followed: rules list statements in parentheses, and from 14 on a function may
//! have `begin atomic ... end` without any quote around it.

use super::lex::{Token, TokenKind, Unterminated, tokens};

/// One statement of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The text from its first word to its last, without the semicolon and the comments around it.
    pub text: String,
    /// The line it starts on, from 1.
    pub line: usize,
}

/// Why a file cannot be cut into statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SplitError {
    /// What is wrong, in words.
    pub problem: String,
    /// The line it is on, from 1.
    pub line: usize,
}

/// Cuts a source into its statements; pieces that hold only comments are left out.
pub fn split(source: &str) -> Result<Vec<Statement>, SplitError> {
    let tokens = tokens(source).map_err(|open| unterminated(source, open))?;
    let mut statements = Vec::new();
    let mut current = Piece::default();
    for token in tokens.into_iter().filter(|token| token.kind != TokenKind::Comment) {
        refuse_psql(source, &token, &current)?;
        if token.kind == TokenKind::Semicolon && current.closed() {
            statements.extend(current.finish(source));
            current = Piece::default();
        } else {
            current.take(source, token);
        }
    }
    statements.extend(current.finish(source));
    Ok(statements)
}

/// A statement while it is read.
#[derive(Default)]
struct Piece {
    start: Option<usize>,
    end: usize,
    parentheses: usize,
    /// Open `begin atomic` and `case` inside one.
    blocks: usize,
    /// It makes a function or a procedure: only there can a block open.
    routine: bool,
    words: usize,
    previous: String,
}

impl Piece {
    fn closed(&self) -> bool {
        self.parentheses == 0 && self.blocks == 0
    }

    fn take(&mut self, source: &str, token: Token) {
        self.start.get_or_insert(token.start);
        self.end = token.end;
        match token.kind {
            TokenKind::Open => self.parentheses += 1,
            TokenKind::Close => self.parentheses = self.parentheses.saturating_sub(1),
            TokenKind::Word => self.word(token.text(source).to_ascii_lowercase()),
            _ => {}
        }
    }

    fn word(&mut self, word: String) {
        self.words += 1;
        // "create or replace function" is the longest way to get there.
        self.routine |= self.words <= 4 && matches!(word.as_str(), "function" | "procedure");
        match (word.as_str(), self.blocks) {
            ("atomic", _) if self.routine && self.previous == "begin" => self.blocks += 1,
            ("case", 1..) => self.blocks += 1,
            ("end", 1..) => self.blocks -= 1,
            _ => {}
        }
        self.previous = word;
    }

    fn finish(self, source: &str) -> Option<Statement> {
        let start = self.start?;
        Some(Statement { text: source[start..self.end].to_owned(), line: line_of(source, start) })
    }
}

fn refuse_psql(source: &str, token: &Token, current: &Piece) -> Result<(), SplitError> {
    if token.kind != TokenKind::Backslash || current.start.is_some() {
        return Ok(());
    }
    let command = source[token.start..].split_whitespace().next().unwrap_or("\\");
    Err(SplitError {
        problem: format!("{command} is a command of psql, not SQL"),
        line: line_of(source, token.start),
    })
}

fn unterminated(source: &str, open: Unterminated) -> SplitError {
    SplitError { problem: format!("a {} never ends", open.what), line: line_of(source, open.start) }
}

fn line_of(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count() + 1
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
        let found = split("-- head;\r\n\r\nselect 1; -- tail;\n/* ; */").unwrap();
        assert_eq!(found, [Statement { text: "select 1".into(), line: 3 }]);
    }

    #[test]
    fn what_cannot_be_cut_says_where() {
        let error = split("select 1;\n\\d runs").unwrap_err();
        assert_eq!((error.line, error.problem.as_str()), (2, "\\d is a command of psql, not SQL"));
        assert_eq!(split("select\n'a").unwrap_err().line, 2);
    }
}
