//! A condition as the server spells it, taken apart: `((t.data ->> 'k'::text) = 'v'::text) AND (t.a > 3)`.
//!
//! The server puts parentheses around every operator, so that places outside of them are where the parts meet.

use crate::sql::lex::{Token, TokenKind, tokens};

/// One comparison of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Comparison {
    pub(super) left: String,
    pub(super) operator: String,
    pub(super) right: String,
}

/// The comparisons that all have to hold; what is none (OR, IS NULL) is left out.
pub(super) fn comparisons(condition: &str) -> Vec<Comparison> {
    let bare = unwrapped(condition);
    let words = words(bare);
    if words.contains(&"OR") {
        return Vec::new();
    }
    let parts = words.split(|word| *word == "AND");
    if words.contains(&"AND") {
        return parts.flat_map(|part| comparisons(&part.join(" "))).collect();
    }
    comparison(&words).into_iter().collect()
}

fn comparison(words: &[&str]) -> Option<Comparison> {
    let symbols = |word: &&str| word.chars().all(|letter| "=<>@?~!|&#-".contains(letter));
    let at = words.iter().position(symbols)?;
    let (left, right) = (words.get(..at)?, words.get(at + 1..)?);
    let whole = |words: &[&str]| unwrapped(&words.join(" ")).to_owned();
    (!left.is_empty() && !right.is_empty()).then(|| Comparison {
        left: whole(left),
        operator: words[at].to_owned(),
        right: whole(right),
    })
}

/// Without the parentheses around all of it.
pub(super) fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if !is_balanced(inner) {
            break;
        }
        text = inner.trim();
    }
    text
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    let Ok(tokens) = tokens(text) else { return false };
    for token in tokens {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Pieces between spaces that stand in no parentheses and no quotes.
fn words(text: &str) -> Vec<&str> {
    let Ok(tokens) = tokens(text) else { return Vec::new() };
    let (mut found, mut depth, mut start, mut end) = (Vec::new(), 0_i32, 0, 0);
    for (at, token) in tokens.iter().enumerate() {
        if at > 0 && depth == 0 && token.start > end {
            found.push(&text[start..end]);
            start = token.start;
        }
        if at == 0 {
            start = token.start;
        }
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        end = token.end;
    }
    if end > start {
        found.push(&text[start..end]);
    }
    found
}

/// An expression without the alias before its columns.
pub(super) fn without_alias(expression: &str, alias: Option<&str>) -> String {
    let (Some(alias), Ok(tokens)) = (alias, tokens(expression)) else { return expression.to_owned() };
    let (mut text, mut copied) = (String::new(), 0);
    for (at, token) in tokens.iter().enumerate() {
        let dot = tokens.get(at + 1).filter(|next| next.text(expression) == "." && next.start == token.end);
        if let Some(dot) = dot.filter(|_| name_of(expression, token).as_deref() == Some(alias)) {
            text.push_str(&expression[copied..token.start]);
            copied = dot.end;
        }
    }
    text.push_str(&expression[copied..]);
    text
}

/// A bare column, without its alias.
pub(super) fn column(expression: &str, alias: Option<&str>) -> Option<String> {
    let bare = without_alias(expression, alias);
    let tokens = tokens(&bare).ok()?;
    match tokens.as_slice() {
        [only] => name_of(&bare, only),
        _ => None,
    }
}

/// The name that a token spells; a constant is none.
fn name_of(text: &str, token: &Token) -> Option<String> {
    let spelled = token.text(text);
    match token.kind {
        TokenKind::QuotedName => Some(spelled.trim_matches('"').replace("\"\"", "\"")),
        TokenKind::Word if !spelled.starts_with(|letter: char| letter.is_ascii_digit()) => {
            Some(spelled.to_owned())
        }
        _ => None,
    }
}

/// The columns that are compared with something, each once.
pub(super) fn columns(condition: &str, alias: Option<&str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for comparison in comparisons(condition) {
        if let Some(column) = column(&comparison.left, alias).filter(|column| !found.contains(column)) {
            found.push(column);
        }
    }
    found
}

/// What is compared with something and is no bare column.
pub(super) fn expressions(condition: &str) -> Vec<String> {
    let lefts = comparisons(condition).into_iter().map(|comparison| comparison.left);
    lefts.filter(|left| has_expression(left)).map(|left| without_any_alias(&left)).collect()
}

/// Statistics are of one table: whatever stands before a dot is its alias.
fn without_any_alias(expression: &str) -> String {
    let Ok(tokens) = tokens(expression) else { return expression.to_owned() };
    let alias = tokens.windows(2).find(|pair| pair[1].text(expression) == ".");
    without_alias(expression, alias.and_then(|pair| name_of(expression, &pair[0])).as_deref())
}

/// Whether it computes something of a column before it compares.
pub(super) fn has_expression(condition: &str) -> bool {
    condition.contains("->") || condition.contains("#>") || call(condition).is_some()
}

/// The first call of a function on something, as it stands: `lower(t.name)`.
pub(super) fn call(condition: &str) -> Option<String> {
    let tokens = tokens(condition).ok()?;
    let called = tokens.windows(2).position(|pair| {
        let [name, open] = pair else { return false };
        open.kind == TokenKind::Open && open.start == name.end && is_function(condition, name)
    })?;
    let mut depth = 0;
    for token in &tokens[called + 1..] {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(condition[tokens[called].start..token.end].to_owned());
        }
    }
    None
}

/// `ANY (` is none, and a type's `(` is none: `character varying(20)`.
fn is_function(condition: &str, token: &Token) -> bool {
    let before = condition[..token.start].trim_end();
    let is_type = before.ends_with("::") || before.ends_with("character") || before.ends_with("bit");
    let spelled = token.text(condition);
    token.kind == TokenKind::Word && !is_type && spelled.chars().any(|letter| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(condition: &str, expected: &[(&str, &str, &str)]) {
        let found = comparisons(condition);
        let found: Vec<_> =
            found.iter().map(|one| (one.left.as_str(), one.operator.as_str(), one.right.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_condition_is_taken_apart_where_its_parts_meet() {
        check("(t.a = 1)", &[("t.a", "=", "1")]);
        check(
            "(((r.data ->> 'k'::text) = 'v AND (w'::text) AND (r.b > '2026-01-01 00:00:00'::timestamp without time zone))",
            &[
                ("r.data ->> 'k'::text", "=", "'v AND (w'::text"),
                ("r.b", ">", "'2026-01-01 00:00:00'::timestamp without time zone"),
            ],
        );
        check("(t.a = ANY ('{1,2}'::integer[]))", &[("t.a", "=", "ANY ('{1,2}'::integer[])")]);
        check("((t.a = 1) OR (t.b = 2))", &[]);
        check("(t.a IS NULL)", &[]);
        check("(r.data @> '{\"k\": true}'::jsonb)", &[("r.data", "@>", "'{\"k\": true}'::jsonb")]);
    }

    #[test]
    fn a_column_is_known_without_its_alias() {
        assert_eq!(column("r.created_at", Some("r")).as_deref(), Some("created_at"));
        assert_eq!(column("\"R\".\"Odd\"\"Name\"", Some("R")).as_deref(), Some("Odd\"Name"));
        assert_eq!(column("lower(r.a)", Some("r")), None);
        assert_eq!(column("'r.a'::text", Some("r")), None);
        assert_eq!(columns("((r.a = 1) AND (r.b = 2) AND (r.a > 0))", Some("r")), ["a", "b"]);
    }

    #[test]
    fn an_expression_is_told_from_a_column_and_a_type() {
        assert_eq!(call("(lower((t.name)::text) = 'x'::text)").as_deref(), Some("lower((t.name)::text)"));
        assert_eq!(call("(t.a = ANY ('{1}'::integer[]))"), None);
        assert_eq!(call("(t.a = 'x'::character varying(20))"), None);
        assert_eq!(expressions("((t.data ->> 'k'::text) = 'v'::text)"), ["data ->> 'k'::text"]);
        assert!(!has_expression("((t.a = 1) AND (t.b < 'f(x)'::text))"));
    }
}
