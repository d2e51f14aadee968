//! What a statement has to do here: the tables that it writes anew, those that it reads through.

use super::made::Made;
use super::reading::Reading;
use super::relations::{Relation, Relations, Relative};
use crate::sql::LockMode;
use crate::sql::statement::{Kin, ObjectKind, Retype, Touch, bare_name, type_change_rewrites};

/// The tables of a statement. What the plan makes itself is empty and does not count.
#[derive(Debug, Default)]
pub(super) struct Work<'a> {
    /// All that it names.
    pub(super) tables: Vec<&'a Relation>,
    pub(super) rewrites: Vec<&'a Relation>,
    pub(super) scans: Vec<&'a Relation>,
    /// Read through too, though no name of it stands in the statement.
    pub(super) beside: Vec<&'a Relative>,
}

impl<'a> Work<'a> {
    /// Finds them.
    pub(super) fn of(reading: &Reading, relations: &'a Relations, made: &Made) -> Self {
        let mut work = Self::default();
        for touch in &reading.effects.touches {
            let Some(table) = made.find(&touch.relation, relations) else { continue };
            work.beside.extend(beside(reading, touch).into_iter().flat_map(|kin| table.kin(kin)));
            // The parent alone has no rows.
            if !table.is_table() || (touch.only && table.kind == "p") {
                continue;
            }
            let rewrites = touch.rewrites && !stays(touch, table);
            // A rewrite reads everything, too: what only rewrites is not said twice.
            let scans = touch.scans && !touch.rewrites && !is_full(reading, table);
            work.tables.push(table);
            work.rewrites.extend(rewrites.then_some(table));
            work.scans.extend(scans.then_some(table));
        }
        work
    }

    /// The names of what is read through.
    pub(super) fn read_through(&self) -> Vec<String> {
        let named = self.scans.iter().map(|table| table.shown.clone());
        named.chain(self.beside.iter().map(|table| table.shown.clone())).collect()
    }

    /// A sum over all tables; `None` without any.
    pub(super) fn sum(&self, of: fn(&Relation) -> i64) -> Option<i64> {
        (!self.tables.is_empty()).then(|| self.tables.iter().map(|table| of(table)).sum())
    }
}

/// Whether all that it does is to change types that keep their bytes.
fn stays(touch: &Touch, table: &Relation) -> bool {
    let stays = |change: &Retype| {
        let column = table.column(&bare_name(&change.column));
        column.is_some_and(|column| !type_change_rewrites(&column.ty, &change.to, change.using))
    };
    !touch.retypes.is_empty() && touch.retypes.iter().all(stays)
}

/// Whether a column that may not be null any more cannot be now: then nobody has to look.
fn is_full(reading: &Reading, table: &Relation) -> bool {
    let column = reading.fills.as_deref().and_then(|name| table.column(name));
    column.is_some_and(|column| column.full)
}

/// What is read through without being named: the table of an index that is built again, and the default partition, in
/// which a row of a new partition might lie.
fn beside(reading: &Reading, touch: &Touch) -> Option<&'static str> {
    let spreads = |kin: Kin| touch.spreads.iter().any(|spread| spread.to == kin);
    let attaches = touch.mode == LockMode::ShareUpdateExclusive;
    let creates = reading.effects.creates.iter().any(|object| object.kind == ObjectKind::Table);
    match touch.kind {
        ObjectKind::Index if touch.rewrites && spreads(Kin::TableOfIndex) => Some("table_of_index"),
        ObjectKind::Table if spreads(Kin::DefaultPartition) && (attaches || creates) => {
            Some("default_partition")
        }
        _ => None,
    }
}
