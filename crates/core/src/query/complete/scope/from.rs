//! The items of FROM, and of what names tables as it does.

use super::block::{base, close_of};
use super::with::derived;
use super::{Derived, Item};
use crate::query::complete::words::Word;
use crate::sql::lex::TokenKind;

/// Words that follow an item and are not its alias.
const NO_ALIAS: [&str; 33] = [
    "where",
    "on",
    "join",
    "left",
    "right",
    "inner",
    "full",
    "cross",
    "natural",
    "using",
    "group",
    "order",
    "having",
    "limit",
    "offset",
    "fetch",
    "for",
    "window",
    "union",
    "intersect",
    "except",
    "set",
    "values",
    "returning",
    "when",
    "default",
    "as",
    "tablesample",
    "select",
    "with",
    "then",
    "and",
    "or",
];

/// The items of FROM, JOIN, UPDATE, INTO and USING of one query.
pub(super) fn items(words: &[Word]) -> Vec<Item> {
    let depth = base(words);
    let (mut found, mut at, mut in_from) = (Vec::new(), 0, false);
    while at < words.len() {
        let word = &words[at];
        at += 1;
        if word.depth != depth {
            continue;
        }
        let begins = word.is_one_of(&["from", "join", "into", "update"])
            || (word.is("using") && words.get(at).is_some_and(|next| next.is_name()))
            || (in_from && word.is_symbol(","));
        if word.is_one_of(&[
            "where",
            "group",
            "order",
            "having",
            "limit",
            "set",
            "returning",
            "window",
            "values",
            "select",
        ]) {
            in_from = false;
        }
        if begins {
            in_from |= word.is_one_of(&["from", "using"]);
            let (item, next) = item(words, at);
            found.extend(item);
            at = next;
        }
    }
    found
}

/// One item at a place, and the place after it.
fn item(words: &[Word], mut at: usize) -> (Option<Item>, usize) {
    while words.get(at).is_some_and(|word| word.is_one_of(&["only", "lateral"])) {
        at += 1;
    }
    let mut item = Item::default();
    match words.get(at) {
        Some(word) if word.kind == TokenKind::Open => {
            let close = close_of(words, at);
            item.derived = Some(derived(words.get(at + 1..close).unwrap_or_default()));
            at = close + 1;
        }
        Some(word) if word.is_name() && !word.is_one_of(&NO_ALIAS) => {
            item.name.clone_from(&word.folded);
            at += 1;
            while let [dot, name, ..] = words.get(at..).unwrap_or_default()
                && dot.is_symbol(".")
                && name.is_name()
            {
                item.schema = Some(std::mem::replace(&mut item.name, name.folded.clone()));
                at += 2;
            }
            if words
                .get(at)
                .is_some_and(|word| word.kind == TokenKind::Open && word.depth == words[at - 1].depth)
                && !inserts(words, at)
            {
                item.derived = Some(Derived::default());
                at = close_of(words, at) + 1;
            }
        }
        _ => return (None, at),
    }
    let as_word = usize::from(words.get(at).is_some_and(|word| word.is("as")));
    if let Some(alias) = words.get(at + as_word).filter(|word| word.is_name() && !word.is_one_of(&NO_ALIAS)) {
        item.alias = Some(alias.folded.clone());
        at += as_word + 1;
    }
    (Some(item), at)
}

/// `into t (`: the parenthesis begins the columns and no arguments.
fn inserts(words: &[Word], at: usize) -> bool {
    words[..at]
        .iter()
        .rev()
        .find(|word| {
            !word.is_name() && !word.is_symbol(".") || word.is("into") || word.is("from") || word.is("join")
        })
        .is_some_and(|word| word.is("into"))
}
