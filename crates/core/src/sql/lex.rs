//! The lexical shape of SQL: what is a word, a quoted thing, a comment, a separator. It does not parse.
//!
//! It knows what naive splitters get wrong: dollar quotes, nested comments, E'' escapes, doubled quotes. A psql
//! meta-command is told apart, since a server answers it with a syntax error that helps nobody.

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
}

/// A quote or a comment that the source ends inside of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unterminated {
    pub what: &'static str,
    pub start: usize,
}

/// Cuts the source into tokens; white space is left out.
pub fn tokens(source: &str) -> Result<Vec<Token>, Unterminated> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        if next.is_whitespace() {
            at += next.len_utf8();
            continue;
        }
        let (kind, end) = token_at(source, at, next)?;
        found.push(Token { kind, start: at, end });
        at = end;
    }
    Ok(found)
}

fn token_at(source: &str, at: usize, first: char) -> Result<(TokenKind, usize), Unterminated> {
    let rest = &source[at..];
    let one = at + first.len_utf8();
    Ok(match first {
        '-' if rest.starts_with("--") => (TokenKind::Comment, at + rest.find('\n').unwrap_or(rest.len())),
        '/' if rest.starts_with("/*") => (TokenKind::Comment, block_comment(source, at)?),
        '\'' => (TokenKind::Text, quoted(source, at, at, '\'', false)?),
        '"' => (TokenKind::QuotedName, quoted(source, at, at, '"', false)?),
        'e' | 'E' if rest[1..].starts_with('\'') => {
            (TokenKind::Text, quoted(source, at, at + 1, '\'', true)?)
        }
        '$' => match dollar_quote(source, at)? {
            Some(end) => (TokenKind::Text, end),
            None => (TokenKind::Symbol, one),
        },
        ';' => (TokenKind::Semicolon, one),
        '(' => (TokenKind::Open, one),
        ')' => (TokenKind::Close, one),
        '\\' => (TokenKind::Backslash, one),
        c if is_word(c) => (TokenKind::Word, at + rest.find(|c| !is_word_part(c)).unwrap_or(rest.len())),
        _ => (TokenKind::Symbol, one),
    })
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_word_part(c: char) -> bool {
    // A dollar sign may stand inside an identifier, which is why a$b$c starts no dollar quote.
    is_word(c) || c == '$'
}

fn quoted(
    source: &str,
    start: usize,
    open: usize,
    quote: char,
    escapes: bool,
) -> Result<usize, Unterminated> {
    let mut chars = source[open + 1..].char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        if escapes && c == '\\' {
            chars.next();
        } else if c == quote && chars.next_if(|(_, next)| *next == quote).is_none() {
            return Ok(open + 1 + offset + 1);
        }
    }
    let what = if quote == '"' { "quoted name" } else { "string" };
    Err(Unterminated { what, start })
}

fn block_comment(source: &str, start: usize) -> Result<usize, Unterminated> {
    let mut depth = 0usize;
    let mut at = start;
    while at < source.len() {
        let rest = &source.as_bytes()[at..];
        if rest.starts_with(b"/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with(b"*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return Ok(at);
            }
        } else {
            at += 1;
        }
    }
    Err(Unterminated { what: "comment", start })
}

/// The end of a dollar quote that starts here, or `None` where it is a parameter (`$1`).
fn dollar_quote(source: &str, start: usize) -> Result<Option<usize>, Unterminated> {
    let rest = &source[start..];
    let Some(tag_end) = rest[1..].find('$').map(|at| at + 2) else { return Ok(None) };
    let tag = &rest[1..tag_end - 1];
    if !tag.chars().all(is_word) || tag.starts_with(|c: char| c.is_ascii_digit()) {
        return Ok(None);
    }
    let body = start + tag_end;
    match source[body..].find(&rest[..tag_end]) {
        Some(at) => Ok(Some(body + at + tag_end)),
        None => Err(Unterminated { what: "dollar quote", start }),
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
    fn a_dollar_quote_ends_at_its_own_tag() {
        check(
            "$f$ a; $$ b $$ $f$ $1",
            &[(TokenKind::Text, "$f$ a; $$ b $$ $f$"), (TokenKind::Symbol, "$"), (TokenKind::Word, "1")],
        );
    }

    #[test]
    fn what_never_ends_says_where_it_began() {
        assert_eq!(tokens("select 'a"), Err(Unterminated { what: "string", start: 7 }));
        assert_eq!(tokens("/* a"), Err(Unterminated { what: "comment", start: 0 }));
    }

    #[test]
    fn text_beyond_ascii_keeps_its_boundaries() {
        check(
            "größe\u{a0}'日本';",
            &[(TokenKind::Word, "größe"), (TokenKind::Text, "'日本'"), (TokenKind::Semicolon, ";")],
        );
    }
}
