//! Comparisons of a JSON value taken out as text: `data ->> 'key' = 'value'`, `data -> 'a' ->> 'b' = 'value'`.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, BinOp, Expr};

use crate::query::parameter;
use crate::sql::parse;

/// Such a comparison where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    /// Bytes of the statement.
    pub(super) start: usize,
    pub(super) end: usize,
    /// The column as it is written: `r.data`.
    pub(super) base: String,
    /// The table or alias before it.
    pub(super) qualifier: Option<String>,
    pub(super) column: String,
    /// From the outermost in.
    pub(super) keys: Vec<String>,
    pub(super) value: String,
}

/// Every such comparison of a statement.
pub(super) fn arrows(sql: &str) -> Vec<Arrow> {
    let sql = &parameter::readable(sql);
    let read = || {
        let parsed = parse::parse(sql);
        if !parsed.errors().is_empty() {
            return Vec::new();
        }
        parsed
            .syntax_node()
            .descendants()
            .filter_map(ast::BinExpr::cast)
            .filter_map(|expr| arrow(&expr))
            .collect()
    };
    parse::with_room(sql, read).unwrap_or_default()
}

fn arrow(comparison: &ast::BinExpr) -> Option<Arrow> {
    let Some(BinOp::Eq(_)) = comparison.op() else { return None };
    let (left, right) = (comparison.lhs()?, comparison.rhs()?);
    let (path, value) = match (text(&left), text(&right)) {
        (None, Some(value)) => (left, value),
        (Some(value), None) => (right, value),
        _ => return None,
    };
    let (base, keys) = extracted(&path)?;
    let (qualifier, column) = names(base.syntax())?;
    let range = comparison.syntax().text_range();
    Some(Arrow {
        start: range.start().into(),
        end: range.end().into(),
        base: base.syntax().text().to_string(),
        qualifier,
        column,
        keys,
        value,
    })
}

/// What stands inside of parentheses.
fn inner(expr: Expr) -> Option<Expr> {
    match expr {
        Expr::ParenExpr(paren) => inner(paren.syntax().children().find_map(Expr::cast)?),
        other => Some(other),
    }
}

/// `base -> 'a' ->> 'b'`: only the last arrow makes text.
fn extracted(expr: &Expr) -> Option<(Expr, Vec<String>)> {
    let (base, steps) = chain(inner(expr.clone())?);
    let (last, inside) = steps.split_last()?;
    let mut keys: Vec<String> = inside.iter().map(|step| step.key("->")).collect::<Option<_>>()?;
    keys.push(last.key("->>")?);
    Some((base, keys))
}

/// An operator and what stands after it.
struct Step {
    operator: String,
    operand: Expr,
}

impl Step {
    fn key(&self, operator: &str) -> Option<String> {
        text(&self.operand).filter(|_| self.operator == operator)
    }
}

/// What a chain of operators begins with, and its steps. They apply from the left, whatever the tree says: the parser
/// reads operators that it has no rank for from the right.
fn chain(expr: Expr) -> (Expr, Vec<Step>) {
    let (mut base, mut waiting) = (expr, Vec::new());
    while let Some((left, operator, right)) = operation(&base) {
        waiting.push((operator, right));
        base = left;
    }
    let mut steps = Vec::new();
    for (operator, right) in waiting.into_iter().rev() {
        // What stands at the right may be a chain too, which goes on.
        let (operand, more) = chain(right);
        steps.push(Step { operator, operand });
        steps.extend(more);
    }
    (base, steps)
}

fn operation(expr: &Expr) -> Option<(Expr, String, Expr)> {
    let Expr::BinExpr(step) = expr else { return None };
    let Some(BinOp::CustomOp(found)) = step.op() else { return None };
    let operator = found.syntax().text().to_string().replace(char::is_whitespace, "");
    Some((inner_left(step.lhs()?), operator, step.rhs()?))
}

/// Parentheses around what a chain begins with change nothing.
fn inner_left(expr: Expr) -> Expr {
    inner(expr.clone()).unwrap_or(expr)
}

/// A plain string; one with escapes is left alone.
fn text(expr: &Expr) -> Option<String> {
    let Expr::Literal(literal) = inner(expr.clone())? else { return None };
    let spelled = literal.syntax().text().to_string();
    let inside = spelled.strip_prefix('\'')?.strip_suffix('\'')?;
    (!inside.contains('\\') && !inside.replace("''", "").contains('\'')).then(|| inside.replace("''", "'"))
}

/// A column, and what stands before its dot.
fn names(node: &SyntaxNode) -> Option<(Option<String>, String)> {
    let spelled = node.text().to_string();
    let parts: Vec<&str> = spelled.split('.').map(str::trim).collect();
    match parts.as_slice() {
        [column] => Some((None, folded(column)?)),
        [.., qualifier, column] => Some((Some(folded(qualifier)?), folded(column)?)),
        [] => None,
    }
}

/// As the server folds a name; `None` for what is no name.
fn folded(name: &str) -> Option<String> {
    if let Some(quoted) = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Some(quoted.replace("\"\"", "\""));
    }
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '$';
    (!name.is_empty() && name.chars().all(plain)).then(|| name.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(sql: &str, expected: &[(&str, &str, &str)]) {
        let found = arrows(sql);
        let found: Vec<_> = found
            .iter()
            .map(|arrow| (&sql[arrow.start..arrow.end], arrow.column.as_str(), arrow.value.as_str()))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_comparison_is_found_where_it_stands() {
        check(
            "select * from r where r.data ->> 'k' = 'true' and r.a = 1",
            &[("r.data ->> 'k' = 'true'", "data", "true")],
        );
        check("select * from r where 'v' = (data->'a'->>'b')", &[("'v' = (data->'a'->>'b')", "data", "v")]);
        let nested = &arrows("select * from r where data->'a'->>'b' = 'it''s'")[0];
        assert_eq!(
            (nested.keys.as_slice(), nested.value.as_str()),
            (["a".into(), "b".into()].as_slice(), "it's")
        );
        assert_eq!(nested.base, "data");
    }

    #[test]
    fn parameters_are_in_nobodys_way() {
        check(
            "select id from r where data ->> 'k' = 'v' and id > :least and a = $1",
            &[("data ->> 'k' = 'v'", "data", "v")],
        );
    }

    #[test]
    fn what_only_looks_like_it_is_left_alone() {
        for sql in [
            "select * from r where data ->> 'k' <> 'v'",
            "select * from r where data ->> 0 = 'v'",
            "select * from r where data -> 'k' = 'v'",
            "select * from r where data ->> 'k' = e'v'",
            "select * from r where data ->> 'a' ->> 'b' = 'v'",
            "select * from r where f(data) ->> 'k' = 'v'",
            "select * from r where data ->> 'k' = other",
            "select 'data ->> ''k'' = ''v'''",
            "select * from",
        ] {
            check(sql, &[]);
        }
    }
}
