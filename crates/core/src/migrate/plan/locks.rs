//! Which locks a statement takes here: those that its text names, and those that the catalog adds to them.

use super::super::Blocks;
use super::PlannedLock;
use super::made::Made;
use super::reading::Reading;
use super::relations::{Relation, Relations, Relative};
use crate::sql::LockMode;
use crate::sql::statement::{Kin, ObjectKind, Spread, StatementKind, Touch, bare_name};

/// A lock on something that is there, or that the plan makes.
#[derive(Debug, Clone)]
pub(super) struct Lock {
    pub(super) shown: String,
    pub(super) mode: LockMode,
    /// Nobody else can see it yet.
    pub(super) new: bool,
    is_index: bool,
    /// Partitions and inheriting tables below, locked with it.
    pub(super) below: u32,
}

/// The strongest lock on each relation, the strongest of all first, tables before their indexes.
pub(super) fn locks(reading: &Reading, relations: &Relations, made: &Made) -> Vec<Lock> {
    let mut locks: Vec<Lock> = Vec::new();
    for touch in reading.effects.touches.iter().filter(|touch| touch.kind != ObjectKind::Domain) {
        add(&mut locks, own(touch, relations, made));
        table_of_new_index(touch, relations, made).into_iter().for_each(|lock| add(&mut locks, lock));
        let Some(relation) = made.find(&touch.relation, relations) else { continue };
        for spread in &touch.spreads {
            let spreads = words(spread.to).iter().flat_map(|word| relation.kin(word));
            let reached = spreads.filter(|relative| reaches(*spread, relative, reading));
            reached.for_each(|relative| add(&mut locks, of_relative(relative, spread.mode)));
        }
    }
    locks.extend(reading.effects.every_table.map(every_table));
    locks.sort_by_key(|lock| (std::cmp::Reverse(lock.mode), lock.is_index));
    locks
}

/// An index may be new on a table that is not.
fn table_of_new_index(touch: &Touch, relations: &Relations, made: &Made) -> Option<Lock> {
    let table = made.table_of(&touch.relation).filter(|_| made.is_new(&touch.relation, relations))?;
    let mode = touch.spreads.iter().find(|spread| spread.to == Kin::TableOfIndex)?.mode;
    Some(own(&Touch::new(ObjectKind::Table, table.to_owned(), mode), relations, made))
}

fn own(touch: &Touch, relations: &Relations, made: &Made) -> Lock {
    let found = made.find(&touch.relation, relations);
    let recurses = touch.spreads.iter().any(|spread| spread.to == Kin::Children);
    Lock {
        shown: found
            .filter(|_| made.before(&touch.relation) == touch.relation)
            .map_or_else(|| touch.relation.clone(), |found| found.shown.clone()),
        mode: touch.mode,
        new: made.is_new(&touch.relation, relations),
        is_index: touch.kind == ObjectKind::Index,
        below: if recurses { found.map_or(0, Relation::below) } else { 0 },
    }
}

/// One after the other: which ones, the catalog will know then.
fn every_table(mode: LockMode) -> Lock {
    Lock { shown: "every table".to_owned(), mode, new: false, is_index: false, below: 0 }
}

fn of_relative(relative: &Relative, mode: LockMode) -> Lock {
    let is_index = matches!(relative.relkind.as_str(), "i" | "I");
    Lock { shown: relative.shown.clone(), mode, new: false, is_index, below: 0 }
}

fn add(locks: &mut Vec<Lock>, lock: Lock) {
    match locks.iter_mut().find(|known| known.shown == lock.shown) {
        Some(known) => {
            known.mode = known.mode.max(lock.mode);
            known.below = known.below.max(lock.below);
        }
        None => locks.push(lock),
    }
}

/// A constraint that goes concerns the table that it points to, not those of the others.
fn reaches(spread: Spread, relative: &Relative, reading: &Reading) -> bool {
    let dropped = || reading.effects.drops.iter().filter(|object| object.kind == ObjectKind::Constraint);
    match (spread.to, &relative.name) {
        // Counted with the table itself.
        (Kin::Children, _) => false,
        (Kin::Referenced, Some(name)) if dropped().next().is_some() => {
            dropped().any(|object| bare_name(&object.name) == *name)
        }
        _ => true,
    }
}

/// As `relations.sql` calls them. What depends on a table are its views, and the keys of others that point to it.
fn words(kin: Kin) -> &'static [&'static str] {
    match kin {
        Kin::TableOfIndex => &["table_of_index"],
        Kin::Indexes => &["indexes"],
        Kin::Children => &["children"],
        Kin::Parent => &["parent"],
        Kin::DefaultPartition => &["default_partition"],
        Kin::Referenced => &["referenced"],
        Kin::Referencing => &["referencing"],
        Kin::Dependants => &["dependants", "referencing"],
    }
}

impl Lock {
    /// Whom it keeps waiting.
    pub(super) fn blocks(&self) -> Blocks {
        if self.new { Blocks::Nobody } else { self.mode.into() }
    }

    /// As it travels.
    pub(super) fn planned(&self) -> PlannedLock {
        let words = match (self.new, self.is_index, self.mode) {
            (true, _, _) => "new, nobody waits".to_owned(),
            // Whoever plans a query opens every index of its tables.
            (_, true, LockMode::AccessExclusive) => "reads and writes of its table wait".to_owned(),
            (_, _, mode) => mode.words().to_owned(),
        };
        PlannedLock {
            relation: self.shown.clone(),
            mode: self.mode,
            blocks: self.blocks(),
            words,
            below: self.below,
        }
    }
}

/// The worst that a statement does to anybody.
pub(super) fn blocks(reading: &Reading, locks: &[Lock]) -> Blocks {
    let worst = locks.iter().map(Lock::blocks).max_by_key(|blocks| match blocks {
        Blocks::ReadsAndWrites => 2,
        Blocks::Writes => 1,
        Blocks::Nobody | Blocks::Unknown => 0,
    });
    match worst {
        _ if reading.is_unknown() => Blocks::Unknown,
        Some(worst) => worst,
        None => Blocks::Nobody,
    }
}

/// That in words.
pub(super) fn consequence(reading: &Reading, locks: &[Lock]) -> String {
    let waiting =
        |wanted: Blocks| locks.iter().filter(|lock| !lock.is_index && lock.blocks() == wanted).count();
    let effects = &reading.effects;
    let words = match blocks(reading, locks) {
        Blocks::Unknown => "not known beforehand".to_owned(),
        Blocks::ReadsAndWrites if effects.drops.iter().any(|object| object.kind == ObjectKind::Table) => {
            "reads and writes wait; the rows are gone for good".to_owned()
        }
        Blocks::ReadsAndWrites => match waiting(Blocks::ReadsAndWrites) {
            0 | 1 => "reads and writes wait".to_owned(),
            several => format!("reads and writes of {several} tables wait"),
        },
        Blocks::Writes => match waiting(Blocks::Writes) {
            0 | 1 => "every write waits".to_owned(),
            several => format!("writes to {several} tables wait"),
        },
        Blocks::Nobody if !locks.is_empty() && locks.iter().all(|lock| lock.new) => {
            "new table, nobody waits".to_owned()
        }
        Blocks::Nobody if locks.is_empty() && !effects.creates.is_empty() => made_in_words(reading),
        Blocks::Nobody if effects.kind == StatementKind::Write => {
            "reads and writes go on; writes to the same rows wait".to_owned()
        }
        Blocks::Nobody => "reads and writes go on".to_owned(),
    };
    if effects.complete || reading.is_unknown() {
        words
    } else {
        format!("{words}; perhaps more than its text says")
    }
}

fn made_in_words(reading: &Reading) -> String {
    let table = reading.effects.creates.iter().any(|object| object.kind == ObjectKind::Table);
    if table { "new table, nobody waits" } else { "a new object, nobody waits" }.to_owned()
}
