//! A JSON value taken out of a column: `data -> 'a' ->> 'b'`, and what it is made of.

use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode as _, BinOp, Expr};

/// What the value is taken out as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Taken {
    /// By `->>`.
    Text,
    /// By `->`.
    Json,
    /// By `->>` and a cast to a boolean or a number: the type as it is written.
    As(String),
}

/// A value and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Path {
    /// The column as it is written: `r.data`.
    pub(super) base: String,
    /// The table or alias before it.
    pub(super) qualifier: Option<String>,
    pub(super) column: String,
    /// From the outermost in.
    pub(super) keys: Vec<String>,
    pub(super) taken: Taken,
}

/// Types whose values JSON has as well.
const NUMBERS: [&str; 11] = [
    "smallint",
    "int2",
    "integer",
    "int",
    "int4",
    "bigint",
    "int8",
    "numeric",
    "real",
    "float8",
    "double precision",
];

/// The path that an expression is, if it is one.
pub(super) fn path(expr: &Expr) -> Option<Path> {
    match inner(expr.clone())? {
        Expr::CastExpr(cast) => {
            let inside = path(&cast.expr()?).filter(|path| path.taken == Taken::Text)?;
            let kind = cast.ty()?.syntax().text().to_string().to_lowercase();
            let taken = match kind.as_str() {
                "text" | "varchar" | "character varying" => Taken::Text,
                kind if is_boolean(kind) || NUMBERS.contains(&kind) => Taken::As(kind.to_owned()),
                _ => return None,
            };
            Some(Path { taken, ..inside })
        }
        other => extracted(other),
    }
}

pub(super) fn is_boolean(kind: &str) -> bool {
    kind == "boolean" || kind == "bool"
}

/// What stands inside of parentheses.
pub(super) fn inner(expr: Expr) -> Option<Expr> {
    match expr {
        Expr::ParenExpr(paren) => inner(paren.syntax().children().find_map(Expr::cast)?),
        other => Some(other),
    }
}

/// `base -> 'a' ->> 'b'`: only the last arrow may make text.
fn extracted(expr: Expr) -> Option<Path> {
    let (base, steps) = chain(expr);
    let (last, inside) = steps.split_last()?;
    let mut keys: Vec<String> = inside.iter().map(|step| step.key("->")).collect::<Option<_>>()?;
    let taken = if last.operator == "->>" { Taken::Text } else { Taken::Json };
    keys.push(last.key(if taken == Taken::Text { "->>" } else { "->" })?);
    let (qualifier, column) = names(base.syntax())?;
    Some(Path { base: base.syntax().text().to_string(), qualifier, column, keys, taken })
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
pub(super) fn text(expr: &Expr) -> Option<String> {
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
    let begins = name.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    (begins && name.chars().all(plain)).then(|| name.to_lowercase())
}

/// Whether a syntax node is one of the conditions that have to hold: below a WHERE or ON, AND and OR alone in between.
pub(super) fn is_condition(node: &SyntaxNode) -> bool {
    let Some(parent) = node.parent() else { return false };
    if ast::ParenExpr::can_cast(parent.kind()) {
        return is_condition(&parent);
    }
    match ast::BinExpr::cast(parent.clone()) {
        Some(both) => matches!(both.op(), Some(BinOp::And(_) | BinOp::Or(_))) && is_condition(&parent),
        None => ast::WhereClause::can_cast(parent.kind()) || ast::OnClause::can_cast(parent.kind()),
    }
}
