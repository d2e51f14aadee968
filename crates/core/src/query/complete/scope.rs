//! What a query has names of at a place: the items of its FROM, those of the queries around it, and its CTEs.

use super::words::Word;
use crate::sql::lex::TokenKind;

/// One item of a FROM clause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) schema: Option<String>,
    pub(super) name: String,
    pub(super) alias: Option<String>,
    /// Of a subquery or a CTE: the names of its columns, and the tables of its `*`.
    pub(super) derived: Option<Derived>,
}

/// The columns of a query, as far as its text tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Derived {
    pub(super) columns: Vec<String>,
    pub(super) stars: Vec<Item>,
}

impl Item {
    pub(super) fn table(schema: Option<&str>, name: &str) -> Self {
        Self { schema: schema.map(str::to_owned), name: name.to_owned(), ..Self::default() }
    }

    /// What it is called by in its query.
    pub(super) fn called(&self) -> &str {
        self.alias.as_deref().unwrap_or(&self.name)
    }
}

/// The names at a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Of the query itself, in their order; then of the queries around it.
    pub(super) items: Vec<Item>,
    /// How many of the items are the query's own.
    own: usize,
    /// CTEs by their names.
    pub(super) ctes: Vec<Item>,
    /// How many of its own items stand before the place.
    before: usize,
}

const QUERY: [&str; 7] = ["select", "with", "insert", "update", "delete", "merge", "values"];
const SET_OPERATIONS: [&str; 3] = ["union", "intersect", "except"];
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

impl Scope {
    /// Reads the words before and after a place.
    pub(super) fn of(before: &[Word], after: &[Word]) -> Self {
        let words: Vec<Word> = before.iter().chain(after).cloned().collect();
        let mut scope = Self::default();
        let mut range = Some(block(&words, before.len()));
        while let Some((from, to)) = range {
            scope.add(&words[from..to], before.len().saturating_sub(from));
            range = outer(&words, from);
        }
        scope.resolve();
        scope
    }

    /// The tables and views among the items, those of subqueries included.
    pub(super) fn tables(&self) -> Vec<Item> {
        let mut tables = Vec::new();
        for item in self.items.iter().chain(&self.ctes) {
            collect(item, &mut tables);
        }
        tables
    }

    /// The query's own item that was joined last before the place, if there is one before it.
    pub(super) fn joined(&self) -> Option<(&Item, &[Item])> {
        let own = &self.items[..self.before.min(self.own)];
        own.split_last().filter(|(_, others)| !others.is_empty())
    }

    /// One block, innermost first.
    fn add(&mut self, words: &[Word], cursor: usize) {
        self.ctes.extend(ctes(words));
        let (from, to) = part(words, cursor);
        let found = items(&words[from..to]);
        if self.own == 0 && self.items.is_empty() {
            self.own = found.len();
            self.before = items(&words[from..cursor.clamp(from, to)]).len();
        }
        self.items.extend(found);
    }

    /// A name of a CTE is that CTE.
    fn resolve(&mut self) {
        for item in &mut self.items {
            let cte = self
                .ctes
                .iter()
                .find(|cte| item.schema.is_none() && item.derived.is_none() && cte.name == item.name);
            if let Some(cte) = cte {
                item.derived.clone_from(&cte.derived);
            }
        }
    }
}

fn collect(item: &Item, into: &mut Vec<Item>) {
    match &item.derived {
        None if !item.name.is_empty() => into.push(Item::table(item.schema.as_deref(), &item.name)),
        None => {}
        Some(derived) => derived.stars.iter().for_each(|star| collect(star, into)),
    }
}

/// The words of the innermost query around a place.
fn block(words: &[Word], cursor: usize) -> (usize, usize) {
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
fn outer(words: &[Word], from: usize) -> Option<(usize, usize)> {
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
fn close_of(words: &[Word], open: usize) -> usize {
    let depth = words[open].depth;
    let close =
        words[open + 1..].iter().position(|word| word.kind == TokenKind::Close && word.depth == depth);
    close.map_or(words.len(), |at| open + 1 + at)
}

fn base(words: &[Word]) -> i32 {
    words.iter().map(|word| word.depth).min().unwrap_or(0)
}

/// The part of a block between UNION and its like that a place is in.
fn part(words: &[Word], cursor: usize) -> (usize, usize) {
    let depth = base(words);
    let splits = |at: &usize| words[*at].depth == depth && words[*at].is_one_of(&SET_OPERATIONS);
    let from = (0..cursor.min(words.len())).rev().find(splits).map_or(0, |at| at + 1);
    let to = (cursor.min(words.len())..words.len()).find(splits).unwrap_or(words.len());
    (from, to)
}

/// `with a (x, y) as (…), b as (…)`.
fn ctes(words: &[Word]) -> Vec<Item> {
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
fn derived(words: &[Word]) -> Derived {
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

/// The items of FROM, JOIN, UPDATE, INTO and USING of one query.
fn items(words: &[Word]) -> Vec<Item> {
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
