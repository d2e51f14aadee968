//! What a statement stops while it runs: its strongest lock, on which relations, and what that means in words.
//!
//! Read from what the statement is and does (`sql::statement`). What its text does not tell, it says it does not know;
//! a rehearsal measures.

mod found;
mod words;

use std::collections::HashSet;

use crate::sql::LockMode;
use crate::sql::statement::{Effects, ObjectKind, Touch, bare_name, describe};

pub use found::{Blocks, Impact};

/// Reads a statement. `new_tables` are those that the same plan has made before it, and grows by what it makes:
/// on a table that nobody else can see yet, nobody waits.
pub fn impact(statement: &str, new_tables: &mut HashSet<String>) -> Impact {
    impact_of(&describe(statement), new_tables)
}

/// The same for a statement that is described already.
pub fn impact_of(effects: &Effects, new_tables: &mut HashSet<String>) -> Impact {
    let (new, old): (Vec<_>, Vec<_>) =
        effects.touches.iter().partition(|touch| new_tables.contains(&bare_name(&touch.relation)));
    let made = Effects::names(&effects.creates, ObjectKind::Table).map(bare_name);
    new_tables.extend(made);
    let Some(mode) = strongest(&old).or(effects.every_table) else { return without_lock(effects, &new) };
    let relations: Vec<_> =
        old.iter().filter(|touch| touch.mode == mode).map(|touch| touch.relation.clone()).collect();
    Impact {
        lock: Some(mode.sql().to_owned()),
        consequence: words::consequence(effects, &old, mode),
        blocks: mode.into(),
        relations,
    }
}

/// The strongest lock that is worth a word: who only reads is in nobody's way.
fn strongest(touches: &[&Touch]) -> Option<LockMode> {
    touches.iter().map(|touch| touch.mode).max().filter(|mode| *mode > LockMode::RowShare)
}

fn without_lock(effects: &Effects, new: &[&Touch]) -> Impact {
    let makes_table = effects.creates.iter().any(|object| object.kind == ObjectKind::Table);
    match strongest(new).filter(|_| !makes_table) {
        // It is locked, though by nobody's leave: nobody knows it yet.
        Some(mode) => Impact {
            lock: Some(mode.sql().to_owned()),
            relations: new
                .iter()
                .filter(|touch| touch.mode == mode)
                .map(|touch| touch.relation.clone())
                .collect(),
            ..Impact::none("new table, nobody waits")
        },
        None if !effects.complete => Impact::unknown(),
        None => Impact::none(words::harmless(effects)),
    }
}

#[cfg(test)]
mod tests;
