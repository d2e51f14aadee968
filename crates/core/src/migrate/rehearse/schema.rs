//! The schema before and after a statement, and the difference in words.

use std::collections::{BTreeMap, HashSet};

use sqlx::PgConnection;

use crate::Result;

/// Everything that a schema is made of, by what it is known by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Schema(BTreeMap<String, Line>);

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
struct Line {
    id: String,
    what: String,
    part_of: Option<i64>,
    name: String,
    rest: Option<String>,
}

impl Schema {
    /// Reads it as the session's transaction sees it.
    pub(super) async fn read(session: &mut PgConnection) -> Result<Self> {
        let lines: Vec<Line> = sqlx::query_as(include_str!("schema.sql")).fetch_all(session).await?;
        Ok(Self(lines.into_iter().map(|line| (line.id.clone(), line)).collect()))
    }

    /// What became of it: "column t.a added: integer not null". What comes or goes with its table is not listed.
    pub(super) fn changes(&self, now: &Self) -> Vec<String> {
        // What is built anew in place of itself is the same thing to everybody.
        let same = |one: &Line, other: &Line| {
            one.what == "index" && (&one.name, &one.rest) == (&other.name, &other.rest)
        };
        let without = |line: &&Line, others: &Self| !others.0.values().any(|other| same(line, other));
        let gone: Vec<_> = self.without(now).filter(|line| without(line, now)).collect();
        let new: Vec<_> = now.without(self).filter(|line| without(line, self)).collect();
        let mut words: Vec<String> =
            gone.iter().map(|line| format!("{} {} dropped", line.what, line.name)).collect();
        words.extend(new.iter().map(|line| line.added(now)));
        let both = self.0.values().filter_map(|before| Some((before, now.0.get(&before.id)?)));
        words.extend(both.flat_map(|(before, after)| before.became(after, self, now)));
        words
    }

    /// What the other has not, without the parts of what it has not either.
    fn without<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = &'a Line> {
        let own: HashSet<&str> =
            self.0.keys().filter(|id| !other.0.contains_key(*id)).map(String::as_str).collect();
        let with_its_table =
            move |line: &&Line| !line.part_of.is_some_and(|of| own.contains(relation(of).as_str()));
        self.0.values().filter(|line| !other.0.contains_key(&line.id)).filter(with_its_table)
    }

    fn columns_of(&self, table: &Line) -> usize {
        let is_of =
            |line: &&Line| line.what == "column" && line.part_of.map(relation).as_ref() == Some(&table.id);
        self.0.values().filter(is_of).count()
    }

    /// The name of what a thing belongs to.
    fn owner(&self, line: &Line) -> Option<&str> {
        self.0.get(&relation(line.part_of?)).map(|owner| owner.name.as_str())
    }
}

fn relation(oid: i64) -> String {
    format!("relation {oid}")
}

impl Line {
    fn added(&self, schema: &Schema) -> String {
        match (self.what.as_str(), schema.columns_of(self), self.rest.as_deref()) {
            ("table" | "partitioned table", 1, _) => {
                format!("{} {} added, with 1 column", self.what, self.name)
            }
            ("table" | "partitioned table", columns, _) => {
                format!("{} {} added, with {columns} columns", self.what, self.name)
            }
            ("column" | "constraint" | "index" | "type", _, Some(rest)) => {
                format!("{} {} added: {rest}", self.what, self.name)
            }
            _ => format!("{} {} added", self.what, self.name),
        }
    }

    /// A part is called after its table: a table's new name is said once.
    fn became(&self, now: &Self, before: &Schema, after: &Schema) -> Vec<String> {
        let moved = before.owner(self) != after.owner(now) && self.last_name() == now.last_name();
        let mut words = Vec::new();
        if self.name != now.name && !moved {
            words.push(format!("{} {} renamed to {}", self.what, self.name, now.name));
        }
        if self.rest != now.rest {
            words.push(match (self.what.as_str(), &self.rest, &now.rest) {
                ("trigger" | "function" | "policy", _, _) => format!("{} {} changed", now.what, now.name),
                ("view" | "materialized view", _, _) => format!("{} {} changed", now.what, now.name),
                (_, was, is) => {
                    let text = |rest: &Option<String>| rest.clone().unwrap_or_else(|| "nothing".to_owned());
                    format!("{} {}: {} became {}", now.what, now.name, text(was), text(is))
                }
            });
        }
        words
    }

    fn last_name(&self) -> &str {
        self.name.rsplit_once('.').map_or(self.name.as_str(), |(_, last)| last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(lines: &[(&str, &str, Option<i64>, &str, &str)]) -> Schema {
        let line = |(what, id, part_of, name, rest): &(&str, &str, Option<i64>, &str, &str)| Line {
            id: (*id).to_owned(),
            what: (*what).to_owned(),
            part_of: *part_of,
            name: (*name).to_owned(),
            rest: Some((*rest).to_owned()),
        };
        Schema(lines.iter().map(line).map(|line| (line.id.clone(), line)).collect())
    }

    #[test]
    fn a_table_comes_and_goes_with_its_parts() {
        let table = schema(&[
            ("table", "relation 1", None, "t", ""),
            ("column", "column 1.1", Some(1), "t.a", "integer"),
            ("index", "relation 2", Some(1), "i", "btree (a)"),
        ]);
        assert_eq!(Schema::default().changes(&table), ["table t added, with 1 column"]);
        assert_eq!(table.changes(&Schema::default()), ["table t dropped"]);
    }

    #[test]
    fn a_new_name_is_told_from_a_new_thing() {
        let before = schema(&[
            ("table", "relation 1", None, "t", ""),
            ("column", "column 1.1", Some(1), "t.a", "integer"),
            ("column", "column 1.2", Some(1), "t.b", "text"),
        ]);
        let after = schema(&[
            ("table", "relation 1", None, "u", ""),
            ("column", "column 1.1", Some(1), "u.a", "bigint"),
            ("column", "column 1.2", Some(1), "u.c", "text"),
        ]);
        assert_eq!(
            before.changes(&after),
            ["column u.a: integer became bigint", "column t.b renamed to u.c", "table t renamed to u"]
        );
    }
}
