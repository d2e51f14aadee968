//! Where a secret stands: after a word that says so.

use crate::sql::lex::{Token, TokenKind};

/// Names that are secrets, or end with one of these as a word of its own.
const SECRETS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "pgpassword",
    "secret",
    "secret_key",
    "api_key",
    "apikey",
    "access_key",
    "private_key",
    "credentials",
    "access_token",
    "auth_token",
];

/// Whether the string at a place of the tokens is a secret.
pub(super) fn is_secret(sql: &str, tokens: &[Token], n: usize) -> bool {
    let before: Vec<&Token> = tokens[..n].iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let mut at = before.len();
    // A string of Unicode escapes begins with words of its own: U&'...'.
    if let [.., word, symbol] = before[..at]
        && symbol.text(sql) == "&"
        && word.is_word(sql, "u")
    {
        at -= 2;
    }
    let name_of_text = |at: usize| before[..at].iter().rposition(|token| !leads_on(sql, token));
    let assigned = at;
    while at > 0 && assigns(sql, before[at - 1]) {
        at -= 1;
    }
    if let [.., identified, by] = before[..at]
        && by.is_word(sql, "by")
    {
        return identified.is_word(sql, "identified");
    }
    match before[..at].last() {
        Some(name) if matches!(name.kind, TokenKind::Word | TokenKind::QuotedName) => is_name(sql, name),
        _ => name_of_text(assigned).is_some_and(|place| {
            place + 1 < assigned
                && before[place].kind == TokenKind::Text
                && is_name(sql, before[place])
                && !in_a_list(sql, &before[..place])
        }),
    }
}

/// Whether the parenthesis that is open here is the list of an IN or a row of VALUES.
fn in_a_list(sql: &str, before: &[&Token]) -> bool {
    let mut depth = 0;
    for (n, token) in before.iter().enumerate().rev() {
        match token.kind {
            TokenKind::Close => depth += 1,
            TokenKind::Open if depth == 0 => {
                let word = n.checked_sub(1).map(|n| before[n]);
                return word.is_some_and(|word| word.is_word(sql, "in") || word.is_word(sql, "values"));
            }
            TokenKind::Open => depth -= 1,
            _ => {}
        }
    }
    false
}

/// `=`, `:=`, `=>` and TO: what stands between a name and what it is set to.
fn assigns(sql: &str, token: &Token) -> bool {
    matches!(token.text(sql), "=" | ":" | ">") || token.is_word(sql, "to")
}

/// As `assigns`, after a name in quotes: `set_config('app.secret', '…')`, `'password=' || '…'`.
fn leads_on(sql: &str, token: &Token) -> bool {
    assigns(sql, token) || matches!(token.text(sql), "," | "|")
}

fn is_name(sql: &str, token: &Token) -> bool {
    let nameable = matches!(token.kind, TokenKind::Word | TokenKind::QuotedName | TokenKind::Text);
    let name = token.text(sql).trim_matches(['\'', '"', '=']).to_ascii_lowercase();
    nameable && SECRETS.iter().any(|secret| ends_with_word(&name, secret))
}

fn ends_with_word(name: &str, word: &str) -> bool {
    let before = name.strip_suffix(word).map(|rest| rest.chars().next_back());
    before.is_some_and(|last| last.is_none_or(|letter| !letter.is_alphanumeric()))
}

/// Whether a text holds any of the words at all.
pub(super) fn names_a_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    SECRETS.iter().any(|secret| lower.contains(secret)) || lower.contains("identified")
}

/// By letters alone: what follows one of the words, quoted as deep as it may be, up to the same quote.
pub(super) fn by_letters(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    while let Some((start, end)) = next_secret(&lower, at) {
        out.push_str(&text[at..start]);
        out.push_str("***");
        at = end;
    }
    out.push_str(&text[at..]);
    out
}

/// The content of the next quoted secret, by bytes.
fn next_secret(lower: &str, from: usize) -> Option<(usize, usize)> {
    let words = SECRETS.iter().chain(&["identified by"]);
    let ends = words.filter_map(|word| lower[from..].find(word).map(|at| from + at + word.len()));
    let after = ends.min()?;
    let rest = &lower[after..];
    let value = rest.trim_start_matches([' ', '\t', '\n', '\r', '=', ':', '>']);
    let value = value.strip_prefix('e').unwrap_or(value);
    let quotes = value.len() - value.trim_start_matches('\'').len();
    if quotes == 0 {
        return next_secret(lower, after);
    }
    let start = lower.len() - value.len() + quotes;
    let end = lower[start..].find(&"'".repeat(quotes)).map_or(lower.len(), |at| start + at);
    Some((start, end))
}
