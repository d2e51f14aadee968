//! Names as the server folds them: lower case unless quoted, quotes only where they are needed.

use squawk_syntax::ast::{AstNode, normalize_name_node};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// The name that a node spells, with its schema if it has one.
pub(super) fn spelled(node: &SyntaxNode) -> String {
    let parts: Vec<String> = node.descendants().filter(is_segment).map(|part| quoted(&part)).collect();
    if parts.is_empty() { quoted(node) } else { parts.join(".") }
}

/// The name of an optional node; empty where there is none.
pub(super) fn name<N: AstNode>(node: Option<N>) -> String {
    node.map_or_else(String::new, |node| spelled(node.syntax()))
}

/// The names of several nodes.
pub(super) fn names<N: AstNode>(nodes: impl Iterator<Item = N>) -> Vec<String> {
    nodes.map(|node| spelled(node.syntax())).collect()
}

fn is_segment(node: &SyntaxNode) -> bool {
    matches!(node.kind(), SyntaxKind::PATH_SEGMENT | SyntaxKind::PATH_SEGMENT_REF)
}

fn quoted(node: &SyntaxNode) -> String {
    let name = normalize_name_node(node);
    let plain =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '$') || !c.is_ascii();
    let starts_plain = name.starts_with(|c: char| !c.is_ascii_digit() && c != '$');
    let folded = name.to_lowercase() == name;
    if name.is_empty() || (starts_plain && folded && name.chars().all(plain)) {
        name
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// The last part of a spelled name, without quotes: what two names of one object have in common.
pub fn bare_name(name: &str) -> String {
    let mut inside = false;
    let last_dot = name.char_indices().rfind(|(_, c)| {
        inside ^= *c == '"';
        *c == '.' && !inside
    });
    let last = last_dot.map_or(name, |(at, _)| &name[at + 1..]);
    last.strip_prefix('"')
        .and_then(|last| last.strip_suffix('"'))
        .map_or_else(|| last.to_owned(), |inner| inner.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bare_name_is_the_last_part_without_quotes() {
        for (name, bare) in [("t", "t"), ("public.t", "t"), ("a.\"B.c\"", "B.c"), ("\"x\"\"y\"", "x\"y")] {
            assert_eq!(bare_name(name), bare);
        }
    }
}
