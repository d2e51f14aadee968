//! Strings that the library does not know to be strings (dollar quotes, escapes) stand aside while it works.

use crate::sql::lex::{TokenKind, tokens};

/// Formats a text with its dollar quotes and escape strings replaced by plain ones, and puts them back. Nothing where
/// the text does not end, or one of them did not come back.
pub(super) fn around(sql: &str, format: impl FnOnce(&str) -> String) -> Option<String> {
    let (mut shielded, mut from, mut aside) = (String::with_capacity(sql.len()), 0, Vec::new());
    for token in tokens(sql).ok()? {
        let text = token.text(sql);
        if token.kind == TokenKind::Text && !text.starts_with('\'') {
            shielded.push_str(&sql[from..token.start]);
            let standing = stand_in(sql, aside.len());
            shielded.push_str(&standing);
            aside.push((standing, text));
            from = token.end;
        }
    }
    shielded.push_str(&sql[from..]);
    let mut formatted = format(&shielded);
    for (standing, text) in aside {
        let at = formatted.find(&standing)?;
        formatted.replace_range(at..at + standing.len(), text);
    }
    Some(formatted)
}

/// A plain string that is nowhere in the text.
fn stand_in(sql: &str, n: usize) -> String {
    (0..).map(|salt| format!("'q{n}s{salt}'")).find(|text| !sql.contains(text.as_str())).unwrap_or_default()
}
