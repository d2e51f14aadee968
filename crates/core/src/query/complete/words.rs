//! A statement around the cursor as words: what is before it and what is after it, each with its depth.

use crate::sql::lex::{Token, TokenKind, Tokens};

/// A token without its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) kind: TokenKind,
    /// As it is written; a name in quotes without them.
    pub(super) text: String,
    /// As the server folds it.
    pub(super) folded: String,
    /// How many parentheses are open around it; an opening one counts to the outside.
    pub(super) depth: i32,
}

impl Word {
    fn of(source: &str, token: Token, depth: i32) -> Self {
        let text = token.text(source);
        let (text, folded) = match token.kind {
            TokenKind::QuotedName => {
                let inner = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
                let inner = inner.replace("\"\"", "\"");
                (inner.clone(), inner)
            }
            TokenKind::Word => (text.to_owned(), text.to_lowercase()),
            _ => (text.to_owned(), text.to_owned()),
        };
        Self { kind: token.kind, text, folded, depth }
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.folded == word
    }

    pub(super) fn is_one_of(&self, words: &[&str]) -> bool {
        self.kind == TokenKind::Word && words.contains(&self.folded.as_str())
    }

    pub(super) fn is_symbol(&self, symbol: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == symbol
    }

    /// Whether it can name something: a number cannot.
    pub(super) fn is_name(&self) -> bool {
        match self.kind {
            TokenKind::QuotedName => true,
            TokenKind::Word => !self.text.starts_with(|letter: char| letter.is_ascii_digit()),
            _ => false,
        }
    }
}

/// What a text ends inside of, and the byte after its opening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) what: &'static str,
    pub(super) start: usize,
}

/// The words of a text without its comments, those of its last statement alone, and what it ends inside of.
pub(super) fn before(source: &str) -> (Vec<Word>, Option<Open>) {
    let (mut words, mut depth, mut open) = (Vec::new(), 0, None);
    for token in Tokens::of(source) {
        match token {
            Err(unterminated) => open = Some(Open { what: unterminated.what, start: unterminated.start }),
            Ok(token) if token.kind == TokenKind::Comment => {}
            Ok(token) if token.kind == TokenKind::Semicolon && depth <= 0 => {
                words.clear();
                depth = 0;
            }
            Ok(token) => {
                depth -= i32::from(token.kind == TokenKind::Close);
                words.push(Word::of(source, token, depth));
                depth += i32::from(token.kind == TokenKind::Open);
            }
        }
    }
    (words, open)
}

/// The words of a text up to the end of its first statement, beginning at a depth.
pub(super) fn after(source: &str, mut depth: i32) -> Vec<Word> {
    let mut words = Vec::new();
    for token in Tokens::of(source).map_while(Result::ok) {
        match token.kind {
            TokenKind::Comment => {}
            TokenKind::Semicolon => break,
            _ => {
                depth -= i32::from(token.kind == TokenKind::Close);
                words.push(Word::of(source, token, depth));
                depth += i32::from(token.kind == TokenKind::Open);
            }
        }
    }
    words
}

/// The depth at the end of words.
pub(super) fn depth_after(words: &[Word]) -> i32 {
    words.last().map_or(0, |word| word.depth + i32::from(word.kind == TokenKind::Open))
}
