//! The candidates of each kind of place.

use std::collections::HashMap;
use std::sync::Arc;

use super::MOST_CANDIDATES;
use super::catalog::{Key, Relation};
use super::context::{Context, Place};
use super::index::{Index, Known};
use super::keyword::{self, written};
use super::rank::{Found, fit};
use super::scope::Item;

type KnownRelations = HashMap<i64, Arc<Known>>;

/// Everything that may stand at a place.
pub(super) fn all(context: &Context, index: &Index, known: &KnownRelations) -> Vec<Found> {
    let look = Look { context, index, known };
    match &context.place {
        Place::Relation => look.relations(),
        Place::RelationOf(schema) => look.in_schema(schema),
        Place::Of(chain) => look.of(chain),
        Place::InsertColumn { table, there } => look.insert_columns(table, there),
        Place::JoinCondition => look.joins().into_iter().chain(look.expression()).collect(),
        Place::AfterRelation => keywords(&keyword::AFTER_RELATION, 0),
        Place::Start => keywords(&keyword::START, 0),
        Place::Expression => look.expression(),
        Place::Path { .. } => Vec::new(),
    }
}

struct Look<'a> {
    context: &'a Context,
    index: &'a Index,
    known: &'a KnownRelations,
}

impl Look<'_> {
    /// Tables and views, by their names alone where those mean them; then CTEs and schemas.
    fn relations(&self) -> Vec<Found> {
        let typed = self.context.typed.to_lowercase();
        let ctes = self
            .context
            .scope
            .ctes
            .iter()
            .map(|cte| Found::new("table", &cte.name, written(&cte.name), 0).detail("with"));
        let relations = self.nearest(&typed).into_iter().map(|(relation, far)| self.relation(relation, far));
        ctes.chain(relations).chain(self.schemas(6)).collect()
    }

    /// The relations that may be among the proposed, as `rank` has them: of twenty thousand few are worth writing out.
    fn nearest(&self, typed: &str) -> Vec<(&Relation, u8)> {
        let fits = self.index.relations.iter().enumerate().filter_map(|(at, relation)| {
            let length = if typed.is_empty() { 0 } else { relation.name.len() };
            Some(((fit(&relation.name, typed)?, self.far(relation), length, at), relation))
        });
        let mut fits: Vec<_> = fits.collect();
        if fits.len() > MOST_CANDIDATES {
            fits.select_nth_unstable_by_key(MOST_CANDIDATES, |(key, _)| *key);
            fits.truncate(MOST_CANDIDATES);
        }
        fits.sort_unstable_by_key(|(key, _)| key.3);
        fits.into_iter().map(|((_, far, ..), relation)| (relation, far)).collect()
    }

    fn far(&self, relation: &Relation) -> u8 {
        let system = relation.schema == "pg_catalog" || relation.schema == "information_schema";
        let visible = self.index.is_visible(relation);
        if system { 5 } else { 1 + u8::from(!visible) + u8::from(relation.partition) }
    }

    fn relation(&self, relation: &Relation, far: u8) -> Found {
        let insert = match self.index.is_visible(relation) {
            true => written(&relation.name),
            false => format!("{}.{}", written(&relation.schema), written(&relation.name)),
        };
        Found::new(relation.kind(), &relation.name, insert, far).detail(&relation.schema)
    }

    fn schemas(&self, far: u8) -> Vec<Found> {
        let mut names: Vec<&String> = self.index.relations.iter().map(|relation| &relation.schema).collect();
        names.dedup();
        names.into_iter().map(|name| Found::new("schema", name, written(name), far)).collect()
    }

    fn in_schema(&self, schema: &str) -> Vec<Found> {
        let inside = self.index.relations.iter().filter(|relation| relation.schema == schema);
        inside
            .map(|relation| {
                Found::new(
                    relation.kind(),
                    &relation.name,
                    written(&relation.name),
                    u8::from(relation.partition),
                )
            })
            .collect()
    }

    /// After a dot: columns of an item, or what a schema has.
    fn of(&self, chain: &[String]) -> Vec<Found> {
        let named = match chain {
            [name] => self.context.scope.items.iter().find(|item| item.called() == name).cloned(),
            [schema, name] => Some(Item::table(Some(schema), name)),
            _ => None,
        };
        match (named, chain) {
            (Some(item), _) => self.columns(&item, 0),
            (None, [schema]) => self.in_schema(schema).into_iter().chain(self.functions_of(schema)).collect(),
            _ => Vec::new(),
        }
    }

    fn functions_of(&self, schema: &str) -> Vec<Found> {
        let inside = self.index.functions.iter().filter(|function| function.schema == schema);
        inside
            .map(|function| called(&function.name, written(&function.name), function.arguments.as_deref(), 1))
            .collect()
    }

    /// The columns of an item, in their order.
    fn columns(&self, item: &Item, far: u8) -> Vec<Found> {
        if let Some(derived) = &item.derived {
            let own = derived
                .columns
                .iter()
                .map(|name| Found::new("column", name, written(name), far).detail(item.called()));
            return own.chain(derived.stars.iter().flat_map(|star| self.columns(star, far))).collect();
        }
        let columns = self.index.resolve(item).and_then(|relation| self.known.get(&relation.oid));
        let columns = columns.map(|known| known.columns.as_slice()).unwrap_or_default();
        columns
            .iter()
            .map(|column| {
                Found::new("column", &column.name, written(&column.name), far).detail(&column.type_name)
            })
            .collect()
    }

    fn insert_columns(&self, table: &Item, there: &[String]) -> Vec<Found> {
        let mut columns = self.columns(table, 0);
        columns.retain(|found| !there.contains(&found.candidate.label));
        columns
    }

    /// Columns of the items first, then the items' own names, then functions and words.
    fn expression(&self) -> Vec<Found> {
        let items = &self.context.scope.items;
        let mut found: Vec<Found> = Vec::new();
        for (n, item) in items.iter().enumerate() {
            found.extend(self.columns(item, u8::try_from(n.min(1)).unwrap_or(1)));
        }
        self.qualify_what_is_twice(&mut found);
        let aliases = items
            .iter()
            .map(|item| Found::new("alias", item.called(), written(item.called()), 2).detail(&item.name));
        found.extend(aliases);
        if !self.context.typed.is_empty() {
            found.extend(self.functions());
            found.extend(keywords(&keyword::EXPRESSION, 4));
            found.extend(self.schemas(6));
        } else {
            found.extend(keywords(&keyword::EXPRESSION, 4));
        }
        found
    }

    /// A column of two items is ambiguous by its name alone.
    fn qualify_what_is_twice(&self, found: &mut Vec<Found>) {
        let mut times: HashMap<String, usize> = HashMap::new();
        for item in &self.context.scope.items {
            for column in self.columns(item, 0) {
                *times.entry(column.candidate.label).or_default() += 1;
            }
        }
        found.retain(|column| times.get(&column.candidate.label).is_none_or(|times| *times == 1));
        for item in &self.context.scope.items {
            let twice = self
                .columns(item, 1)
                .into_iter()
                .filter(|column| times.get(&column.candidate.label).is_some_and(|times| *times > 1));
            found.extend(twice.map(|mut column| {
                column.candidate.insert = format!("{}.{}", written(item.called()), column.candidate.insert);
                column.candidate.detail =
                    Some(format!("{} {}", item.called(), column.candidate.detail.unwrap_or_default()));
                column
            }));
        }
    }

    fn functions(&self) -> Vec<Found> {
        let typed = self.context.typed.to_lowercase();
        let fitting = self
            .index
            .functions
            .iter()
            .filter(|function| fit(&function.name, &typed).is_some_and(|fit| fit < 4));
        let named = fitting.map(|function| {
            let visible = self.index.path.contains(&function.schema);
            let name = written(&function.name);
            let insert = if visible { name } else { format!("{}.{name}", written(&function.schema)) };
            let arguments = match function.variants {
                1 => function.arguments.clone(),
                more => {
                    Some(format!("{} and {} more", function.arguments.clone().unwrap_or_default(), more - 1))
                }
            };
            called(&function.name, insert, arguments.as_deref(), if visible { 3 } else { 5 })
        });
        named.collect()
    }

    /// The conditions that foreign keys suggest for the item that was joined last.
    fn joins(&self) -> Vec<Found> {
        let Some((joined, others)) = self.context.scope.joined() else { return Vec::new() };
        let others = others.iter().rev();
        others.flat_map(|other| self.conditions(joined, other)).collect()
    }

    fn conditions(&self, joined: &Item, other: &Item) -> Vec<Found> {
        let (Some(left), Some(right)) = (self.index.resolve(joined), self.index.resolve(other)) else {
            return Vec::new();
        };
        let Some(known) = self.known.get(&left.oid) else { return Vec::new() };
        let here = |key: &&Key| key.relation == left.oid && key.target == right.oid;
        let there = |key: &&Key| key.relation == right.oid && key.target == left.oid;
        let from_here = known
            .keys
            .iter()
            .filter(here)
            .map(|key| condition(joined, &key.columns, other, &key.target_columns));
        let from_there = known
            .keys
            .iter()
            .filter(there)
            .map(|key| condition(joined, &key.target_columns, other, &key.columns));
        from_here
            .chain(from_there)
            .map(|text| Found::new("join", text.clone(), text, 0).detail("foreign key"))
            .collect()
    }
}

fn condition(one: &Item, columns: &[String], other: &Item, others: &[String]) -> String {
    let pair = |(a, b): (&String, &String)| {
        format!("{}.{} = {}.{}", written(one.called()), written(a), written(other.called()), written(b))
    };
    columns.iter().zip(others).map(pair).collect::<Vec<_>>().join(" and ")
}

fn called(label: &str, insert: String, arguments: Option<&str>, far: u8) -> Found {
    Found::new("function", label, format!("{insert}("), far)
        .detail(format!("({})", arguments.unwrap_or_default()))
}

fn keywords(words: &[&str], far: u8) -> Vec<Found> {
    words.iter().map(|word| Found::new("keyword", *word, *word, far)).collect()
}
