//! Whether two texts are the same to the server's scanner: the same words, strings, comments and operators in the same
//! order, whatever the white space.

use crate::sql::lex::{Token, TokenKind, tokens};

/// What an operator is made of (<https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-OPERATORS>).
const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";
/// With one of these in it, an operator may end in + or -.
const ODD: &str = "~!@#%^&|`?";

/// Whether two texts differ in white space alone.
pub(super) fn same(one: &str, other: &str) -> bool {
    match (pieces(one), pieces(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

/// What the scanner makes of a text; nothing where it does not end.
fn pieces(sql: &str) -> Option<Vec<String>> {
    let tokens = tokens(sql).ok()?;
    let (mut pieces, mut at) = (Vec::with_capacity(tokens.len()), 0);
    while at < tokens.len() {
        let end = end_of_glued(sql, &tokens, at);
        match tokens[at].kind {
            TokenKind::Comment => pieces.push(comment(tokens[at].text(sql))),
            _ => pieces.extend(cut(&sql[tokens[at].start..tokens[end - 1].end])),
        }
        at = end;
    }
    Some(pieces)
}

/// The tokens from here on that are one to the server only as long as nothing is between them: the letters of an
/// operator, a cast, a number with its fraction, a parameter, a prefix with its string.
fn end_of_glued(sql: &str, tokens: &[Token], at: usize) -> usize {
    let mut end = at + 1;
    while end < tokens.len()
        && tokens[end - 1].end == tokens[end].start
        && glues(sql, &tokens[end - 1], &tokens[end])
    {
        end += 1;
    }
    end
}

fn glues(sql: &str, before: &Token, after: &Token) -> bool {
    let (left, right) = (before.text(sql), after.text(sql));
    match (before.kind, after.kind) {
        (TokenKind::Symbol, TokenKind::Symbol) => {
            operator(left) && operator(right) || left == ":" && ":=".contains(right)
        }
        (TokenKind::Word, TokenKind::Text) => left.len() == 1,
        (TokenKind::Word, TokenKind::Symbol) => {
            number(left) && right == "." || left.eq_ignore_ascii_case("u") && right == "&"
        }
        (TokenKind::Symbol, TokenKind::Word) => number(right) && ".$".contains(left) || left == ":",
        (TokenKind::Symbol, TokenKind::Text | TokenKind::QuotedName) => left == "&" || left == ":",
        _ => false,
    }
}

fn operator(symbol: &str) -> bool {
    OPERATOR.contains(symbol)
}

fn number(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_digit())
}

/// Cuts a run of operator letters where the server does: before `-- ` there is a comment already, and a plain operator
/// does not end in + or -.
fn cut(glued: &str) -> Vec<String> {
    if glued.len() < 2
        || !glued.chars().all(|letter| OPERATOR.contains(letter))
        || glued.contains(|letter| ODD.contains(letter))
    {
        return vec![glued.to_owned()];
    }
    let stem = glued.trim_end_matches(['+', '-']);
    let keep = stem.len().max(1);
    let signs = glued[keep..].chars().map(String::from);
    std::iter::once(glued[..keep].to_owned()).chain(signs).collect()
}

/// A comment without the white space at the ends of its lines.
fn comment(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join("\n")
}
