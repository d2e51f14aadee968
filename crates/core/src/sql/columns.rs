//! Columns of a query that are a parameter and nothing else: the server calls them `?column?`, and what is written in
//! the parameter's place would call them otherwise.

use squawk_syntax::{SyntaxKind, SyntaxNode};

use super::parse;

/// Where such columns are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unnamed {
    /// At these bytes; a name may be written behind each.
    At(Vec<usize>),
    /// A name would have to stand elsewhere, or the text cannot be followed.
    Unclear,
}

/// Finds them in a statement, its parameters numbered.
pub(crate) fn unnamed_columns(sql: &str) -> Unnamed {
    parse::with_room(sql, || {
        let parsed = parse::parse(sql);
        if !parsed.errors().is_empty() {
            return Unnamed::Unclear;
        }
        let tree = parsed.syntax_node();
        let columns = tree.descendants().filter(|node| node.kind() == SyntaxKind::TARGET);
        let found: Option<Vec<Option<usize>>> = columns.map(|column| unnamed(&column)).collect();
        found.map_or(Unnamed::Unclear, |found| Unnamed::At(found.into_iter().flatten().collect()))
    })
    .unwrap_or(Unnamed::Unclear)
}

/// Where a column is a parameter without a name: `None` where that cannot be told.
fn unnamed(column: &SyntaxNode) -> Option<Option<usize>> {
    let mut inside = column.children();
    let expression = inside.next();
    if inside.any(|node| node.kind() == SyntaxKind::AS_NAME) {
        return Some(None);
    }
    let Some(expression) = expression else { return Some(None) };
    let text = expression.text().to_string();
    if !text.trim_start_matches(|letter: char| letter == '(' || letter.is_whitespace()).starts_with('$') {
        return Some(None);
    }
    match expression.kind() {
        SyntaxKind::LITERAL => Some(Some(usize::from(expression.text_range().start()))),
        SyntaxKind::PAREN_EXPR | SyntaxKind::INDEX_EXPR | SyntaxKind::SLICE_EXPR => None,
        _ if text.to_ascii_lowercase().contains("collate") => None,
        _ => Some(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_alone_is_found_where_a_column_stands_and_nowhere_else() {
        let found =
            unnamed_columns("select $1, $2 as x, f($3), $4::int from (select distinct $5 from t) y where $6");
        assert_eq!(found, Unnamed::At(vec![7, 57]));
        assert_eq!(unnamed_columns("values ($1)"), Unnamed::At(Vec::new()));
        for sql in ["select ($1)", "select $1[2]", "select ($1 collate \"C\")"] {
            assert_eq!(unnamed_columns(sql), Unnamed::Unclear, "{sql}");
        }
    }
}
