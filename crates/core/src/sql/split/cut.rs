//! Where statements end, by the words alone.

use super::{SplitError, refuse};
use crate::sql::lex::{Token, TokenKind, Tokens};

/// The bytes of one statement, without its semicolon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Cuts a source at the semicolons that stand in no body.
pub(super) fn pieces(source: &str) -> Result<Vec<Piece>, SplitError> {
    let mut found = Vec::new();
    let mut current = Reading::default();
    for token in Tokens::of(source) {
        let token = token.map_err(|open| SplitError::unterminated(source, open))?;
        if token.kind == TokenKind::Comment {
            continue;
        }
        refuse::psql(source, &token)?;
        if token.kind == TokenKind::Semicolon && current.closed() {
            // Before the next token is read: what follows may be rows, and no SQL.
            current.check(source)?;
            found.extend(current.piece());
            current = Reading::default();
        } else {
            current.take(source, token);
        }
    }
    current.check(source)?;
    found.extend(current.piece());
    Ok(found)
}

/// A statement while it is read.
#[derive(Default)]
struct Reading {
    start: Option<usize>,
    end: usize,
    parentheses: usize,
    /// Open `begin atomic` and `case` inside one.
    blocks: usize,
    /// It makes a function or a procedure: only there can a block open.
    routine: bool,
    words: usize,
    previous: String,
    copy: refuse::Copy,
}

impl Reading {
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
            _ => self.previous.clear(),
        }
    }

    fn word(&mut self, word: String) {
        self.words += 1;
        // "create or replace function" is the longest way to get there.
        self.routine |= self.words <= 4 && matches!(word.as_str(), "function" | "procedure");
        if self.parentheses == 0 {
            self.copy.word(self.words, &word);
        }
        match (word.as_str(), self.blocks) {
            ("atomic", _) if self.routine && self.previous == "begin" => self.blocks += 1,
            ("case", 1..) => self.blocks += 1,
            ("end", 1..) => self.blocks -= 1,
            _ => {}
        }
        self.previous = word;
    }

    fn check(&self, source: &str) -> Result<(), SplitError> {
        match self.start {
            Some(start) => self.copy.check(source, start),
            None => Ok(()),
        }
    }

    fn piece(&self) -> Option<Piece> {
        Some(Piece { start: self.start?, end: self.end })
    }
}
