//! Blanks the secrets of a statement before it is written anywhere: `password '…'`, `identified by '…'`, options and
//! settings whose name says so, connection strings wherever they stand, and the same inside of quoted code.
//!
//! It goes by the server's own tokens; where a text does not end properly, by its letters alone, which blanks more.

mod conninfo;
mod place;

use crate::sql::lex::{Token, TokenKind, tokens};

/// What stands where a secret was.
const BLANK: &str = "'***'";
/// How deep code is looked for in strings of code.
const DEPTH: usize = 4;

/// The text with its secrets blanked; everything else stays as it is, byte for byte.
pub fn without_secrets(sql: &str) -> String {
    blanked(sql, 0)
}

/// A sentence without the passwords of connection strings in it.
pub(super) fn words_without_secrets(words: &str) -> String {
    conninfo::blanked(words)
}

fn blanked(sql: &str, depth: usize) -> String {
    let Ok(tokens) = tokens(sql) else { return place::by_letters(&conninfo::blanked(sql)) };
    let mut out = String::with_capacity(sql.len());
    let mut from = 0;
    for (n, token) in tokens.iter().enumerate() {
        out.push_str(&sql[from..token.start]);
        out.push_str(&written(sql, &tokens, n, token, depth));
        from = token.end;
    }
    out.push_str(&sql[from..]);
    out
}

fn written(sql: &str, tokens: &[Token], n: usize, token: &Token, depth: usize) -> String {
    let text = token.text(sql);
    match token.kind {
        TokenKind::Text if place::is_secret(sql, tokens, n) => BLANK.to_owned(),
        TokenKind::Text => inside(text, depth),
        TokenKind::Comment => conninfo::blanked(text),
        _ => text.to_owned(),
    }
}

/// A string's own content: code in dollar quotes or in quotes, or a connection string.
fn inside(text: &str, depth: usize) -> String {
    if depth >= DEPTH || !worth_a_look(text) {
        return text.to_owned();
    }
    let (open, body, close) = parts(text);
    let body = conninfo::blanked(body);
    // In quotes the quotes of the content are doubled, which its tokens would not survive.
    let body = if open.ends_with('$') { blanked(&body, depth + 1) } else { place::by_letters(&body) };
    [open, &body, close].concat()
}

fn worth_a_look(text: &str) -> bool {
    text.contains("://") || place::names_a_secret(text)
}

/// The quote, the body and the quote of a string of any kind.
fn parts(text: &str) -> (&str, &str, &str) {
    let open = match text.strip_prefix('$').and_then(|rest| rest.find('$')) {
        Some(tag) => tag + 2,
        None => text.find('\'').map_or(0, |quote| quote + 1),
    };
    let close = if text.starts_with('$') { open } else { 1 };
    let end = text.len().saturating_sub(close).max(open);
    (&text[..open], &text[open..end], &text[end..])
}
