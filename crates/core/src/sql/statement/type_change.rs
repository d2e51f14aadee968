//! Types and values of columns: which change of type leaves the rows as they are, and which default is one for all rows.

use squawk_syntax::ast::{self, AstNode as _};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// Whether a change of type writes the table anew.
///
/// Both types as `format_type` spells them. The rules are the server's own: only a change to the same bytes, with the
/// same or a wider limit, is done in the catalog alone. `timestamp` to `timestamptz` is such a one while the session's
/// time zone is UTC, as ours is.
pub fn type_change_rewrites(from: &str, to: &str, using: bool) -> bool {
    if using {
        return true;
    }
    let (from, to) = (Spelled::parse(from), Spelled::parse(to));
    let same_bytes = from.base == to.base || is_same_bytes(&from.base, &to.base);
    !same_bytes || !from.fits_in(&to)
}

/// A type's name and what it has in parentheses.
struct Spelled {
    base: String,
    limits: Vec<i64>,
}

impl Spelled {
    fn parse(name: &str) -> Self {
        let name = name.trim().to_lowercase();
        let (before, rest) = name.split_once('(').unwrap_or((&name, ")"));
        let (limits, after) = rest.split_once(')').unwrap_or((rest, ""));
        let base = format!("{} {}", before.trim(), after.trim());
        let limits = limits.split(',').filter_map(|limit| limit.trim().parse().ok()).collect();
        Self { base: canonical(base.trim()), limits }
    }

    /// Whether every value within these limits is one within those: no limit takes all, a scale must stay.
    fn fits_in(&self, wider: &Self) -> bool {
        match (self.limits.as_slice(), wider.limits.as_slice()) {
            (_, []) => true,
            ([], _) => false,
            ([own, scale @ ..], [other, other_scale @ ..]) => {
                own <= other
                    && scale.first().unwrap_or(&0) == other_scale.first().unwrap_or(&0)
                    && self.base != "bpchar"
            }
        }
    }
}

/// One name for a type that has several.
fn canonical(name: &str) -> String {
    let canonical = match name {
        "character varying" | "char varying" | "national character varying" | "nchar varying" => "varchar",
        "character" | "char" | "national character" | "nchar" => "bpchar",
        "bit varying" => "varbit",
        "decimal" | "dec" => "numeric",
        "int" | "integer" => "int4",
        "bigint" => "int8",
        "smallint" => "int2",
        "timestamp without time zone" => "timestamp",
        "timestamp with time zone" => "timestamptz",
        "time without time zone" => "time",
        "time with time zone" => "timetz",
        "double precision" | "float" => "float8",
        "real" => "float4",
        "boolean" => "bool",
        other => other,
    };
    canonical.to_owned()
}

fn is_same_bytes(from: &str, to: &str) -> bool {
    matches!(
        (from, to),
        ("varchar" | "citext" | "xml", "text")
            | ("text", "varchar")
            | ("citext", "varchar")
            | ("cidr", "inet")
            | ("bit", "varbit")
            | ("timestamp", "timestamptz")
            | ("timestamptz", "timestamp")
    )
}

/// A type as it is written, in lower case with single spaces.
pub(super) fn text(ty: &ast::Type) -> String {
    let words: Vec<String> = ty
        .syntax()
        .descendants_with_tokens()
        .filter_map(|element| element.into_token())
        .filter(|token| !token.kind().is_trivia())
        .map(|token| {
            if token.text().starts_with('"') { token.text().to_owned() } else { token.text().to_lowercase() }
        })
        .collect();
    let mut text = String::new();
    for word in words {
        let tight = matches!(word.as_str(), "(" | ")" | "," | "." | "[" | "]")
            || text.ends_with(['(', '.', '[', ',']);
        if !tight && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&word);
    }
    text
}

/// `serial` and its kin: a default that gives each row its own number.
pub(super) fn numbers_itself(ty: &str) -> bool {
    matches!(ty, "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8")
}

/// Functions of a default that give one value to a whole statement. Any other is taken to be volatile: a table that
/// is written anew unexpectedly costs more than a warning too many.
const ONE_FOR_ALL: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "timezone",
    "current_setting",
    "current_database",
    "date_trunc",
    "to_timestamp",
    "make_interval",
    "make_date",
    "lower",
    "upper",
    "concat",
    "repeat",
    "md5",
    "json_build_object",
    "jsonb_build_object",
    "json_build_array",
    "jsonb_build_array",
    "to_json",
    "to_jsonb",
    "array_fill",
    "length",
    "abs",
    "round",
    "floor",
    "ceil",
    "coalesce",
    "nullif",
    "greatest",
    "least",
];

/// Whether a default may give each row another value.
pub(super) fn may_differ_by_row(value: &SyntaxNode) -> bool {
    value.descendants().filter(|node| node.kind() == SyntaxKind::CALL_EXPR).any(|call| !is_one_for_all(&call))
}

fn is_one_for_all(call: &SyntaxNode) -> bool {
    let name = call.first_token().map(|token| token.text().to_lowercase());
    let name = name.as_deref().unwrap_or_default();
    let last = call.children().next().map(|function| function.text().to_string().to_lowercase());
    let last = last.as_deref().and_then(|function| function.rsplit('.').next()).unwrap_or(name);
    ONE_FOR_ALL.contains(&last) || ONE_FOR_ALL.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_bytes_within_the_same_limits_stay() {
        for (from, to) in [
            ("character varying(10)", "character varying(20)"),
            ("character varying(10)", "text"),
            ("text", "varchar"),
            ("numeric(10,2)", "numeric(12,2)"),
            ("numeric(10,2)", "numeric"),
            ("cidr", "inet"),
            ("timestamp without time zone", "timestamptz"),
            ("timestamp(3) without time zone", "timestamp"),
        ] {
            assert!(!type_change_rewrites(from, to, false), "{from} to {to}");
        }
        for (from, to) in [
            ("integer", "bigint"),
            ("character varying(20)", "character varying(10)"),
            ("numeric(10,2)", "numeric(10,3)"),
            ("text", "character varying(10)"),
            ("character(5)", "text"),
            ("json", "jsonb"),
            ("inet", "cidr"),
        ] {
            assert!(type_change_rewrites(from, to, false), "{from} to {to}");
        }
        assert!(type_change_rewrites("text", "text", true));
    }
}
