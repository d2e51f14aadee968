//! Conditions on a JSON value that is taken out of its column: `data ->> 'key' = 'value'`, `data -> 'a' ->> 'b' = $1`,
//! `in`, `is not null`, and casts to a boolean or a number.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, BinOp, Expr, LitKind, PostfixOp, PrefixOp};

use super::chain::{self, Path, Taken, inner, is_boolean};
use crate::query::parameter;
use crate::sql::parse;

/// More values than these of one `in` are left alone.
const MOST_VALUES: usize = 20;

/// Such a condition where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Arrow {
    /// Bytes of the statement.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) path: Path,
    pub(super) test: Test,
}

/// What is asked of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
    /// It is one of these.
    Equals(Vec<Operand>),
    /// It is not null.
    Exists,
}

/// What it is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operand {
    Text(String),
    /// As it is written.
    Number(String),
    Bool(bool),
    /// A JSON document.
    Json(String),
    /// `$1`, `:since`, as it stands in the statement.
    Parameter(String),
}

/// Every such condition of a statement.
pub(super) fn arrows(sql: &str) -> Vec<Arrow> {
    let readable = &parameter::readable(sql);
    let read = || {
        let parsed = parse::parse(readable);
        if !parsed.errors().is_empty() {
            return Vec::new();
        }
        parsed.syntax_node().descendants().filter_map(|node| Reading { sql }.arrow(&node)).collect()
    };
    parse::with_room(readable, read).unwrap_or_default()
}

/// The statement as a person wrote it: names of parameters stand in it, where the parser sees numbers.
#[derive(Clone, Copy)]
struct Reading<'a> {
    sql: &'a str,
}

impl Reading<'_> {
    fn arrow(self, node: &SyntaxNode) -> Option<Arrow> {
        let (path, test) = if let Some(both) = ast::BinExpr::cast(node.clone()) {
            self.compared(&both)?
        } else if let Some(expr) = ast::PostfixExpr::cast(node.clone()) {
            let Some(PostfixOp::NotNull(_)) = expr.op() else { return None };
            (chain::path(&expr.expr()?)?, Test::Exists)
        } else {
            alone(node)?
        };
        let range = node.text_range();
        // A name is longer than the number that the parser saw in its place.
        let ends = node.descendants().filter_map(|part| self.parameter(&part)).map(|(_, end)| end);
        let end = ends.max().unwrap_or_default().max(range.end().into());
        Some(Arrow { start: range.start().into(), end, path, test })
    }

    fn compared(self, both: &ast::BinExpr) -> Option<(Path, Test)> {
        let (left, right) = (both.lhs()?, both.rhs()?);
        match both.op()? {
            BinOp::Eq(_) => match (chain::path(&left), chain::path(&right)) {
                (Some(path), None) => self.equals(path, &[right]),
                (None, Some(path)) => self.equals(path, &[left]),
                _ => None,
            },
            BinOp::In(_) => self.equals(chain::path(&left)?, &listed(&right)?),
            BinOp::IsNot(_) if is_word(&right, "null") => Some((chain::path(&left)?, Test::Exists)),
            BinOp::Is(_) => self.is(chain::path(&left)?, &right),
            _ => None,
        }
    }

    fn equals(self, path: Path, with: &[Expr]) -> Option<(Path, Test)> {
        let operands: Option<Vec<_>> = with.iter().map(|expr| self.operand(expr, &path.taken)).collect();
        let operands = operands.filter(|found| !found.is_empty() && found.len() <= MOST_VALUES)?;
        Some((path, Test::Equals(operands)))
    }

    /// `is true`, of what is a boolean.
    fn is(self, path: Path, word: &Expr) -> Option<(Path, Test)> {
        let Taken::As(kind) = &path.taken else { return None };
        let value =
            ["false", "true"].iter().position(|known| is_word(word, known)).filter(|_| is_boolean(kind))?;
        Some((path, Test::Equals(vec![Operand::Bool(value == 1)])))
    }

    /// A constant or a parameter that such a value can be compared with.
    fn operand(self, expr: &Expr, taken: &Taken) -> Option<Operand> {
        let found = match inner(expr.clone())? {
            Expr::Literal(literal) => self.literal(&literal)?,
            Expr::CastExpr(cast) => {
                let kind = cast.ty()?.syntax().text().to_string().to_lowercase();
                let fits = if *taken == Taken::Json { kind == "jsonb" } else { kind == "text" };
                return self.operand(&cast.expr()?, taken).filter(|_| fits);
            }
            Expr::PrefixExpr(prefix) if matches!(prefix.op(), Some(PrefixOp::Minus(_))) => {
                match self.operand(&prefix.expr()?, taken)? {
                    Operand::Number(number) => Operand::Number(format!("-{number}")),
                    _ => return None,
                }
            }
            _ => return None,
        };
        fitting(found, taken)
    }

    fn literal(self, literal: &ast::Literal) -> Option<Operand> {
        let spelled = literal.syntax().text().to_string();
        match literal.kind()? {
            LitKind::PositionalParam(_) => {
                let (name, _) = self.parameter(literal.syntax())?;
                Some(Operand::Parameter(name))
            }
            LitKind::String(_) => chain::text(&Expr::Literal(literal.clone())).map(Operand::Text),
            LitKind::IntNumber(_) | LitKind::NumericNumber(_) => Some(Operand::Number(spelled)),
            LitKind::True(_) => Some(Operand::Bool(true)),
            LitKind::False(_) => Some(Operand::Bool(false)),
            _ => None,
        }
    }

    /// A parameter as it stands in the statement, and the byte that it ends before.
    fn parameter(self, node: &SyntaxNode) -> Option<(String, usize)> {
        let literal = ast::Literal::cast(node.clone())?;
        let LitKind::PositionalParam(_) = literal.kind()? else { return None };
        let start: usize = node.text_range().start().into();
        let rest = self.sql.get(start + 1..)?;
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        let end = start + 1 + end;
        Some((self.sql[start..end].to_owned(), end))
    }
}

/// A cast to a boolean that is the condition itself.
fn alone(node: &SyntaxNode) -> Option<(Path, Test)> {
    let cast = ast::CastExpr::cast(node.clone()).filter(|_| chain::is_condition(node))?;
    let path = chain::path(&Expr::CastExpr(cast))?;
    matches!(&path.taken, Taken::As(kind) if is_boolean(kind))
        .then_some((path, Test::Equals(vec![Operand::Bool(true)])))
}

/// The values of an `in`.
fn listed(expr: &Expr) -> Option<Vec<Expr>> {
    match expr {
        Expr::TupleExpr(tuple) => Some(tuple.exprs().collect()),
        Expr::ParenExpr(paren) => paren.expr().map(|only| vec![only]),
        _ => None,
    }
}

fn is_word(expr: &Expr, word: &str) -> bool {
    expr.syntax().text().to_string().eq_ignore_ascii_case(word)
}

/// What the server would compare without an error.
fn fitting(operand: Operand, taken: &Taken) -> Option<Operand> {
    match (taken, operand) {
        (Taken::Text, found @ (Operand::Text(_) | Operand::Parameter(_))) => Some(found),
        (Taken::Json, Operand::Text(document)) => Some(Operand::Json(document)),
        (Taken::Json, found @ Operand::Parameter(_)) => Some(found),
        (Taken::As(_), found @ Operand::Parameter(_)) => Some(found),
        (Taken::As(kind), Operand::Bool(value)) if is_boolean(kind) => Some(Operand::Bool(value)),
        (Taken::As(kind), Operand::Text(text)) if is_boolean(kind) => match text.as_str() {
            "true" | "t" => Some(Operand::Bool(true)),
            "false" | "f" => Some(Operand::Bool(false)),
            _ => None,
        },
        (Taken::As(kind), Operand::Number(number) | Operand::Text(number)) if !is_boolean(kind) => {
            Some(Operand::Number(number))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
