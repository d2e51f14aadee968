//! RAAF's schema as Rails makes it: another name for one column, and an index on every foreign key's column.

use super::difference::{Difference, DriftObject, DriftObjectKind};
use super::pair::Pair;
use crate::catalog::fingerprint::{Index, ObjectName, SchemaSnapshot, Table};

const TABLE: &str = "evaluation_configurations";
const OLD: &str = "changes";
const NEW: &str = "configuration_changes";

/// What the files make, with the column named as the database has it: RAAF renamed it, and readers take either.
pub(super) fn renamed(
    expected: &SchemaSnapshot,
    actual: &SchemaSnapshot,
) -> (SchemaSnapshot, Vec<Difference>) {
    let mut expected = expected.clone();
    let name = ObjectName::home(TABLE);
    let (Some(table), Some(there)) =
        (expected.tables.iter_mut().find(|table| table.name == name), actual.table(&name))
    else {
        return (expected, Vec::new());
    };
    let Some((from, to)) = rename_of(table, there) else { return (expected, Vec::new()) };
    rename(table, from, to);
    let object = DriftObject::of(TABLE, DriftObjectKind::Column, to);
    let found = Difference::differs(object, from, to).equivalent(
        "newer RAAF calls \"changes\" \"configuration_changes\", since ActiveRecord refuses the old name; either is read",
    );
    (expected, vec![found])
}

fn rename_of(expected: &Table, actual: &Table) -> Option<(&'static str, &'static str)> {
    let only = |table: &Table, name, other| table.column(name).is_some() && table.column(other).is_none();
    [(OLD, NEW), (NEW, OLD)].into_iter().find(|(from, to)| only(expected, from, to) && only(actual, to, from))
}

fn rename(table: &mut Table, from: &str, to: &str) {
    for column in table.columns.iter_mut().filter(|column| column.name == from) {
        to.clone_into(&mut column.name);
    }
    for key in table.indexes.iter_mut().flat_map(|index| &mut index.keys).filter(|key| *key == from) {
        to.clone_into(key);
    }
}

/// Why an index that the files do not make is Rails' own doing, if it is: `t.references` makes one on its column.
pub(super) fn index_of_references(pair: &Pair<'_>, index: &Index) -> Option<String> {
    let plain =
        index.method == "btree" && !index.unique && index.predicate.is_none() && index.included.is_empty();
    let [column] = index.keys.as_slice() else { return None };
    let key = pair.actual.constraints.iter().find(|it| it.kind == "f" && it.columns == [column.clone()])?;
    let by_rails = pair.database.has_rails() || key.name.starts_with("fk_rails_");
    (plain && index.valid && by_rails)
        .then(|| format!("Rails makes an index on the column of every reference; this one is on {column}"))
}
