//! What a statement did to a session's locks and to the relations, read inside its transaction.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::PgConnection;

use super::super::PlannedStatement;
use super::schema::Schema;
use crate::Result;
use crate::sql::LockMode;

/// A relation as the transaction sees it.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Seen {
    oid: i64,
    pub(super) shown: String,
    pub(super) kind: String,
    file: i64,
    scans: i64,
    hangs_on: Option<i64>,
}

/// Everything that is looked at, at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Moment {
    relations: BTreeMap<i64, Seen>,
    locks: BTreeMap<i64, BTreeSet<LockMode>>,
    schema: Schema,
}

/// A lock that a statement took, or that its transaction had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub(super) shown: String,
    /// The strongest: a weaker one beside it keeps nobody else waiting.
    pub(super) mode: LockMode,
    pub(super) held_before: bool,
    /// It comes with the lock of what the relation hangs on.
    pub(super) implied: bool,
    /// What it hangs on, step by step.
    pub(super) under: Vec<String>,
}

/// What a statement did.
#[derive(Debug, Clone, Default)]
pub(super) struct Measured {
    pub(super) locks: Vec<Taken>,
    /// Tables in new files.
    pub(super) rewrites: Vec<Place>,
    /// Tables read through.
    pub(super) scans: Vec<Place>,
    pub(super) changes: Vec<String>,
    /// The relations that were there before the rehearsal, by the names that they had before the statement.
    pub(super) there: BTreeSet<String>,
}

/// A table, and what it hangs on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) shown: String,
    pub(super) under: Vec<String>,
}

impl Moment {
    /// Looks. The locks come first: looking at the rest may take weak ones.
    pub(super) async fn read(session: &mut PgConnection, pid: i32) -> Result<Self> {
        let locks = locks(session, pid).await?;
        let relations: Vec<Seen> =
            sqlx::query_as(include_str!("relations.sql")).fetch_all(&mut *session).await?;
        let relations = relations.into_iter().map(|seen| (seen.oid, seen)).collect();
        Ok(Self { relations, locks, schema: Schema::read(session).await? })
    }

    /// The same with locks that were seen from beside.
    pub(super) fn with_locks(&self, locks: BTreeMap<i64, BTreeSet<LockMode>>) -> Self {
        Self { locks, ..self.clone() }
    }

    /// Those of a statement's relations that can be locked by name.
    pub(super) fn tables(&self, planned: &PlannedStatement) -> Vec<String> {
        let named = |seen: &&Seen| planned.locks.iter().any(|lock| lock.relation == seen.shown);
        let tables = self.relations.values().filter(|seen| matches!(seen.kind.as_str(), "r" | "p"));
        tables.filter(named).map(|seen| seen.shown.clone()).collect()
    }

    /// What happened up to another moment, to what was there at the first one.
    pub(super) fn until(&self, now: &Self, first: &Self) -> Measured {
        let there = |oid: &i64| first.relations.contains_key(oid);
        let seen = || self.relations.values().filter(|seen| there(&seen.oid));
        let after = |seen: &Seen| now.relations.get(&seen.oid);
        let rewritten =
            |seen: &&Seen| seen.is_table() && after(seen).is_some_and(|now| now.file != seen.file);
        let scanned = |seen: &&Seen| seen.is_table() && after(seen).is_some_and(|now| now.scans > seen.scans);
        Measured {
            locks: now
                .locks
                .keys()
                .filter(|oid| there(oid))
                .filter_map(|oid| self.taken(now, *oid))
                .collect(),
            rewrites: seen().filter(rewritten).map(|seen| self.place(seen)).collect(),
            scans: seen().filter(scanned).map(|seen| self.place(seen)).collect(),
            changes: self.schema.changes(&now.schema),
            there: seen().map(|seen| seen.shown.clone()).collect(),
        }
    }

    fn place(&self, seen: &Seen) -> Place {
        Place { shown: seen.shown.clone(), under: self.under(seen) }
    }

    fn taken(&self, now: &Self, oid: i64) -> Option<Taken> {
        let seen = self.relations.get(&oid)?;
        let held = now.locks.get(&oid)?;
        let mode = *held.iter().max()?;
        let owners = self.owners(seen);
        let strongest = |owner: &&Seen| now.locks.get(&owner.oid).and_then(|held| held.iter().max());
        Some(Taken {
            shown: seen.shown.clone(),
            mode,
            held_before: self.locks.get(&oid).is_some_and(|before| before.contains(&mode)),
            implied: owners.iter().any(|owner| strongest(owner).is_some_and(|held| *held >= mode)),
            under: self.under(seen),
        })
    }

    fn owners(&self, seen: &Seen) -> Vec<&Seen> {
        let mut owners: Vec<&Seen> = Vec::new();
        let mut next = seen.hangs_on;
        while let Some(owner) = next.and_then(|oid| self.relations.get(&oid)) {
            next = owner.hangs_on.filter(|_| owners.len() < 32);
            owners.push(owner);
        }
        owners
    }

    fn under(&self, seen: &Seen) -> Vec<String> {
        self.owners(seen).into_iter().map(|owner| owner.shown.clone()).collect()
    }
}

impl Seen {
    fn is_table(&self) -> bool {
        matches!(self.kind.as_str(), "r" | "m" | "p")
    }
}

pub(super) async fn locks(session: &mut PgConnection, pid: i32) -> Result<BTreeMap<i64, BTreeSet<LockMode>>> {
    let rows: Vec<(i64, String, bool)> =
        sqlx::query_as(include_str!("locks.sql")).bind(pid).fetch_all(session).await?;
    let mut locks: BTreeMap<i64, BTreeSet<LockMode>> = BTreeMap::new();
    for (oid, mode, _) in rows {
        locks.entry(oid).or_default().extend(LockMode::parse(&mode));
    }
    Ok(locks)
}
