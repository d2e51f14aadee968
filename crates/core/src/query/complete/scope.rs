//! What a query has names of at a place: the items of its FROM, those of the queries around it, and its CTEs.

mod block;
mod from;
mod with;

use super::words::Word;
use block::{block, outer, part};
use from::items;
use with::ctes;

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
