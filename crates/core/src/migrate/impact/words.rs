//! A statement read word by word, just far enough to know what it is about.

use crate::sql::lex::{Token, TokenKind, tokens};

/// The words ahead. Comments are left out; reading past the end gives empty words.
pub(in crate::migrate) struct Words<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
}

impl<'a> Words<'a> {
    /// Starts at the first word of a statement.
    pub(in crate::migrate) fn of(source: &'a str) -> Self {
        let mut tokens = tokens(source).unwrap_or_default();
        tokens.retain(|token| token.kind != TokenKind::Comment);
        Self { source, tokens, at: 0 }
    }

    fn peek(&self) -> Option<(TokenKind, &'a str)> {
        self.tokens.get(self.at).map(|token| (token.kind, token.text(self.source)))
    }

    /// The next word in lower case.
    pub(in crate::migrate) fn next(&mut self) -> String {
        let word = self.peek().map(|(_, text)| text.to_lowercase()).unwrap_or_default();
        self.at += 1;
        word
    }

    /// Steps over a word if it is the next one.
    pub(in crate::migrate) fn skip_if(&mut self, word: &str) -> bool {
        let is = self
            .peek()
            .is_some_and(|(kind, text)| kind == TokenKind::Word && text.eq_ignore_ascii_case(word));
        self.at += usize::from(is);
        is
    }

    /// Steps over `if not exists`.
    pub(in crate::migrate) fn skip_if_not_exists(&mut self) -> bool {
        self.skip_if("if") && self.skip_if("not") && self.skip_if("exists")
    }

    /// Steps over `if exists`.
    pub(in crate::migrate) fn skip_if_exists(&mut self) -> bool {
        self.skip_if("if") && self.skip_if("exists")
    }

    /// Steps to just after the next such word; stays where it is if there is none.
    pub(in crate::migrate) fn skip_past(&mut self, word: &str) -> bool {
        let from = self.at;
        while self.at < self.tokens.len() {
            if self.skip_if(word) {
                return true;
            }
            self.at += 1;
        }
        self.at = from;
        false
    }

    /// The next name, with its schema if it has one. Unquoted names are folded as the server folds them.
    pub(in crate::migrate) fn name(&mut self) -> String {
        let mut name = self.name_part();
        while self.peek().is_some_and(|(_, text)| text == ".") {
            self.at += 1;
            name = format!("{name}.{}", self.name_part());
        }
        name
    }

    fn name_part(&mut self) -> String {
        let part = match self.peek() {
            Some((TokenKind::QuotedName, text)) => unquoted_if_plain(text),
            Some((_, text)) => text.to_lowercase(),
            None => String::new(),
        };
        self.at += 1;
        part
    }

    /// The names of a list with commas, up to whatever else follows.
    pub(in crate::migrate) fn names_to_end(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        while self.peek().is_some_and(|(kind, _)| matches!(kind, TokenKind::Word | TokenKind::QuotedName)) {
            names.push(self.name());
            if self.peek().is_none_or(|(_, text)| text != ",") {
                break;
            }
            self.at += 1;
        }
        names
    }

    /// Whether a comma outside of parentheses follows.
    pub(in crate::migrate) fn has_comma_ahead(&self) -> bool {
        let mut depth = 0i32;
        self.tokens.iter().skip(self.at).any(|token| {
            depth += i32::from(token.kind == TokenKind::Open) - i32::from(token.kind == TokenKind::Close);
            depth == 0 && token.text(self.source) == ","
        })
    }

    /// Steps over options, in parentheses or bare, and tells whether a word was among them.
    pub(in crate::migrate) fn options_contain(&mut self, word: &str) -> bool {
        let mut found = false;
        if self.peek().is_some_and(|(kind, _)| kind == TokenKind::Open) {
            while self.peek().is_some_and(|(kind, _)| kind != TokenKind::Close) {
                found |= self.skip_if(word) || {
                    self.at += 1;
                    false
                };
            }
            self.at += 1;
        }
        // After the kind of object, for reindex; before the names, for vacuum.
        loop {
            match self.peek().map(|(_, text)| text.to_lowercase()).as_deref() {
                Some(option) if option == word => found = true,
                Some("full" | "freeze" | "verbose" | "analyze") => {}
                Some("table" | "index" | "schema" | "database" | "system") => {
                    let next = self.tokens.get(self.at + 1).map(|token| token.text(self.source));
                    return found || next.is_some_and(|next| next.eq_ignore_ascii_case(word));
                }
                _ => return found,
            }
            self.at += 1;
        }
    }
}

fn unquoted_if_plain(quoted: &str) -> String {
    let inner = quoted.trim_matches('"');
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !inner.is_empty() && inner.chars().all(plain) { inner.to_owned() } else { quoted.to_owned() }
}
