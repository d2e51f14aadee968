//! What a statement that no transaction takes back left behind when it broke off, by the catalog.
//!
//! The server names what it builds in passing, so leftovers are told by those names and by what they are of; nothing
//! that is valid is ever cleared away.

use sqlx::PgConnection;

use super::super::super::file::Script;
use super::like;
use super::undo::is_there;
use crate::catalog::fingerprint::Index;
use crate::ident::QualifiedName;
use crate::sql::SafeSql;
use crate::sql::statement::{
    Concurrent, IndexShape, NEWEST_MAJOR, Object, ObjectKind, bare_name, concurrent, describe_and_look,
};
use crate::{Error, ErrorKind, Result};

/// What became of a statement.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// It came to its end, whether somebody wrote that down or not.
    pub(super) done: bool,
    /// What is to be cleared away before anything else runs.
    pub(super) clears: Vec<Clear>,
    /// What is sent in its place.
    pub(super) instead: Option<SafeSql>,
    /// What was found, in a sentence.
    pub(super) words: Option<String>,
}

/// Something that is to be cleared away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Clear {
    /// An index that no query uses.
    Index(QualifiedName),
    /// A partition that is half detached.
    Detach { parent: QualifiedName, partition: QualifiedName },
}

impl Clear {
    /// The statement that does it, in a transaction with others or alone.
    pub(in super::super) fn sql(&self, in_transaction: bool) -> SafeSql {
        match self {
            Self::Index(name) if in_transaction => SafeSql::new("drop index ").name(name),
            Self::Index(name) => SafeSql::new("drop index concurrently ").name(name),
            Self::Detach { parent, partition } => finalize(parent, partition),
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Index(name) | Self::Detach { partition: name, .. } => name.name.as_str().to_owned(),
        }
    }
}

fn finalize(parent: &QualifiedName, partition: &QualifiedName) -> SafeSql {
    SafeSql::new("alter table ").name(parent).push(" detach partition ").name(partition).push(" finalize")
}

/// Looks what a statement left; `None` where it is no such statement, or left nothing that could be looked for.
pub(super) async fn look(session: &mut PgConnection, sql: &str) -> Result<Option<Left>> {
    let Some(work) = describe_and_look(sql, NEWEST_MAJOR, concurrent).1.flatten() else { return Ok(None) };
    match work {
        Concurrent::Build(shape) if shape.name.is_none() => built(session, &shape).await.map(Some),
        Concurrent::ReindexIndex(index) => reindexed(session, &index, true).await.map(Some),
        Concurrent::ReindexTable(table) => reindexed(session, &table, false).await.map(Some),
        Concurrent::Detach { parent, partition } => detached(session, &parent, &partition).await.map(Some),
        Concurrent::DropIndex(names) => dropped(session, &names).await,
        // By its name everybody finds it: see `leftover`.
        Concurrent::Build(_) => Ok(None),
    }
}

/// What of it the way back has to clear away by itself: what its file drops by name is the file's.
pub(super) async fn to_clear(session: &mut PgConnection, sql: &str, back: &Script) -> Result<Vec<Clear>> {
    let left = look(session, sql).await?.unwrap_or_default();
    let drops = |name: &str| {
        back.statements.iter().any(|statement| {
            let effects = crate::sql::statement::describe(&statement.text);
            effects.drops.iter().any(|object| bare_name(&object.name) == name)
        })
    };
    Ok(left.clears.into_iter().filter(|clear| !drops(&clear.shown())).collect())
}

#[derive(sqlx::FromRow)]
struct Rebuilt {
    schema: String,
    name: String,
    replaced: bool,
    builder: Option<i32>,
}

/// An index that was swapped already is new; the old one only has to go. A table has several, of which nobody knows.
async fn reindexed(session: &mut PgConnection, name: &str, is_index: bool) -> Result<Left> {
    let query = sqlx::query_as(include_str!("reindexed.sql")).bind(name);
    let found: Vec<Rebuilt> = query.fetch_all(&mut *session).await?;
    found.iter().try_for_each(|one| nobody_builds(one.builder, name))?;
    let done = is_index && found.len() == 1 && found[0].replaced && is_whole(session, name).await?;
    let clears: Vec<_> =
        found.iter().map(|one| Clear::Index(QualifiedName::new(&*one.schema, &*one.name))).collect();
    let words = match (clears.as_slice(), done) {
        ([], _) => "nothing tells whether it came to its end, and it runs again".to_owned(),
        (found, true) => {
            format!("the index was built anew, and the old one is left: {} is dropped", names(found))
        }
        (found, false) => {
            format!("it left {}, invalid: that is dropped first, and it runs again", names(found))
        }
    };
    Ok(Left { done, clears, words: Some(words), instead: None })
}

/// Not an index that is spread over partitions, of which each has to be looked at.
async fn is_whole(session: &mut PgConnection, index: &str) -> Result<bool> {
    let sql = "select i.indisvalid and c.relkind = 'i' from pg_index as i join pg_class as c on c.oid = i.indexrelid where c.oid = to_regclass($1)";
    Ok(sqlx::query_scalar(sql).bind(index).fetch_optional(session).await?.unwrap_or(false))
}

#[derive(sqlx::FromRow)]
struct Attached {
    pending: bool,
    parent_schema: String,
    parent: String,
    schema: String,
    name: String,
}

/// Still attached, half detached, or gone.
async fn detached(session: &mut PgConnection, parent: &str, partition: &str) -> Result<Left> {
    let query = sqlx::query_as(include_str!("detached.sql")).bind(parent).bind(partition);
    let found: Option<Attached> = query.fetch_optional(session).await?;
    let Some(found) = found else { return Ok(Left { done: true, ..Left::default() }) };
    if !found.pending {
        let words = format!("{partition} is a partition still, and it runs again");
        return Ok(Left { words: Some(words), ..Left::default() });
    }
    let parent = QualifiedName::new(found.parent_schema, found.parent);
    let name = QualifiedName::new(found.schema, found.name);
    Ok(Left {
        instead: Some(finalize(&parent, &name)),
        clears: vec![Clear::Detach { parent, partition: name }],
        words: Some(format!("{partition} is half detached: finalize ends that")),
        done: false,
    })
}

/// One that was marked invalid serves no query any more, and is dropped like any other.
async fn dropped(session: &mut PgConnection, names: &[String]) -> Result<Option<Left>> {
    let mut invalid = Vec::new();
    for name in names {
        let object = Object { kind: ObjectKind::Index, name: name.clone(), of_table: None };
        let (there, whole) =
            (is_there(session, &object, false).await?, is_there(session, &object, true).await?);
        invalid.extend((there == Some(true) && whole == Some(false)).then_some(name.as_str()));
    }
    let words = match invalid.as_slice() {
        [] => return Ok(None),
        [one] => format!("{one} is invalid by now, no query uses it: dropping it again ends what was begun"),
        more => {
            format!("{} are invalid by now: dropping them again ends what was begun", more.join(", "))
        }
    };
    Ok(Some(Left { words: Some(words), ..Left::default() }))
}

#[derive(sqlx::FromRow)]
struct Place {
    oid: i64,
    schema: String,
    builder: Option<i32>,
}

/// Nobody chose a name, so it is found by what it is; the server's own names end with `_idx`.
async fn built(session: &mut PgConnection, shape: &IndexShape) -> Result<Left> {
    let query = sqlx::query_as(include_str!("built.sql")).bind(&shape.table);
    let Some(place) = query.fetch_optional(&mut *session).await? else { return Ok(Left::default()) };
    let place: Place = place;
    nobody_builds(place.builder, &shape.table)?;
    let indexes = Index::of_relation(session, place.oid).await?;
    let candidates = || indexes.iter().filter(|index| index.of_constraint.is_none() && !index.on_partitioned);
    if let Some(whole) = candidates().find(|index| index.valid && like::same(shape, index)) {
        let words = format!("{} is valid, and the same index: that is it", whole.name);
        return Ok(Left { done: true, words: Some(words), ..Left::default() });
    }
    let broken = candidates().filter(|index| !index.valid && named_by_server(&index.name));
    let clears: Vec<_> = broken
        .filter(|index| like::similar(shape, index))
        .map(|index| Clear::Index(QualifiedName::new(&*place.schema, &*index.name)))
        .collect();
    let words = match clears.as_slice() {
        [] => "it left no index behind, and it runs again".to_owned(),
        found => format!("it left {}, invalid: that is dropped first, and it runs again", names(found)),
    };
    Ok(Left { clears, words: Some(words), ..Left::default() })
}

fn named_by_server(name: &str) -> bool {
    name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("_idx")
}

fn names(clears: &[Clear]) -> String {
    clears.iter().map(Clear::shown).collect::<Vec<_>>().join(", ")
}

fn nobody_builds(builder: Option<i32>, what: &str) -> Result<()> {
    let Some(pid) = builder else { return Ok(()) };
    let what = format!("pid {pid} is building an index right now, of {what}");
    Err(Error::new(ErrorKind::Precondition, what).hint("Wait for it to end, then plan again."))
}
