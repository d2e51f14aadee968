//! What may stand in a query that only reads: every kind of node of the tree is in this list, or it is not a read.

mod change;
mod document;
mod expression;
mod select;

pub(super) use change::is_change;

use document::{is_json, is_xml};
use expression::{is_expression, is_type};
use select::{is_from, is_select};
use squawk_syntax::SyntaxKind::{self, *};
use squawk_syntax::SyntaxNode;

/// Why a tree is more than a query, by its first node that is in no list.
pub(super) fn stranger(tree: &SyntaxNode, also: fn(SyntaxKind) -> bool) -> Option<String> {
    let node = tree.descendants().find(|node| !is_query(node.kind()) && !also(node.kind()))?;
    Some(match node.kind() {
        INSERT | UPDATE | DELETE | MERGE => "it changes rows inside of a query".to_owned(),
        LOCKING_CLAUSE => "it locks the rows that it reads".to_owned(),
        SELECT_INTO | INTO_CLAUSE => "it makes a table of what it reads".to_owned(),
        kind => format!("{} is not known to be part of a read", words(kind)),
    })
}

/// A kind of node in words: `ROW_LIST` is "row list".
fn words(kind: SyntaxKind) -> String {
    format!("{kind:?}").to_lowercase().replace('_', " ")
}

/// Nothing but itself.
pub(super) fn nothing(_: SyntaxKind) -> bool {
    false
}

fn is_query(kind: SyntaxKind) -> bool {
    is_select(kind) || is_from(kind) || is_expression(kind) || is_type(kind) || is_json(kind) || is_xml(kind)
}
