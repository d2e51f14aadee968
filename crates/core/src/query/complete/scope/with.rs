//! CTEs, and the columns of a query by its select list.

use super::block::{base, close_of};
use super::from::items;
use super::{Derived, Item};
use crate::query::complete::words::Word;
use crate::sql::lex::TokenKind;

/// `with a (x, y) as (…), b as (…)`.
pub(super) fn ctes(words: &[Word]) -> Vec<Item> {
    let mut found = Vec::new();
    let Some(mut at) = words.iter().position(|word| !word.is("explain")).filter(|at| words[*at].is("with"))
    else {
        return found;
    };
    at += 1 + usize::from(words.get(at + 1).is_some_and(|word| word.is("recursive")));
    while let Some(name) = words.get(at).filter(|word| word.is_name()) {
        let mut next = at + 1;
        let mut columns = Vec::new();
        if words.get(next).is_some_and(|word| word.kind == TokenKind::Open) {
            let close = close_of(words, next);
            columns = words[next + 1..close]
                .iter()
                .filter(|word| word.is_name())
                .map(|word| word.folded.clone())
                .collect();
            next = close + 1;
        }
        let Some(open) =
            words.get(next..).and_then(|rest| rest.iter().position(|word| word.kind == TokenKind::Open))
        else {
            break;
        };
        let (open, close) = (next + open, close_of(words, next + open));
        let mut derived = derived(words.get(open + 1..close).unwrap_or_default());
        if !columns.is_empty() {
            derived = Derived { columns, stars: Vec::new() };
        }
        found.push(Item { derived: Some(derived), ..Item::table(None, &name.folded) });
        if !words.get(close + 1).is_some_and(|word| word.is_symbol(",")) {
            break;
        }
        at = close + 2;
    }
    found
}

/// The columns of a query by its select list.
pub(super) fn derived(words: &[Word]) -> Derived {
    let depth = base(words);
    let Some(select) = words.iter().position(|word| word.is("select") && word.depth == depth) else {
        return Derived::default();
    };
    let list = &words[select + 1..];
    let end = list.iter().position(|word| {
        word.depth == depth && word.is_one_of(&["from", "where", "union", "group", "order", "limit"])
    });
    let (list, rest) = list.split_at(end.unwrap_or(list.len()));
    let mut derived = Derived::default();
    for column in list.split(|word| word.depth == depth && word.is_symbol(",")) {
        match column.last() {
            Some(last) if last.is_symbol("*") => derived.stars = items(rest),
            Some(last) if last.is_name() => derived.columns.push(last.folded.clone()),
            _ => {}
        }
    }
    derived
}
