//! A table that somebody partitioned since the files were written: the same rows under the same name.

use super::difference::{Difference, DriftObject, DriftObjectKind, DriftSeverity};
use super::pair::Pair;
use crate::catalog::fingerprint::{Constraint, Index, Table};

/// The files make a plain table, the database has partitioned it.
pub(super) fn twin(pair: &Pair<'_>) -> Difference {
    let key = pair.actual.partition_key.as_deref().unwrap_or_default();
    let actual = format!("partitioned by {key}, {} partitions", pair.partitions().len());
    Difference::differs(
        DriftObject::new(DriftObjectKind::Table, &pair.expected.name),
        "a plain table",
        actual,
    )
    .equivalent("a partitioned table of the same name and columns serves the same statements")
}

/// A key that had to take the partition key in.
pub(super) fn wider_key(pair: &Pair<'_>, object: DriftObject, expected: &str, actual: &str) -> Difference {
    let key = pair.partition_columns().join(", ");
    Difference::differs(object, expected, actual).noting(format!(
        "a unique key of a partitioned table must hold the partition key ({key}): what was unique alone is so only \
         together with it now. Rails needs self.primary_key = :id where it is the primary key"
    ))
}

/// A foreign key that a partitioned table cannot be the target of.
pub(super) fn unreachable(object: DriftObject, constraint: &Constraint, target: &Table) -> Difference {
    let key = target.partition_columns().join(", ");
    Difference::missing(object, constraint.definition.clone()).noting(format!(
        "{} is partitioned: nothing in it is unique without the partition key ({key}), so nothing can point at ({}) \
         alone. Whether every row has its parent can be asked, but the server does not see to it",
        target.name,
        constraint.target_columns.join(", ")
    ))
}

/// A partition that the files make and that is gone: by retention, most likely.
pub(super) fn missing(table: &Table) -> Difference {
    let bound = table.partition_of.as_ref().and_then(|of| of.bound.clone()).unwrap_or_default();
    let parent = table.partition_of.as_ref().map(|of| of.parent.quoted()).unwrap_or_default();
    let default = bound == "DEFAULT";
    let create =
        format!("create table {} partition of {parent} {}", table.name.quoted(), bound.to_lowercase());
    let create = if default { create } else { create.replace(&bound.to_lowercase(), &bound) };
    let severity = if default { DriftSeverity::Attention } else { DriftSeverity::Note };
    Difference::missing(DriftObject::new(DriftObjectKind::Table, &table.name), format!("a partition {bound}"))
        .weighing(severity)
        .mend_database([create])
}

/// The partitions that have no index like this one, and those that have one which the parent knows nothing of.
pub(super) struct Coverage<'a> {
    pub(super) with: Vec<(&'a Table, &'a Index)>,
    pub(super) without: Vec<&'a Table>,
}

/// How far an index is there already, partition by partition.
pub(super) fn coverage<'a>(pair: &Pair<'a>, wanted: &Index) -> Coverage<'a> {
    let mut found = Coverage { with: Vec::new(), without: Vec::new() };
    for partition in pair.partitions() {
        match partition.indexes.iter().find(|index| index.definition() == wanted.definition() && index.valid)
        {
            Some(index) => found.with.push((partition, index)),
            None => found.without.push(partition),
        }
    }
    found
}
