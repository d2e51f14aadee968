//! What the names of a plan stand for in this database, and what they weigh: one query for all of them.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::Result;

/// The names to be looked up, as SQL spells them: quoted where they have to be.
#[derive(Debug, Default)]
pub(super) struct Wanted(BTreeMap<Key, bool>);

/// A name, and for an index that is to be built its table, whose schema will be the index's.
type Key = (String, Option<String>);

impl Wanted {
    /// A relation.
    pub(super) fn relation(&mut self, name: &str) {
        self.0.entry((name.to_owned(), None)).or_default();
    }

    /// A relation with its columns and its kin.
    pub(super) fn deep(&mut self, name: &str) {
        self.0.insert((name.to_owned(), None), true);
    }

    /// An index that is to be built on a table.
    pub(super) fn index(&mut self, name: &str, on_table: &str) {
        self.0.entry((name.to_owned(), Some(on_table.to_owned()))).or_default();
    }
}

/// A relation as the server knows it.
#[derive(Debug, Clone, sqlx::FromRow)]
pub(super) struct Relation {
    pub(super) name: String,
    pub(super) oid: i64,
    /// By the search path: with its schema only where it needs one.
    pub(super) shown: String,
    /// As `pg_class.relkind` has it.
    pub(super) kind: String,
    /// Itself and everything below it.
    pub(super) members: Vec<i64>,
    pub(super) rows: i64,
    pub(super) heap_bytes: i64,
    pub(super) toast_bytes: i64,
    pub(super) index_bytes: i64,
    pub(super) index_count: i64,
    /// An index whose build broke off.
    pub(super) broken: bool,
    pub(super) schema: String,
    pub(super) bare: String,
    /// Who builds the index right now.
    pub(super) builder: Option<i32>,
    columns: Option<Json<BTreeMap<String, Column>>>,
    kin: Option<Json<Vec<Relative>>>,
}

impl Relation {
    /// With large values and indexes.
    pub(super) fn total_bytes(&self) -> i64 {
        self.heap_bytes + self.toast_bytes + self.index_bytes
    }

    /// Whether it holds rows that can be scanned.
    pub(super) fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "r" | "p" | "m")
    }

    /// How many partitions and inheriting tables are below.
    pub(super) fn below(&self) -> u32 {
        u32::try_from(self.members.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// A column, where they were asked for.
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.as_ref()?.get(name)
    }

    /// What it is locked with, or what falls with it.
    pub(super) fn kin<'a>(&'a self, kin: &'a str) -> impl Iterator<Item = &'a Relative> {
        self.kin.iter().flat_map(|all| all.iter()).filter(move |one| one.kin == kin)
    }
}

/// A column, as far as a plan needs it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Column {
    /// The average bytes of its values.
    pub(super) width: f64,
    /// Which part of the rows has none.
    pub(super) nulls: f64,
    /// As `format_type` spells it.
    #[serde(rename = "type")]
    pub(super) ty: String,
    /// No row can be null, by its own mark or by a check that holds.
    pub(super) full: bool,
}

/// A relation that hangs together with another.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Relative {
    kin: String,
    pub(super) shown: String,
    pub(super) relkind: String,
    /// Of the constraint in between.
    pub(super) name: Option<String>,
    /// What an index is on.
    pub(super) columns: Option<Vec<String>>,
    /// By the planner's last count of its pages.
    pub(super) bytes: i64,
}

/// Everything that the plan's names stand for.
#[derive(Debug, Default)]
pub(super) struct Relations(HashMap<Key, Relation>);

#[derive(sqlx::FromRow)]
struct Row {
    on_table: Option<String>,
    #[sqlx(flatten)]
    relation: Relation,
}

impl Relations {
    /// Looks all of them up at once.
    pub(super) async fn read(session: &mut PgConnection, wanted: Wanted) -> Result<Self> {
        let names = |(name, on): &Key| is_name(name) && on.as_deref().is_none_or(is_name);
        let wanted: Vec<_> = wanted.0.into_iter().filter(|(key, _)| names(key)).collect();
        let wanted = there(session, wanted).await?;
        if wanted.is_empty() {
            return Ok(Self::default());
        }
        let name: Vec<_> = wanted.iter().map(|((name, _), _)| name.as_str()).collect();
        let deep: Vec<_> = wanted.iter().map(|(_, deep)| *deep).collect();
        let on: Vec<_> = wanted.iter().map(|((_, on), _)| on.as_deref()).collect();
        let query = sqlx::query_as(include_str!("relations.sql")).bind(name).bind(deep).bind(on);
        let rows: Vec<Row> = query.fetch_all(session).await?;
        let entry = |row: Row| ((row.relation.name.clone(), row.on_table), row.relation);
        Ok(Self(rows.into_iter().map(entry).collect()))
    }

    /// The relation that a name stands for, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&Relation> {
        self.0.get(&(name.to_owned(), None))
    }

    /// The index of this name in the schema of that table.
    pub(super) fn index(&self, name: &str, on_table: &str) -> Option<&Relation> {
        self.0.get(&(name.to_owned(), Some(on_table.to_owned())))
    }

    /// Every relation of the plan, with what hangs below it.
    pub(super) fn members(&self) -> Vec<i64> {
        let mut all: Vec<_> = self.0.values().flat_map(|found| found.members.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The relation of the plan that this is, or hangs below.
    pub(super) fn root_of(&self, oid: i64) -> Option<&Relation> {
        let own = self.0.values().find(|found| found.oid == oid);
        own.or_else(|| self.0.values().find(|found| found.members.contains(&oid)))
    }
}

/// Those that stand for something.
async fn there(session: &mut PgConnection, wanted: Vec<(Key, bool)>) -> Result<Vec<(Key, bool)>> {
    if wanted.is_empty() {
        return Ok(wanted);
    }
    let name: Vec<_> = wanted.iter().map(|((name, _), _)| name.as_str()).collect();
    let on: Vec<_> = wanted.iter().map(|((_, on), _)| on.as_deref()).collect();
    let places: Vec<i32> =
        sqlx::query_scalar(include_str!("there.sql")).bind(name).bind(on).fetch_all(session).await?;
    let is_there =
        |at: usize| places.iter().any(|place| usize::try_from(*place).is_ok_and(|place| place == at + 1));
    Ok(wanted.into_iter().enumerate().filter(|(at, _)| is_there(*at)).map(|(_, one)| one).collect())
}

/// Whether the server will take a text for the name of a relation of this database. Asking for anything else is an
/// error there up to version 15, and a name in three parts is one still.
fn is_name(text: &str) -> bool {
    let mut parts = 0;
    let mut rest = text;
    loop {
        let Some(length) = part_length(rest) else { return false };
        parts += 1;
        rest = &rest[length..];
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => return rest.is_empty() && parts <= 2,
        }
    }
}

/// How long the identifier is that a text begins with.
fn part_length(text: &str) -> Option<usize> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut from = 0;
        loop {
            let at = from + quoted[from..].find('"')?;
            if !quoted[at + 1..].starts_with('"') {
                return (at > 0).then_some(at + 2);
            }
            from = at + 2;
        }
    }
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_' || !c.is_ascii());
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == '$' || !c.is_ascii();
    starts.then(|| text.find(|c| !plain(c)).unwrap_or(text.len()))
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn only_what_the_server_can_read_as_a_name_is_asked_for() {
        for name in ["t", "public.t", "\"Odd \"\" name\"", "\"a.b\".c", "über", "_t$1"] {
            assert!(is_name(name), "{name}");
        }
        for other in ["", "(", "a.b.c", "a.", ".a", "1a", "\"open", "\"\"", "a b", "a;"] {
            assert!(!is_name(other), "{other}");
        }
    }
}
