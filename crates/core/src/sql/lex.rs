//! The lexical shape of SQL: what is a word, a quoted thing, a comment, a separator. It does not parse.
//!
//! It follows the server's own scanner to the letter where naive splitters go wrong: dollar quotes, nested comments,
//! escapes in E'', a string that goes on in the next line, what counts as white space. It is the second opinion on
//! where a statement ends, and reads token by token, so that a reader may stop before what is not SQL at all.

mod scan;

use scan::Scanned;

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, a bare identifier or a number.
    Word,
    /// An identifier in double quotes.
    QuotedName,
    /// A string, plain, escaped or in dollar quotes.
    Text,
    /// A comment of either form.
    Comment,
    Semicolon,
    Open,
    Close,
    /// A backslash outside of any quote: psql speaks so, SQL does not.
    Backslash,
    /// Any other character.
    Symbol,
}

/// A piece of the source, by byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub start: usize,
    pub end: usize,
}

impl Token {
    /// The piece itself.
    pub fn text<'a>(&self, source: &'a str) -> &'a str {
        &source[self.start..self.end]
    }

    /// Whether it is this word, in any case.
    pub fn is_word(&self, source: &str, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text(source).eq_ignore_ascii_case(word)
    }
}

/// A quote or a comment that the source ends inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unterminated {
    pub what: &'static str,
    pub start: usize,
}

/// Cuts the source into tokens; white space is left out.
pub fn tokens(source: &str) -> Result<Vec<Token>, Unterminated> {
    Tokens::of(source).collect()
}

/// The tokens of a source, one after the other; after an error there is no more.
pub struct Tokens<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Starts at the first byte, or after a byte order mark.
    pub fn of(source: &'a str) -> Self {
        Self { source, at: if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 } }
    }
}

impl Iterator for Tokens<'_> {
    type Item = Result<Token, Unterminated>;

    fn next(&mut self) -> Option<Self::Item> {
        self.at += scan::white_space(&self.source[self.at..]);
        if self.at >= self.source.len() {
            return None;
        }
        match scan::token(self.source, self.at) {
            Ok(Scanned { kind, end }) => {
                let token = Token { kind, start: self.at, end };
                self.at = end;
                Some(Ok(token))
            }
            Err(open) => {
                self.at = self.source.len();
                Some(Err(open))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, expected: &[(TokenKind, &str)]) {
        let found = tokens(source).unwrap();
        let found: Vec<_> = found.iter().map(|token| (token.kind, token.text(source))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_comment_nests_and_a_string_doubles_its_quote() {
        check(
            "/* a /* b */ c */ 'it''s;'",
            &[(TokenKind::Comment, "/* a /* b */ c */"), (TokenKind::Text, "'it''s;'")],
        );
    }

    #[test]
    fn only_an_escape_string_knows_backslashes() {
        check(r"e'a\';' 'b\'", &[(TokenKind::Text, r"e'a\';'"), (TokenKind::Text, r"'b\'")]);
    }

    #[test]
    fn a_string_goes_on_in_the_next_line_with_the_escapes_that_it_began_with() {
        check(
            "e'a' -- c\n 'b\\';' ;",
            &[(TokenKind::Text, "e'a' -- c\n 'b\\';'"), (TokenKind::Semicolon, ";")],
        );
        check("e'a' 'b\\'", &[(TokenKind::Text, "e'a'"), (TokenKind::Text, "'b\\'")]);
    }

    #[test]
    fn a_dollar_quote_ends_at_its_own_tag() {
        check(
            "$f$ a; $$ b $$ $f$ $1",
            &[(TokenKind::Text, "$f$ a; $$ b $$ $f$"), (TokenKind::Symbol, "$"), (TokenKind::Word, "1")],
        );
    }

    #[test]
    fn a_comment_ends_with_its_line_whichever_way_lines_end() {
        check("-- a\rb", &[(TokenKind::Comment, "-- a"), (TokenKind::Word, "b")]);
        check("-- a\r\nb", &[(TokenKind::Comment, "-- a"), (TokenKind::Word, "b")]);
    }

    #[test]
    fn what_never_ends_says_where_it_began() {
        assert_eq!(tokens("select 'a"), Err(Unterminated { what: "string", start: 7 }));
        assert_eq!(tokens("/* a"), Err(Unterminated { what: "comment", start: 0 }));
    }

    #[test]
    fn text_beyond_ascii_is_part_of_a_word_even_where_it_looks_like_white_space() {
        check(
            "größe\u{a0}'日本';",
            &[(TokenKind::Word, "größe\u{a0}"), (TokenKind::Text, "'日本'"), (TokenKind::Semicolon, ";")],
        );
    }
}
