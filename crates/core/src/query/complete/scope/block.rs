//! Which words are of one query: the innermost around a place, and its part between UNION and its like.

use crate::query::complete::words::Word;
use crate::sql::lex::TokenKind;

const QUERY: [&str; 7] = ["select", "with", "insert", "update", "delete", "merge", "values"];
const SET_OPERATIONS: [&str; 3] = ["union", "intersect", "except"];

/// The words of the innermost query around a place.
pub(super) fn block(words: &[Word], cursor: usize) -> (usize, usize) {
    let mut at = cursor;
    loop {
        let Some(open) = unmatched_open(words, at) else { return (0, words.len()) };
        if words.get(open + 1).is_some_and(|word| word.is_one_of(&QUERY)) || open + 1 >= words.len() {
            return (open + 1, close_of(words, open));
        }
        at = open;
    }
}

/// The query around a block that begins at a place.
pub(super) fn outer(words: &[Word], from: usize) -> Option<(usize, usize)> {
    (from > 0).then(|| block(words, from - 1))
}

fn unmatched_open(words: &[Word], before: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, word) in words[..before].iter().enumerate().rev() {
        match word.kind {
            TokenKind::Close => depth += 1,
            TokenKind::Open if depth == 0 => return Some(at),
            TokenKind::Open => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The place of the parenthesis that closes one, or the end.
pub(super) fn close_of(words: &[Word], open: usize) -> usize {
    let depth = words[open].depth;
    let close =
        words[open + 1..].iter().position(|word| word.kind == TokenKind::Close && word.depth == depth);
    close.map_or(words.len(), |at| open + 1 + at)
}

pub(super) fn base(words: &[Word]) -> i32 {
    words.iter().map(|word| word.depth).min().unwrap_or(0)
}

/// The part of a block between UNION and its like that a place is in.
pub(super) fn part(words: &[Word], cursor: usize) -> (usize, usize) {
    let depth = base(words);
    let splits = |at: &usize| words[*at].depth == depth && words[*at].is_one_of(&SET_OPERATIONS);
    let from = (0..cursor.min(words.len())).rev().find(splits).map_or(0, |at| at + 1);
    let to = (cursor.min(words.len())..words.len()).find(splits).unwrap_or(words.len());
    (from, to)
}
