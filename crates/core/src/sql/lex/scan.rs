//! One token at a time, after the rules of the server's scanner (`scan.l`).

use super::{TokenKind, Unterminated};

/// What a token is, and where it ends.
pub(super) struct Scanned {
    pub(super) kind: TokenKind,
    pub(super) end: usize,
}

/// How many bytes of white space a text begins with: six characters count, and nothing beyond ASCII.
pub(super) fn white_space(text: &str) -> usize {
    text.find(|c| !is_space(c)).unwrap_or(text.len())
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}')
}

/// Reads the token that starts at a byte.
pub(super) fn token(source: &str, at: usize) -> Result<Scanned, Unterminated> {
    let rest = &source[at..];
    let first = rest.chars().next().unwrap_or(' ');
    let one = at + first.len_utf8();
    let (kind, end) = match first {
        '-' if rest.starts_with("--") => (TokenKind::Comment, at + line_end(rest)),
        '/' if rest.starts_with("/*") => (TokenKind::Comment, block_comment(source, at)?),
        '\'' => (TokenKind::Text, string(source, at, at, false)?),
        '"' => (TokenKind::QuotedName, quoted(source, at, at, '"', false)?),
        'e' | 'E' if rest[1..].starts_with('\'') => (TokenKind::Text, string(source, at, at + 1, true)?),
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
    };
    Ok(Scanned { kind, end })
}

fn line_end(text: &str) -> usize {
    text.find(['\n', '\r']).unwrap_or(text.len())
}

fn is_word(c: char) -> bool {
    c == '_' || c.is_ascii_alphanumeric() || !c.is_ascii()
}

fn is_word_part(c: char) -> bool {
    // A dollar sign may stand inside an identifier, which is why a$b$c starts no dollar quote.
    is_word(c) || c == '$'
}

/// A string, and what continues it: after white space with a line end in it the next quote goes on, in the same mode.
fn string(source: &str, start: usize, open: usize, escapes: bool) -> Result<usize, Unterminated> {
    let mut end = quoted(source, start, open, '\'', escapes)?;
    while let Some(next) = continuation(&source[end..]) {
        end = quoted(source, start, end + next, '\'', escapes)?;
    }
    Ok(end)
}

/// The offset of a quote that continues a string: white space, a line end, then white space and line comments.
fn continuation(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut new_line = false;
    loop {
        let space = white_space(&text[at..]);
        new_line |= text[at..at + space].contains(['\n', '\r']);
        at += space;
        if text[at..].starts_with("--") {
            at += line_end(&text[at..]);
        } else {
            return (new_line && text[at..].starts_with('\'')).then_some(at);
        }
    }
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
